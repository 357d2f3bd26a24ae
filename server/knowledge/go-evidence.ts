import type { NeedId } from './need-ids.ts';
import { STANDARD_EFFECTS, type StandardEffect } from './standard-effects.ts';

/**
 * What the use of a name shows. Numbers are places of arguments, from 0.
 *
 * - `always`: the use alone.
 * - `address`: a URL; not where it begins with `http://`, names this host, or the program says how it trusts otherwise.
 * - `client`: something that can speak TLS to whomever it is told to; judged with the addresses that its package asks for.
 * - `trust`: a TLS configuration in that argument; not where it brings its own roots or trusts anyone.
 * - `proxy`: something that passes requests on; judged by the URLs that its package makes.
 * - `configuration`: a TLS configuration; a client's, with the name of a server, that leaves the roots to the system.
 * - `verification`: how certificates are verified; not where it says by which roots.
 * - `switch`: a truth in that argument or field, where it is constant.
 * - `zone`: the name of a time zone; not UTC, Local or the empty one.
 * - `default directory`: a directory, where the empty one is that for temporary files.
 * - `temporary directory`: the path of that one; it is needed where something is made below it.
 * - `program`: the name of a program, where it is constant.
 * - `file`: a relative path that is opened, where it is constant; with `otherwise` that one, if none is given; `setting` where it may be any text, of which one like a path counts.
 * - `directory`: a path below which something is written, where it is constant; `parent` where the path is a file's.
 * - `database`: where an embedded database, or a cache that has to last, lies: a path, or a source name of a driver for one, as `file:app.db?mode=rw`.
 * - `listener`: an address to listen on; of `undefined` all that is known is that something listens.
 * - `network`: a network, where its constant name begins with one of `begins`.
 */
export type Shows =
	| { readonly kind: 'always' }
	| { readonly kind: 'address'; readonly argument: number }
	| { readonly kind: 'client' }
	| { readonly kind: 'trust'; readonly argument: number }
	| { readonly kind: 'proxy' }
	| { readonly kind: 'configuration' }
	| { readonly kind: 'verification' }
	| { readonly kind: 'switch'; readonly argument: number; readonly field?: string }
	| { readonly kind: 'zone'; readonly argument: number }
	| { readonly kind: 'default directory'; readonly argument: number }
	| { readonly kind: 'temporary directory' }
	| { readonly kind: 'program'; readonly argument: number | string }
	| {
			readonly kind: 'file';
			readonly argument: number;
			readonly rest?: true;
			readonly setting?: true;
			readonly flags?: number;
			readonly otherwise?: string;
	  }
	| { readonly kind: 'directory'; readonly argument: number; readonly parent?: true; readonly flags?: number; readonly network?: number }
	| { readonly kind: 'database'; readonly argument: number; readonly driver?: number; readonly parent?: true }
	| { readonly kind: 'listener'; readonly argument: number | undefined; readonly network?: number }
	| { readonly kind: 'network'; readonly argument: number; readonly begins: readonly string[] };

/** Names of one package whose use shows a need. */
export interface Use {
	readonly package: string;
	readonly names: readonly string[];
	readonly need: NeedId;
	readonly shows: Shows;
	/** `method`: `names` are methods, called on any value in a file that imports `package`. */
	readonly on?: 'method';
	/** Whether it counts in modules of the workspace only: in a dependency it may serve what this program never does. */
	readonly own?: true;
	/** Whether a call whose failure the program tolerates shows nothing. */
	readonly failure?: true;
	/** The flag with which the program does without. */
	readonly flag?: string;
}

const split = (names: string) => names.split(' ');
const ALWAYS: Shows = { kind: 'always' };
const CLIENT: Shows = { kind: 'client' };

function uses(
	inPackage: string,
	names: string,
	need: NeedId,
	shows: Shows,
	more: Partial<Pick<Use, 'on' | 'own' | 'failure' | 'flag'>> = {},
): Use {
	return { package: inPackage, names: split(names), need, shows, ...more };
}

