/** The users and groups that base images bring, as their passwd and group files list them. */

export interface Accounts {
	readonly users: ReadonlyMap<string, { readonly uid: number; readonly gid: number }>;
	readonly groups: ReadonlyMap<string, number>;
}

/** base-passwd of Debian 10 to 13; Ubuntu's differs in nothing that a Dockerfile names. */
export const DEBIAN_ACCOUNTS: Accounts = accounts(
	`root:0:0 daemon:1:1 bin:2:2 sys:3:3 sync:4:65534 games:5:60 man:6:12 lp:7:7 mail:8:8 news:9:9 uucp:10:10 proxy:13:13 www-data:33:33
	backup:34:34 list:38:38 irc:39:39 gnats:41:41 _apt:42:65534 nobody:65534:65534`,
	`root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24
	floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 gnats:41 shadow:42 utmp:43 video:44
	sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534`,
);

/** alpine-baselayout-data of Alpine 3.12 to 3.22, the entries that later versions dropped included. */
export const ALPINE_ACCOUNTS: Accounts = accounts(
	`root:0:0 bin:1:1 daemon:2:2 adm:3:4 lp:4:7 sync:5:0 shutdown:6:0 halt:7:0 mail:8:12 news:9:13 uucp:10:14 operator:11:0 man:13:15
	postmaster:14:12 cron:16:16 ftp:21:21 sshd:22:22 at:25:25 squid:31:31 xfs:33:33 games:35:35 cyrus:85:12 vpopmail:89:89 ntp:123:123
	smmsp:209:209 guest:405:100 nobody:65534:65534`,
	`root:0 bin:1 daemon:2 sys:3 adm:4 tty:5 disk:6 lp:7 mem:8 kmem:9 wheel:10 floppy:11 mail:12 news:13 uucp:14 man:15 cron:16 console:17
	audio:18 cdrom:19 dialout:20 ftp:21 sshd:22 input:23 at:25 tape:26 video:27 netdev:28 readproc:30 squid:31 xfs:33 kvm:34 games:35
	shadow:42 www-data:82 cdrw:80 usb:85 vpopmail:89 users:100 ntp:123 nofiles:200 smmsp:209 locate:245 abuild:300 utmp:406 ping:999
	nogroup:65533 nobody:65534`,
);

/** Buildroot's skeleton, which the busybox image takes. */
export const BUSYBOX_ACCOUNTS: Accounts = accounts(
	`root:0:0 daemon:1:1 bin:2:2 sys:3:3 sync:4:100 mail:8:8 www-data:33:33 operator:37:37 nobody:65534:65534`,
	`root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 kmem:9 wheel:10 cdrom:11 dialout:18 floppy:19 video:28 audio:29 tape:32
	www-data:33 operator:37 utmp:43 plugdev:46 staff:50 lock:54 netdev:82 users:100 nobody:65534 nogroup:65534`,
);

/** common/variables.bzl of GoogleContainerTools/distroless. */
export const DISTROLESS_ACCOUNTS: Accounts = accounts(
	'root:0:0 nobody:65534:65534 nonroot:65532:65532',
	'root:0 tty:5 staff:50 nobody:65534 nonroot:65532',
);

function accounts(users: string, groups: string): Accounts {
	return {
		users: new Map(
			users.split(/\s+/).map((entry) => {
				const [name, uid, gid] = entry.split(':') as [string, string, string];
				return [name, { uid: Number(uid), gid: Number(gid) }];
			}),
		),
		groups: new Map(
			groups.split(/\s+/).map((entry) => {
				const [name, gid] = entry.split(':') as [string, string];
				return [name, Number(gid)];
			}),
		),
	};
}
