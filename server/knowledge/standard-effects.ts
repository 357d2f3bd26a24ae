/**
 * What functions of the standard library do outside the process with a name that they are given. Whatever a program starts, opens or
 * creates, in its own code or in that of a dependency, it does by one of them. Source: the documentation of each package, Go 1.26.
 */
export type Effect =
	/** A program is started, or sought in PATH. */
	| 'starts'
	/** A file or directory is opened, read, listed, asked about or served. */
	| 'reads'
	/** A file, directory, link or socket is made, or written. */
	| 'creates'
	/** A file or directory that is there is changed or removed: its content, mode or owner, or what a directory holds. */
	| 'changes'
	/** A plugin is loaded. */
	| 'loads'
	/** The user database is asked for a name. */
	| 'looks up'
	/** Relative names count from another directory from now on. */
	| 'changes directory';

export interface StandardEffect {
	readonly package: string;
	readonly names: readonly string[];
	readonly effect: Effect;
	/** The place of the name among the arguments, from 0; of a composite literal the field; the name itself where the function has it. */
	readonly name: number | string | { readonly is: string };
	/** Whether all arguments from there on are names. */
	readonly rest?: true;
	/** The place of the argument that holds the flags of `open`: with O_CREATE a file is made, without it is read. */
	readonly flags?: number;
	/** Whether a directory is read with all that it holds. */
	readonly contents?: true;
	/** The place of the argument that names the network: only a Unix socket is a file. */
	readonly network?: number;
	/** `method`: called on any value in a file that imports the package. */
	readonly on?: 'method';
}

const effect = (
	inPackage: string,
	names: string,
	what: Effect,
	name: StandardEffect['name'],
	more: Pick<StandardEffect, 'rest' | 'flags' | 'contents' | 'network' | 'on'> = {},
): StandardEffect => ({ package: inPackage, names: names.split(' '), effect: what, name, ...more });

export const STANDARD_EFFECTS: readonly StandardEffect[] = [
	effect('os/exec', 'Command LookPath', 'starts', 0),
	effect('os/exec', 'CommandContext', 'starts', 1),
	effect('os/exec', 'Cmd', 'starts', 'Path'),
	effect('net/http/cgi', 'Handler', 'starts', 'Path'),
	effect('os', 'StartProcess', 'starts', 0),
	// Where packages lie is asked of the go command.
	effect('go/build', 'Import', 'starts', { is: 'go' }),
	effect('go/build', 'Import', 'starts', { is: 'go' }, { on: 'method' }),
	effect('go/importer', 'Default For ForCompiler', 'starts', { is: 'go' }),
	...['syscall', 'golang.org/x/sys/unix'].flatMap((system) => [
		effect(system, 'Exec ForkExec StartProcess', 'starts', 0),
		effect(system, 'Mkdir Mkfifo Mknod Creat', 'creates', 0),
		effect(system, 'Symlink Link Rename', 'creates', 1),
		effect(system, 'Open', 'reads', 0, { flags: 1 }),
		effect(system, 'Chmod Chown Lchown Truncate Unlink Rmdir', 'changes', 0),
		effect(system, 'Chdir Chroot', 'changes directory', 0),
	]),
	effect('golang.org/x/sys/unix', 'Openat', 'reads', 1, { flags: 2 }),
	effect('golang.org/x/sys/unix', 'Mkdirat', 'creates', 1),

	effect('os', 'ReadFile Stat Lstat Readlink', 'reads', 0),
	effect('os', 'Open ReadDir DirFS OpenRoot OpenInRoot', 'reads', 0, { contents: true }),
	effect('os', 'OpenFile', 'reads', 0, { flags: 1 }),
	effect('io/ioutil', 'ReadFile', 'reads', 0),
	effect('io/ioutil', 'ReadDir', 'reads', 0, { contents: true }),
	effect('path/filepath', 'Glob EvalSymlinks', 'reads', 0),
	effect('path/filepath', 'Walk WalkDir', 'reads', 0, { contents: true }),
	effect('net/http', 'Dir', 'reads', 0, { contents: true }),
	effect('net/http', 'ServeFile', 'reads', 2),
	effect('net/http', 'ListenAndServeTLS', 'reads', 1),
	effect('net/http', 'ListenAndServeTLS', 'reads', 2),
	effect('net/http', 'ServeTLS', 'reads', 2, { rest: true }),
	effect('net/http', 'ListenAndServeTLS', 'reads', 0, { rest: true, on: 'method' }),
	effect('net/http', 'ServeTLS', 'reads', 1, { rest: true, on: 'method' }),
	effect('crypto/tls', 'LoadX509KeyPair', 'reads', 0, { rest: true }),
	...['html/template', 'text/template'].flatMap((template) => [
		effect(template, 'ParseFiles', 'reads', 0, { rest: true }),
		effect(template, 'ParseGlob', 'reads', 0),
		effect(template, 'ParseFiles', 'reads', 0, { rest: true, on: 'method' }),
		effect(template, 'ParseGlob', 'reads', 0, { on: 'method' }),
	]),
	effect('archive/zip', 'OpenReader', 'reads', 0),
	effect('go/parser', 'ParseFile ParseDir', 'reads', 1),
	...['elf', 'macho', 'pe', 'plan9obj'].map((format) => effect(`debug/${format}`, 'Open', 'reads', 0)),
	effect('debug/buildinfo', 'ReadFile', 'reads', 0),

	effect('os', 'Create WriteFile Mkdir MkdirAll CopyFS CreateTemp MkdirTemp', 'creates', 0),
	effect('os', 'Symlink Link Rename', 'creates', 1),
	effect('io/ioutil', 'WriteFile TempFile TempDir', 'creates', 0),
	effect('net', 'Listen ListenPacket', 'creates', 1, { network: 0 }),
	effect('net', 'ListenUnix ListenUnixgram', 'creates', 1),

	effect('os', 'Chmod Chown Lchown Chtimes Truncate Remove RemoveAll Rename', 'changes', 0),
	// The methods of a Root make and remove files below its directory.
	effect('os', 'OpenRoot', 'changes', 0),

	effect('plugin', 'Open', 'loads', 0),
	effect('os/user', 'Lookup LookupGroup', 'looks up', 0),
	effect('os', 'Chdir', 'changes directory', 0),
];

/** Paths that the kernel or the engine gives every container. */
export const ALWAYS_THERE = /^\/(?:proc|sys|dev)(?:\/|$)|^\/etc\/(?:resolv\.conf|hosts|hostname|mtab)$|^\/$/;