/** What an effect of a function of the standard library shows in the workspace's own code, where the name is constant. */
function usesOfEffect({ package: path, names, effect, name, rest, flags, network, on }: StandardEffect): Use[] {
	const more = { own: true, failure: true, ...(on && { on }) } as const;
	const use = (each: string, need: NeedId, shows: Shows) => uses(path, each, need, shows, more);
	if (typeof name === 'object') return [];
	if (effect === 'starts') return [use(names.join(' '), 'executable', { kind: 'program', argument: name })];
	if (typeof name === 'string') return [];
	const written = (isParent: boolean): Shows => ({
		kind: 'directory',
		argument: name,
		...(isParent && { parent: true }),
		...(flags !== undefined && { flags }),
		...(network !== undefined && { network }),
	});
	if (effect === 'creates') return names.map((each) => use(each, 'writable-directory', written(!MAKES_DIRECTORY.test(each))));
	if (effect !== 'reads') return [];
	const read = names.map((each) =>
		// A program that asks whether a file is there can do without.
		use(each, ASKS.test(each) ? 'default-file' : 'runtime-file', {
			kind: 'file',
			argument: name,
			...(rest && { rest }),
			...(flags !== undefined && { flags }),
		}),
	);
	return flags === undefined ? read : [...read, use(names.join(' '), 'writable-directory', written(true))];
}

/** Of these the name is that of the directory in which something is made. */
const MAKES_DIRECTORY = /^(?:Mkdir|CreateTemp|Temp|CopyFS)/;

const ASKS = /^(?:L?Stat|Readlink|EvalSymlinks)$/;

