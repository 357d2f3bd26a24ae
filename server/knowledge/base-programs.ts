/** Programs on PATH of base images whose list is short and steady enough to say that any other name is absent. */

/** Alpine: busybox's applets as Alpine configures it, apk-tools and musl-utils (alpine 3.12 to 3.22). */
export const ALPINE_PROGRAMS: ReadonlySet<string> = names(`
		[ [[ acpid add-shell addgroup adduser adjtimex arch arp arping ash awk base64 basename bbconfig bc beep blkdiscard blkid blockdev
		brctl bunzip2 bzcat bzip2 cal cat chattr chgrp chmod chown chpasswd chroot chvt cksum clear cmp comm cp cpio crond crontab cryptpw
		cut date dc dd deallocvt delgroup deluser depmod df diff dirname dmesg dnsdomainname dos2unix du dumpkmap dumpleases echo ed egrep
		eject env ether-wake expand expr factor fallocate false fatattr fbset fbsplash fdflush fdformat fdisk fgrep find findfs flock fold
		free fsck fstrim fsync fuser getopt getty grep groups gunzip gzip halt hd head hexdump hostid hostname hwclock id ifconfig ifdown
		ifenslave ifup init inotifyd insmod install ionice iostat ip ipaddr ipcalc ipcrm ipcs iplink ipneigh iproute iprule iptunnel
		kbd_mode kill killall killall5 klogd last less link linux32 linux64 ln loadfont loadkmap logger login logread losetup ls lsattr
		lsmod lsof lsusb lzcat lzma lzop lzopcat makemime md5sum mdev mesg microcom mkdir mkdosfs mkfifo mkfs.vfat mknod mkpasswd mkswap
		mktemp modinfo modprobe more mount mountpoint mpstat mv nameif nanddump nandwrite nbd-client nc netstat nice nl nmeter nohup
		nologin nproc nsenter nslookup ntpd od openvt partprobe passwd paste pgrep pidof ping ping6 pipe_progress pivot_root pkill pmap
		poweroff printenv printf ps pscan pstree pwd pwdx raidautorun rdate rdev readahead readlink realpath reboot reformime remove-shell
		renice reset resize rev rfkill rm rmdir rmmod route run-parts sed sendmail seq setconsole setfont setkeycodes setlogcons setpriv
		setserial setsid sh sha1sum sha256sum sha3sum sha512sum showkey shred shuf slattach sleep sort split stat strings stty su sum
		swapoff swapon switch_root sync sysctl syslogd tac tail tar tee test time timeout top touch tr traceroute traceroute6 tree true
		truncate tty ttysize tunctl udhcpc udhcpc6 umount uname unexpand uniq unix2dos unlink unlzma unlzop unshare unxz unzip uptime
		usleep uudecode uuencode vconfig vi vlock volname watch watchdog wc wget which who whoami whois xargs xxd xzcat yes zcat zcip apk
		busybox ldd getent getconf iconv ldconfig scanelf ssl_client
`);

/** Debian and Ubuntu: the packages of priority "required", apt and adduser (Debian 10 to 13, Ubuntu 20.04 to 24.04). */
export const DEBIAN_PROGRAMS: ReadonlySet<string> = names(`
		[ add-shell addgroup addpart adduser agetty apt apt-cache apt-cdrom apt-config apt-get apt-key apt-mark arch awk b2sum badblocks
		base32 base64 basename basenc bash bashbug blkdiscard blkid blkzone blockdev captoinfo cat chage chattr chcon chcpu chfn chgpasswd
		chgrp chmem chmod choom chown chpasswd chroot chrt chsh cksum clear clear_console cmp comm cp cpgr cppw csplit ctrlaltdel cut dash
		date dd debconf debconf-set-selections debugfs delgroup deluser df diff diff3 dir dircolors dirname dmesg dnsdomainname domainname
		dpkg dpkg-deb dpkg-divert dpkg-query dpkg-reconfigure dpkg-split dpkg-statoverride dpkg-trigger du dumpe2fs e2fsck e2image e2label
		echo egrep env expand expiry expr factor faillock faillog fallocate false fgrep filefrag find findfs findmnt flock fmt fold fsck
		fsfreeze fstrim getconf getent getopt getty gpasswd grep groupadd groupdel groupmems groupmod groups grpck gunzip gzexe gzip head
		hostid hostname i386 iconv id infocmp install invoke-rc.d ionice ipcmk ipcrm ipcs ischroot join kill killall5 last lastb lastlog
		ld.so ldattach ldconfig ldd link linux32 linux64 ln locale localedef logger login logname losetup ls lsattr lsblk lscpu lsipc
		lslocks lslogins lsmem lsns mawk mcookie md5sum mesg mkdir mke2fs mkfifo mkfs mknod mkswap mktemp more mount mountpoint mv namei
		nawk newgrp newusers nice nisdomainname nl nohup nologin nproc nsenter numfmt od pager partx passwd paste patchk pathchk perl
		pidof pinky pivot_root pldd pr printenv printf prlimit ptx pwck pwconv pwd rbash readlink readprofile realpath remove-shell
		rename.ul renice reset resize2fs rev rgrep rm rmdir run-parts runcon runuser savelog script scriptreplay sdiff sed sensible-editor
		sensible-pager seq service setarch setpriv setsid setterm sg sh sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep
		sort split start-stop-daemon stat stdbuf stty su sulogin sum swapoff swapon switch_root sync tabs tac tail tar taskset tee
		tempfile test tic timeout toe touch tput tr true truncate tset tsort tty tune2fs tzselect uclampset umount uname uncompress
		unexpand uniq unlink unshare update-alternatives update-passwd update-rc.d update-shells useradd userdel usermod users utmpdump
		vdir vigr vipw wall wc wdctl whereis which who whoami wipefs x86_64 xargs yes ypdomainname zcat zcmp zdiff zdump zegrep zfgrep
		zforce zgrep zic zless zmore znew zramctl
`);

/** Distroless base and cc: libc-bin, and openssl where the variant has it. */
export const DISTROLESS_PROGRAMS: ReadonlySet<string> = names(`
		c_rehash catchsegv getconf getent iconv iconvconfig ld.so ldconfig ldd locale localedef openssl pldd tzselect zdump zic
`);

function names(list: string): ReadonlySet<string> {
	return new Set(list.trim().split(/\s+/));
}
