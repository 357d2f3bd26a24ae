import { EMBEDDED_PACKAGES } from '../knowledge/go-evidence.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import type { LinkedNeeds } from './model.ts';

/**
 * What the names of a program's functions say of its needs. The Go linker drops every function that nothing can reach, so the names bound
 * what the program can do.
 */

interface LinkedNeed {
	readonly need: NeedId;
	/** The functions of which the program has one if it may have the need. */
	readonly names: readonly string[];
	/** Names of functions of whichever package that count too. */
	readonly pattern?: RegExp;
	/**
	 * Functions that do not show the need, because most programs have them for something else, but by which code that is not known here may
	 * have it: while one of them is there, the program may or may not have the need.
	 */
	readonly leaveUnknown?: readonly string[];
}

const LINKED_NEEDS: readonly LinkedNeed[] = [
	// A server links tls.Client too, so what leads to it counts: requests, connections, and methods that turn one to TLS.
	{
		need: 'certificate-roots',
		names: [
			'net/http.(*Client).do',
			'net/http.(*Transport).dialConn',
			'crypto/tls.dial',
			'crypto/tls.(*Dialer).DialContext',
			'crypto/tls.QUICClient',
			'crypto/x509.SystemCertPool',
		],
		pattern: /\.(?:[sS]tartTLS|ClientHandshake|[dD]ial\w*TLS\w*|upgradeTLS|makeTLSConn|ssl)$/,
		leaveUnknown: ['crypto/x509.loadSystemRoots'],
	},
	{ need: 'zone-data', names: ['time.LoadLocation'] },
	{
		need: 'temporary-directory',
		names: ['os.CreateTemp', 'os.MkdirTemp', 'os.TempDir', 'mime/multipart.(*Reader).readForm'],
		// A path below /tmp may be written as it is.
		leaveUnknown: ['os.OpenFile', 'os.Mkdir', 'syscall.Open', 'syscall.Mkdir', 'syscall.openat'],
	},
	{
		need: 'user-database',
		names: [
			'os/user.Current',
			'os/user.Lookup',
			'os/user.LookupId',
			'os/user.LookupGroup',
			'os/user.LookupGroupId',
			'os/user.lookupUser',
			'os/user.(*User).GroupIds',
		],
	},
	{
		need: 'executable',
		names: ['os/exec.Command', 'os/exec.(*Cmd).Start', 'os/exec.LookPath', 'os.StartProcess', 'syscall.Exec', 'syscall.forkExec'],
	},
	{
		need: 'listener',
		names: ['net.Listen', 'net.(*ListenConfig).Listen', 'net.ListenTCP'],
		leaveUnknown: ['net.FileListener', 'syscall.Listen', 'golang.org/x/sys/unix.Listen'],
	},
];

/** What is looked up for each of some hundred thousand names. */
const WANTED = new Set(LINKED_NEEDS.flatMap(({ names, leaveUnknown = [] }) => [...names, ...leaveUnknown]));
const PATTERNS = LINKED_NEEDS.flatMap(({ pattern }) => pattern ?? []);

/** How names of functions begin by which the needs are taken back: a package that is linked is used. */
const EMBEDDED = [...EMBEDDED_PACKAGES].map(([path, need]) => ({ start: `${path}.`, need }));

/** What every name has one of that fits one of the patterns. */
const MAY_FIT = ['TLS', 'ClientHandshake', '.ssl'];

/** Some hundred are enough to show a need. */
const MOST_FOUND = 500;

/** Every Go program has them; a tool that renames functions leaves them, or leaves none. */
const IN_EVERY_PROGRAM = ['runtime.main', 'main.main'];

/** Calls of C functions, by the package whose Go code makes them (cmd/cgo). */
const C_CALL = /^(.*)\._C(?:2)?func_/;

/** Standard packages that call C. What they call is known, and has no needs of its own. */
const STANDARD_CGO = new Set(['net', 'os/user', 'runtime/cgo', 'crypto/internal/boring']);

/** What loads code while the program runs. */
const LOADS_CODE = new Set(['plugin.open', 'github.com/ebitengine/purego.Dlopen']);

/** Collects what names say, in any order. */
export class NamesOfFunctions {
	readonly #found = new Set<string>();
	readonly #embedded = new Set<NeedId>();
	#foreign = false;
	readonly #missing = new Set(IN_EVERY_PROGRAM);

	/** Cheap searches come before expressions: a large program has some hundred thousand names. */
	add(names: readonly string[]): void {
		for (const name of names) {
			if (WANTED.has(name)) this.#found.add(name);
			else if (MAY_FIT.some((part) => name.includes(part))) this.#addFitting(name);
			if (this.#missing.size > 0) this.#missing.delete(name);
			if (!this.#foreign) this.#foreign = isForeign(name);
			for (const { start, need } of EMBEDDED) if (name.startsWith(start)) this.#embedded.add(need);
		}
	}

	#addFitting(name: string): void {
		if (this.#found.size < MOST_FOUND && PATTERNS.some((pattern) => pattern.test(name))) this.#found.add(name);
	}

	/** `undefined` where the names are not those of the functions: another tool has changed them. */
	needs(): LinkedNeeds | undefined {
		if (this.#missing.size > 0) return undefined;
		const may = new Map<NeedId, readonly string[]>();
		const without = new Set<NeedId>();
		for (const { need, names, pattern, leaveUnknown = [] } of LINKED_NEEDS) {
			const shown = [...this.#found].filter((name) => names.includes(name) || pattern?.test(name));
			if (shown.length > 0) may.set(need, shown.sort());
			else if (!leaveUnknown.some((name) => this.#found.has(name))) without.add(need);
		}
		return { may, without, embedded: this.#embedded, foreign: this.#foreign };
	}
}

function isForeign(name: string): boolean {
	const caller = name.includes('._C') ? C_CALL.exec(name)?.[1] : undefined;
	return (caller !== undefined && !STANDARD_CGO.has(caller)) || LOADS_CODE.has(name);
}