/** How Go source shows its needs: the identifiers of the standard library and of well-known modules. */
export const USES: readonly Use[] = [
	// A TLS client verifies its peer against the roots of the system.
	uses('net/http', 'Get Head Post PostForm', 'certificate-roots', { kind: 'address', argument: 0 }),
	uses('net/http', 'Client DefaultClient DefaultTransport Transport', 'certificate-roots', CLIENT),
	uses('crypto/tls', 'Dial', 'certificate-roots', { kind: 'trust', argument: 2 }),
	uses('crypto/tls', 'DialWithDialer', 'certificate-roots', { kind: 'trust', argument: 3 }),
	uses('crypto/tls', 'Client', 'certificate-roots', { kind: 'trust', argument: 1 }),
	uses('crypto/tls', 'Dialer', 'certificate-roots', CLIENT),
	uses('crypto/tls', 'Config', 'certificate-roots', { kind: 'configuration' }),
	uses('net/smtp', 'StartTLS', 'certificate-roots', { kind: 'trust', argument: 0 }, { on: 'method' }),
	uses('net/http/httputil', 'NewSingleHostReverseProxy ReverseProxy', 'certificate-roots', { kind: 'proxy' }, { own: true }),
	uses('crypto/x509', 'VerifyOptions', 'certificate-roots', { kind: 'verification' }, { own: true }),
	uses('crypto/x509', 'SystemCertPool', 'certificate-roots', ALWAYS),
	uses('net/smtp', 'SendMail', 'certificate-roots', { kind: 'address', argument: 0 }),
	uses('golang.org/x/net/websocket', 'Dial', 'certificate-roots', { kind: 'address', argument: 0 }),
	uses('github.com/gorilla/websocket', 'DefaultDialer', 'certificate-roots', CLIENT),
	uses('github.com/coder/websocket', 'Dial', 'certificate-roots', { kind: 'address', argument: 1 }),
	uses('nhooyr.io/websocket', 'Dial', 'certificate-roots', { kind: 'address', argument: 1 }),
	uses('github.com/valyala/fasthttp', 'Get GetTimeout GetDeadline Post', 'certificate-roots', { kind: 'address', argument: 1 }),
	uses('google.golang.org/grpc/credentials', 'NewTLS', 'certificate-roots', { kind: 'trust', argument: 0 }),
	uses('google.golang.org/grpc/credentials', 'NewClientTLSFromCert', 'certificate-roots', { kind: 'trust', argument: 0 }),
	uses('github.com/minio/minio-go/v7', 'Options', 'certificate-roots', { kind: 'switch', argument: 0, field: 'Secure' }),
	uses('github.com/minio/minio-go/v6', 'New NewWithRegion', 'certificate-roots', { kind: 'switch', argument: 3 }),
	uses('github.com/minio/minio-go', 'New NewWithRegion', 'certificate-roots', { kind: 'switch', argument: 3 }),
	uses('github.com/labstack/echo/v4', 'StartAutoTLS', 'certificate-roots', ALWAYS, { on: 'method' }),
	uses('github.com/labstack/echo', 'StartAutoTLS', 'certificate-roots', ALWAYS, { on: 'method' }),
	uses('google.golang.org/grpc/credentials/google', 'NewDefaultCredentials NewComputeEngineCredentials', 'certificate-roots', ALWAYS),

	// Zone data.
	uses('time', 'LoadLocation', 'zone-data', { kind: 'zone', argument: 0 }),

	// Temporary files.
	uses('os', 'CreateTemp MkdirTemp', 'temporary-directory', { kind: 'default directory', argument: 0 }, { failure: true }),
	uses('io/ioutil', 'TempFile TempDir', 'temporary-directory', { kind: 'default directory', argument: 0 }, { failure: true }),
	uses('os', 'TempDir', 'temporary-directory', { kind: 'temporary directory' }),
	// It writes files there unless told otherwise, and ends the program where it cannot; k8s.io/klog does so only if it is told to.
	uses(
		'github.com/golang/glog',
		['Info', 'Warning', 'Error'].map((level) => `${level} ${level}f ${level}ln`).join(' '),
		'temporary-directory',
		ALWAYS,
		{ own: true, flag: 'logtostderr' },
	),
	uses('net/http', 'ParseMultipartForm FormFile', 'temporary-directory', ALWAYS, { on: 'method', own: true }),
	uses('github.com/gin-gonic/gin', 'FormFile MultipartForm ParseMultipartForm', 'temporary-directory', ALWAYS, { on: 'method', own: true }),
	uses('github.com/labstack/echo/v4', 'FormFile MultipartForm ParseMultipartForm', 'temporary-directory', ALWAYS, {
		on: 'method',
		own: true,
	}),
	uses('github.com/labstack/echo', 'FormFile MultipartForm ParseMultipartForm', 'temporary-directory', ALWAYS, { on: 'method', own: true }),

	// The user database.
	uses('os/user', 'Current Lookup LookupId LookupGroup LookupGroupId', 'user-database', ALWAYS, { own: true, failure: true }),

	// Programs that are started, files that are read and written.
	...STANDARD_EFFECTS.flatMap(usesOfEffect),
	uses('github.com/gin-gonic/gin', 'LoadHTMLGlob', 'runtime-file', { kind: 'file', argument: 0 }, { on: 'method', own: true }),
	uses('github.com/gin-gonic/gin', 'LoadHTMLFiles', 'runtime-file', { kind: 'file', argument: 0, rest: true }, { on: 'method', own: true }),
	uses('github.com/gin-gonic/gin', 'Static StaticFile', 'runtime-file', { kind: 'file', argument: 1 }, { on: 'method', own: true }),
	uses('github.com/labstack/echo/v4', 'Static File', 'runtime-file', { kind: 'file', argument: 1 }, { on: 'method', own: true }),
	uses('github.com/labstack/echo', 'Static File', 'runtime-file', { kind: 'file', argument: 1 }, { on: 'method', own: true }),
	uses('github.com/gofiber/fiber/v2', 'Static', 'runtime-file', { kind: 'file', argument: 1 }, { on: 'method', own: true }),
	...['github.com/go-ini/ini', 'gopkg.in/ini.v1'].map((ini) =>
		uses(ini, 'Load LooseLoad ShadowLoad', 'runtime-file', { kind: 'file', argument: 0 }, { own: true, failure: true }),
	),
	uses('flag', 'String', 'default-file', { kind: 'file', argument: 1, setting: true }, { own: true }),
	uses('flag', 'StringVar', 'default-file', { kind: 'file', argument: 2, setting: true }, { own: true }),
	...['github.com/spf13/pflag', 'github.com/spf13/cobra', 'github.com/pocketbase/pocketbase'].flatMap((flags) => [
		uses(flags, 'StringVar', 'default-file', { kind: 'file', argument: 2, setting: true }, { on: 'method', own: true }),
		uses(flags, 'StringP', 'default-file', { kind: 'file', argument: 2, setting: true }, { on: 'method', own: true }),
		uses(flags, 'StringVarP', 'default-file', { kind: 'file', argument: 3, setting: true }, { on: 'method', own: true }),
	]),
	uses('github.com/spf13/pflag', 'String', 'default-file', { kind: 'file', argument: 1, setting: true }, { own: true }),
	uses('github.com/spf13/pflag', 'StringVar StringP', 'default-file', { kind: 'file', argument: 2, setting: true }, { own: true }),
	uses('github.com/spf13/pflag', 'StringVarP', 'default-file', { kind: 'file', argument: 3, setting: true }, { own: true }),
	uses(
		'github.com/spf13/viper',
		'SetConfigFile AddConfigPath',
		'default-file',
		{ kind: 'file', argument: 0, setting: true },
		{ own: true },
	),
	uses(
		'github.com/joho/godotenv',
		'Load Overload Read',
		'runtime-file',
		{ kind: 'file', argument: 0, rest: true },
		{ own: true, failure: true },
	),
	uses('github.com/joho/godotenv', 'Load Overload Read', 'default-file', { kind: 'file', argument: 0, otherwise: '.env' }),
	uses('github.com/ilyakaznacheev/cleanenv', 'ReadConfig', 'default-file', { kind: 'file', argument: 0, setting: true }, { own: true }),
	uses('github.com/BurntSushi/toml', 'DecodeFile', 'default-file', { kind: 'file', argument: 0, setting: true }, { own: true }),
	uses('github.com/gofiber/template/html', 'New', 'runtime-file', { kind: 'file', argument: 0 }, { own: true }),
	uses('github.com/gofiber/template/html/v2', 'New', 'runtime-file', { kind: 'file', argument: 0 }, { own: true }),

	// Embedded databases.
	...['database/sql', 'github.com/jmoiron/sqlx'].map((sql) =>
		uses(
			sql,
			'Open Connect MustConnect MustOpen',
			'writable-directory',
			{ kind: 'database', argument: 1, driver: 0, parent: true },
			{ own: true },
		),
	),
	...['gorm.io/driver/sqlite', 'github.com/glebarez/sqlite', 'go.etcd.io/bbolt', 'github.com/boltdb/bolt', 'github.com/tidwall/buntdb'].map(
		(database) => uses(database, 'Open', 'writable-directory', { kind: 'database', argument: 0, parent: true }, { own: true }),
	),
	// What it loses it has to get again, of which Let's Encrypt allows five a week.
	uses('golang.org/x/crypto/acme/autocert', 'DirCache', 'writable-directory', { kind: 'database', argument: 0 }, { own: true }),
	uses('github.com/syndtr/goleveldb/leveldb', 'OpenFile', 'writable-directory', { kind: 'database', argument: 0 }, { own: true }),
	uses('github.com/cockroachdb/pebble', 'Open', 'writable-directory', { kind: 'database', argument: 0 }, { own: true }),
	...['github.com/dgraph-io/badger/v4', 'github.com/dgraph-io/badger/v3', 'github.com/dgraph-io/badger'].map((badger) =>
		uses(badger, 'DefaultOptions', 'writable-directory', { kind: 'database', argument: 0 }, { own: true }),
	),

	// Listeners.
	uses('net', 'Listen', 'listener', { kind: 'listener', argument: 1, network: 0 }),
	uses('net', 'Listen', 'listener', { kind: 'listener', argument: 2, network: 1 }, { on: 'method' }),
	uses('net', 'ListenTCP', 'listener', { kind: 'listener', argument: 1, network: 0 }),
	uses('crypto/tls', 'Listen', 'listener', { kind: 'listener', argument: 1, network: 0 }),
	uses('net', 'ListenPacket ListenUDP ListenMulticastUDP FileListener', 'listener', {
		kind: 'listener',
		argument: undefined,
	}),
	uses('net/http', 'ListenAndServe ListenAndServeTLS', 'listener', { kind: 'listener', argument: 0 }),
	uses('net/http', 'Server', 'listener', { kind: 'listener', argument: 0 }),
	uses('github.com/gin-gonic/gin', 'Run RunTLS', 'listener', { kind: 'listener', argument: 0 }, { on: 'method' }),
	uses('github.com/labstack/echo/v4', 'Start StartTLS', 'listener', { kind: 'listener', argument: 0 }, { on: 'method' }),
	uses('github.com/labstack/echo/v5', 'Start StartTLS', 'listener', { kind: 'listener', argument: 0 }, { on: 'method' }),
	uses('github.com/labstack/echo', 'Start StartTLS', 'listener', { kind: 'listener', argument: 0 }, { on: 'method' }),
	uses('github.com/gofiber/fiber/v3', 'Listen', 'listener', { kind: 'listener', argument: 0 }, { on: 'method' }),
	uses('github.com/gofiber/fiber/v2', 'Listen ListenTLS', 'listener', { kind: 'listener', argument: 0 }, { on: 'method' }),

	// What an ordinary user may not do.
	...['syscall', 'golang.org/x/sys/unix'].flatMap((system) => [
		uses(system, 'Mount Unmount Chroot PivotRoot Setuid Setgid Setgroups Setresuid Setresgid Setreuid Setregid', 'privilege', ALWAYS),
		uses(system, 'Setns Unshare Sethostname Mknod Reboot Settimeofday Adjtimex ClockSettime InitModule DeleteModule', 'privilege', ALWAYS),
		uses(system, 'AF_NETLINK AF_PACKET SOCK_RAW CLONE_NEWNS CLONE_NEWPID CLONE_NEWNET CLONE_NEWUTS', 'privilege', ALWAYS),
		uses(system, 'Credential PtraceAttach Swapon BPF PerfEventOpen', 'privilege', ALWAYS),
	]),
	uses('os', 'Chown Lchown', 'privilege', ALWAYS, { own: true }),
	uses('net', 'ListenIP DialIP', 'privilege', ALWAYS),
	uses('net', 'Dial DialTimeout ListenPacket', 'privilege', { kind: 'network', argument: 0, begins: ['ip:', 'ip4', 'ip6'] }),
	uses('golang.org/x/net/icmp', 'ListenPacket', 'privilege', { kind: 'network', argument: 0, begins: ['ip:', 'ip4', 'ip6'] }),
];

/** Packages whose import anywhere in the program takes a need back. */
export const EMBEDDED_PACKAGES: ReadonlyMap<string, 'certificate-roots' | 'zone-data'> = new Map([
	['time/tzdata', 'zone-data'],
	['4d63.com/tz', 'zone-data'],
	['golang.org/x/crypto/x509roots/fallback', 'certificate-roots'],
	['github.com/breml/rootcerts', 'certificate-roots'],
	['github.com/certifi/gocertifi', 'certificate-roots'],
]);

/** Build tags that take a need back. */
export const EMBEDDED_TAGS: ReadonlyMap<string, 'certificate-roots' | 'zone-data'> = new Map([['timetzdata', 'zone-data']]);

/** Modules that keep files where the program runs, by default or on demand: embedded databases, rotating logs, caches of certificates. */
export const FILE_KEEPING_MODULES: readonly string[] = split(
	'modernc.org/sqlite github.com/mattn/go-sqlite3 github.com/ncruces/go-sqlite3 github.com/glebarez/sqlite github.com/glebarez/go-sqlite ' +
		'gorm.io/driver/sqlite zombiezen.com/go/sqlite crawshaw.io/sqlite ' +
		'github.com/marcboeker/go-duckdb github.com/tursodatabase/go-libsql ' +
		'go.etcd.io/bbolt github.com/boltdb/bolt github.com/etcd-io/bbolt github.com/dgraph-io/badger github.com/cockroachdb/pebble ' +
		'github.com/syndtr/goleveldb github.com/tidwall/buntdb github.com/nutsdb/nutsdb github.com/blevesearch/bleve ' +
		'github.com/natefinch/lumberjack github.com/lestrrat-go/file-rotatelogs golang.org/x/crypto/acme/autocert',
);

/**
 * Names that show no need but tell how others are meant: addresses that are asked for, roots that are trusted, flags that are set, sockets that are
 * dialled.
 */
export const CONTEXT: readonly { readonly package: string; readonly names: readonly string[]; readonly on?: 'method' }[] = [
	{ package: 'net/url', names: ['Parse', 'URL'] },
	{ package: 'net/http/pprof', names: ['Index', 'Cmdline', 'Profile', 'Symbol', 'Trace', 'Handler'] },
	{ package: 'crypto/x509', names: ['NewCertPool'] },
	{ package: 'net/http', names: ['NewRequest', 'NewRequestWithContext', 'Handle', 'HandleFunc'] },
	{ package: 'net/http', names: ['Get', 'Head', 'Post', 'PostForm', 'Do', 'RoundTrip'], on: 'method' },
	{ package: 'net', names: ['Dial', 'DialTimeout'] },
	{ package: 'net', names: ['Dial', 'DialContext'], on: 'method' },
	{ package: 'runtime', names: ['GOOS', 'Caller'] },
	{ package: 'flag', names: ['Set'] },
	{ package: 'os', names: ['Getuid', 'Geteuid'] },
	{ package: 'path/filepath', names: ['Dir', 'Join'] },
	{ package: 'path', names: ['Dir', 'Join'] },
	{ package: 'os/signal', names: ['Notify', 'NotifyContext'] },
];

/** Programs that only a desktop or another system has: who starts them asks first where it runs. */
export const DESKTOP_PROGRAMS: ReadonlySet<string> = new Set(
	split(
		'open xdg-open cmd cmd.exe rundll32 rundll32.exe explorer explorer.exe powershell powershell.exe pwsh wslview sensible-browser x-www-browser ' +
			'www-browser pbcopy pbpaste xclip xsel wl-copy wl-paste osascript sw_vers ioreg notify-send taskkill launchctl systemsetup reg wmic',
	),
);

/** Selectors of values that the standard library calls without the program naming them. */
export const CALLED_BY_STANDARD: ReadonlySet<string> = new Set(
	split(
		'Accept Addr AppendText As Begin BeginTx CheckNamedValue CloneRequest Close CloseIdleConnections CloseNotify CloseWrite ColumnConverter ' +
			'Columns Commit Connect ConvertValue Cookies Deadline Done Driver Enabled Err Error Exec ExecContext Flush FlushError Format GoString ' +
			'GobDecode GobEncode Handle HasNextResultSet Hijack Is IsBoolFlag IsDir Lstat LastInsertId Len Less LocalAddr LogValue MarshalBinary ' +
			'MarshalJSON MarshalText MarshalXML MarshalXMLAttr ModTime Next NextResultSet NumInput Open OpenConnector Ping Pop Prepare ' +
			'PrepareContext Push Query QueryContext Read ReadAt ReadByte ReadDir ReadFile ReadFrom ReadRune Readdir RemoteAddr ResetSession ' +
			'Rollback RoundTrip RowsAffected Scan Seek ServeHTTP ServeDNS SetCookies SetDeadline SetReadDeadline SetWriteDeadline Stat String Swap ' +
			'Timeout Temporary UnmarshalBinary UnmarshalJSON UnmarshalText UnmarshalXML UnmarshalXMLAttr Unwrap Value WithAttrs WithGroup Write ' +
			'WriteAt WriteByte WriteHeader WriteString WriteTo Visit',
	),
);
