// Long because it is a table of messages.

import type { Cause, Message } from './message.ts';

/** What is said when a container starts or while its program runs. Texts are those of runc, crun, containerd, docker, podman, the kubelet, glibc, musl and Go. */

const BY_HAND: Cause = { text: 'A person ran `docker exec` or `kubectl exec` with a program that the image does not have.' };
const PROBE: Cause = {
	text: 'A health check, a probe or a hook of the deployment starts a program that the image does not have.',
	code: 'missing-probe-program',
};
const DEPLOYED: Cause = {
	text: 'command or entrypoint of a compose file, or args or command of a manifest, starts what the image does not have.',
	code: 'command-not-in-image',
};
const NOT_ROOT: Cause = { text: 'A manifest requires a user other than root and does not name one.', code: 'user-mismatch' };
const LOADER: readonly Cause[] = [
	{ text: 'The binary is dynamically linked because cgo is enabled, and the image has no loader for it.', code: 'dynamic-binary' },
	{ text: 'The program requires its C code, and the image does not have the C library.', code: 'cgo-without-libc' },
	{
		text: 'The file is a script whose interpreter (`#!/bin/sh`) is not in the image, or whose first line ends in a carriage return.',
		code: 'entrypoint-not-in-image',
	},
];
const PRIVATE_CA: Cause = { text: 'The server has a certificate of a private CA, or a proxy replaces it: the image needs that CA too.' };

export const RUN_MESSAGES: readonly Message[] = [
	{
		id: 'no-shell',
		speaker: 'engine',
		pattern:
			/exec: ["'`]?(?<what>(?:\/bin\/|\/usr\/bin\/)?(?:ba|da|a)?sh)["'`]?: (?:stat [\w/]{1,40}: no such file or directory|executable file not found in \$PATH)/,
		meaning: 'The engine is to start a shell, and the image has none.',
		causes: [
			{ text: 'CMD, ENTRYPOINT or HEALTHCHECK is in shell form, which starts /bin/sh.', code: 'shell-form-command' },
			{ text: 'The command looks like exec form but is not JSON, so that it runs in a shell.', code: 'malformed-exec-form' },
			{ text: 'A RUN in a stage without a shell.', code: 'run-without-shell' },
			{ text: 'ENTRYPOINT or CMD starts a shell itself.', code: 'entrypoint-not-in-image' },
			DEPLOYED,
			PROBE,
			BY_HAND,
		],
	},
	{
		id: 'command-line-as-one-name',
		speaker: 'engine',
		pattern:
			/exec: ["'`](?<what>[^"'`\s]{1,200} [^"'`\n]{1,300})["'`]: (?:stat [^\n]{1,600}?: no such file or directory|executable file not found in \$PATH)/,
		meaning: 'The whole command line is taken as the name of one program.',
		causes: [
			{ text: 'Exec form with one string: each argument must be a string of its own.', code: 'malformed-exec-form' },
			{ text: 'The file that ENTRYPOINT or CMD names is not in the image.', code: 'entrypoint-not-in-image' },
			PROBE,
		],
	},
	{
		id: 'program-not-there',
		speaker: 'engine',
		pattern: /exec: ["'`](?<what>[^"'`\n]{1,300})["'`]: stat [^:\n]{1,300}: no such file or directory/,
		meaning: 'The file that the container is to start is not in the image.',
		causes: [
			{ text: 'ENTRYPOINT or CMD names a path where nothing was copied.', code: 'entrypoint-not-in-image' },
			{ text: 'A variable in exec form, which is not expanded.', code: 'variable-in-exec-form' },
			{ text: 'The health check starts a program that is not in the image.', code: 'missing-executable' },
			{ text: 'A volume is mounted over the directory that holds the file.' },
			DEPLOYED,
			PROBE,
		],
	},
	{
		id: 'name-not-in-path',
		speaker: 'engine',
		pattern:
			/(?:OCI runtime|runc|crun|container_linux\.go|container process|task)[^\n]{0,400}?executable file [^\n]{0,300}?not found in \$PATH|executable file [`'"](?<what>[^`'"\n]{1,200})[`'"] not found in \$PATH/,
		meaning: 'The container is to start a program by its name, and no directory of PATH in the image holds it.',
		causes: [
			DEPLOYED,
			{
				text: 'ENTRYPOINT or CMD gives a name without a path, and the file is not in a directory of PATH.',
				code: 'entrypoint-not-in-image',
			},
			{ text: 'A RUN in exec form of a program that the stage does not have.', code: 'run-without-shell' },
			{ text: 'The health check starts a program that is not in the image.', code: 'missing-executable' },
			PROBE,
			BY_HAND,
		],
	},
	{
		id: 'program-missing-for-program',
		speaker: 'program',
		pattern:
			/exec: ["'`](?<what>[^"'`\n]{1,200})["'`]: executable file not found in \$PATH|fork\/exec (?<path>\/[^\s:]{1,200}): no such file or directory/,
		meaning: 'The Go program starts another program, which is not in the image.',
		causes: [
			{ text: 'exec.Command names a program that the final image does not have.', code: 'missing-executable' },
			{
				text: 'ENTRYPOINT or CMD gives a name without a path, and the file is not in a directory of PATH.',
				code: 'entrypoint-not-in-image',
			},
			{
				text: 'While the image is built: the go command starts git, or a tool, that the build stage does not have.',
				code: 'run-without-shell',
			},
			DEPLOYED,
		],
	},
	{
		id: 'not-executable',
		speaker: 'engine',
		pattern:
			/exec:? ["'`]?(?<what>[^"'`\s:]{1,300})["'`]?:(?: is a directory:)?[^\n:]{0,40}:? ?permission denied|exec user process caused:? ["'`]?permission denied|open executable: Permission denied/,
		meaning:
			'What the container is to start is there and cannot be executed: it is a directory, has no execute permission, or is not a program.',
		causes: [
			{ text: '`go build -o` wrote the binary into a directory of that name.', code: 'output-into-directory' },
			{ text: 'ENTRYPOINT or CMD names a directory, or a file that is not executable.', code: 'entrypoint-not-in-image' },
			{ text: 'The package is not main, so that `go build` wrote an archive.', code: 'missing-main-package' },
			{ text: 'The user of the container may not reach the file: a directory above it is closed to others.' },
		],
	},
	{
		id: 'loader-missing',
		speaker: 'engine',
		pattern:
			/exec (?:user process caused:? ["'`]?|container process (?:\(missing dynamic library\?\) )?["'`]?)[^"'`\n:]{0,200}["'`]?:? ?[Nn]o such file or directory|exec user process caused:? ["'`]?no such file or directory|\bexec (?<what>\/[^\s:]{1,300}|\.{1,2}\/[^\s:]{1,300}): no such file or directory|(?<script>[^\s:]{1,200}): cannot execute: required file not found/,
		meaning:
			'The file is there, but what the kernel needs to start it is not: the loader of a dynamic binary, or the interpreter of a script.',
		causes: LOADER,
	},
	{
		id: 'wrong-architecture',
		speaker: 'engine',
		pattern: /exec format error/i,
		meaning:
			'The kernel does not know the format of the file: it is for another processor, or it is neither a program nor a script with a #! line.',
		causes: [
			{ text: 'The binary is built for another architecture than the image, or than the machine.', code: 'wrong-platform' },
			{ text: 'The package is not main, so that `go build` wrote an archive.', code: 'missing-main-package' },
			{ text: 'A script without a #! line.', code: 'entrypoint-not-in-image' },
			{ text: 'The image itself is for another platform than the node: build it with --platform.' },
		],
	},
	{
		id: 'no-command',
		speaker: 'engine',
		pattern: /no command specified|no command or entrypoint provided/i,
		meaning: 'Neither the image nor the start of the container names a program.',
		causes: [{ text: 'The final stage has neither ENTRYPOINT nor CMD.', code: 'missing-entrypoint' }],
	},
	{
		id: 'user-not-found',
		speaker: 'engine',
		pattern:
			/unable to find user (?<what>[^\s:]{1,100}): no matching entries in passwd file|(?:containerd container|mount callback)[^\n]{0,200}no users found|tmp(?:mounts?)?\/[^\s]{1,200}\/etc\/passwd: no such file or directory/,
		meaning: 'USER is a name, and /etc/passwd of the image does not list it.',
		causes: [
			{ text: 'USER names a user that the image does not have; scratch has no /etc/passwd at all.', code: 'unknown-user' },
			{
				text: 'The container is started with --user, or with user of a compose file, and a name that the image does not have.',
				code: 'user-mismatch',
			},
		],
	},
	{
		id: 'group-not-found',
		speaker: 'engine',
		pattern: /unable to find group (?<what>[^\s:]{1,100}): no matching entries in group file|no groups found/,
		meaning: 'The group is a name, and /etc/group of the image does not list it.',
		causes: [
			{ text: 'USER names a group that the image does not have.', code: 'unknown-user' },
			{
				text: 'The container is started with --user, or with user of a compose file, and a group that the image does not have.',
				code: 'user-mismatch',
			},
		],
	},
	{
		id: 'non-numeric-user',
		speaker: 'kubelet',
		pattern: /runAsNonRoot and image has non-numeric user \((?<what>[^)\n]{1,100})\)/,
		meaning: 'runAsNonRoot is set, and the kubelet cannot know from a name that the user is not root.',
		causes: [{ text: 'USER of the image is a name: use numbers, such as 65534:65534.', code: 'non-numeric-user' }, NOT_ROOT],
	},
	{
		id: 'runs-as-root',
		speaker: 'kubelet',
		pattern: /runAsNonRoot and image will run as root|runAsUser breaks non-root policy/,
		meaning: 'runAsNonRoot is set, and the image runs as root.',
		causes: [{ text: 'The Dockerfile sets no USER.', code: 'root-user' }, { text: 'The deployment sets runAsUser: 0.' }],
	},
	{
		id: 'roots-misplaced',
		speaker: 'Go',
		pattern: /failed to load system roots|ca-certificates\.crt: not a directory/,
		meaning: 'The CA certificates cannot be read: /etc/ssl/certs is a file where a directory belongs.',
		causes: [{ text: 'The bundle is copied to /etc/ssl/certs without a slash at the end.', code: 'missing-ca-certificates' }],
	},
	{
		id: 'roots-missing',
		speaker: 'Go',
		pattern: /x509:[^\n]{0,40}certificate signed by unknown authority/,
		meaning: 'A TLS server was reached, and its certificate cannot be verified: no CA certificate that vouches for it was found.',
		causes: [
			{ text: 'The final image has no CA certificates.', code: 'missing-ca-certificates' },
			PRIVATE_CA,
			{ text: 'While the image is built, in `go mod download`: the build stage does not have the CA of a proxy.' },
		],
	},
	{
		id: 'time-zone',
		speaker: 'Go',
		pattern:
			/unknown time zone (?<what>[\w+\-/]{1,60})|cannot find \S{1,60} in zip file|lib\/time\/zoneinfo\.zip: no such file or directory|time: missing Location in call to/,
		meaning: 'time.LoadLocation found no time zone data.',
		causes: [
			{ text: 'Neither the image nor the binary has time zone data.', code: 'missing-timezone-data' },
			{ text: 'The name is misspelled: names are like Europe/Berlin, with capitals.' },
		],
	},
	{
		id: 'temporary-directory',
		speaker: 'Go',
		pattern:
			/(?:open|mkdir|stat|create|creating temporary file:?) ["'`]?(?<what>\/tmp(?:\/[^\s:"'`]{0,200})?)["'`]?: (?:no such file or directory|permission denied)/i,
		meaning: 'The program cannot create a temporary file: /tmp is missing, or its user may not write there. Uploads need it too.',
		causes: [{ text: 'The image has no /tmp that the user may write to.', code: 'missing-tmp' }],
	},
	{
		id: 'user-lookup',
		speaker: 'Go',
		pattern:
			/user: Current requires cgo or|user: lookup (?:userid|groupid|username) \S{1,60}|user: unknown (?:userid|user|groupid|group) (?<what>\S{1,60})|open \/etc\/(?:passwd|group): no such file or directory/,
		meaning: 'Package os/user looks a user up in /etc/passwd of the image, and finds no line for it.',
		causes: [{ text: 'The image has no /etc/passwd, or no line for the user.', code: 'missing-user-database' }],
	},
	{
		id: 'glibc-too-old',
		speaker: 'loader',
		pattern: /version [`'"‘ ]{1,2}(?<what>GLIBC_[\d.]{1,10})[`'"’ ]{1,2}not found/,
		meaning: 'The binary is linked against a newer glibc than the one of the image.',
		causes: [
			{ text: 'The build image is of a newer release than the final image, and cgo is enabled.', code: 'dynamic-binary' },
			{
				text: 'The same for a program that requires its C code: use a final image of the release of the build image.',
				code: 'cgo-without-libc',
			},
		],
	},
	{
		id: 'glibc-on-musl',
		speaker: 'loader',
		pattern:
			/Error (?:loading shared library (?<what>ld-linux[\w.-]{1,40}|lib(?:c|m|pthread|resolv|dl|rt)\.so\.\d{1,2}|libresolv\.so\.\d)|relocating [^\s:]{1,200}: [\w@.]{1,80}: symbol not found)/,
		meaning: 'musl, the C library of Alpine, is to load a binary that is linked against glibc.',
		causes: [
			{ text: 'The binary is built in a Debian image with cgo enabled, and started in Alpine.', code: 'dynamic-binary' },
			{ text: 'The same for a program that requires its C code: build it in golang:alpine.', code: 'cgo-without-libc' },
		],
	},
	{
		id: 'shared-library',
		speaker: 'loader',
		pattern: /error while loading shared libraries: (?<what>[\w.+-]{1,80})|Error loading shared library (?<musl>[\w.+-]{1,80})/,
		meaning: 'The loader does not find a shared library that the binary is linked against.',
		causes: [
			{ text: 'The final image does not have the library: install the package that holds it.', code: 'missing-shared-library' },
			{ text: 'The image has another C library than the build image.', code: 'cgo-without-libc' },
		],
	},
	{
		id: 'cgo-stub',
		speaker: 'program',
		pattern: /Binary was compiled with ['"`]CGO_ENABLED=0['"`]|plugin: not implemented|requires cgo to work/,
		meaning: 'The program requires C code and was built without cgo.',
		causes: [{ text: 'CGO_ENABLED=0 in the Dockerfile, or cgo turned off because there is no C compiler.', code: 'cgo-code-without-cgo' }],
	},
	{
		id: 'unhealthy',
		speaker: 'engine',
		pattern: /^\s*unhealthy\s*$|\bhealth(?:y|check)?:? ?(?:is )?unhealthy\b|\(unhealthy\)|container \S{1,100} is unhealthy/,
		meaning: 'The health check does not end with 0.',
		causes: [
			{ text: 'HEALTHCHECK is in shell form, and the image has no shell.', code: 'shell-form-command' },
			{ text: 'The health check starts a program (curl, wget) that is not in the image.', code: 'missing-executable' },
			PROBE,
			{ text: 'The program does not answer yet, or not on the port that is asked.' },
		],
	},
	{
		id: 'loopback',
		speaker: 'program',
		pattern:
			/connect(?:\(\))?:? ?(?:failed: )?connection refused|Connection refused|Empty reply from server|Recv failure: Connection reset by peer/,
		meaning: 'Nothing answers at the address from where it is asked.',
		causes: [
			{ text: 'The program listens on localhost only, which is reached from inside the container alone.', code: 'loopback-listener' },
			{ text: 'A probe asks, or a compose file publishes, a port on which the program does not listen.', code: 'port-mismatch' },
			{ text: 'The port is not published.' },
			{ text: 'localhost in a container is that container: another service is reached by its name.' },
		],
	},
	{
		id: 'privileged-port',
		speaker: 'Go',
		pattern: /listen (?:tcp|udp)[46]? \S{0,80}: bind: permission denied/,
		meaning: 'The user of the container may not listen on a port below 1024.',
		causes: [
			{ text: 'The program listens on a privileged port as a user without rights, with host networking or without the default sysctl.' },
		],
	},
	{
		id: 'closed-working-directory',
		speaker: 'engine',
		pattern: /chdir to cwd \(["'`](?<what>[^"'`\n]{1,200})["'`]\) set in config\.json failed: permission denied/,
		meaning: 'The user of the container may not enter the working directory.',
		causes: [
			{ text: 'Another user than that of the image is set, and the directory is closed to others, as /home/nonroot of distroless.' },
		],
	},
	{
		id: 'mount-source-not-made',
		speaker: 'engine',
		pattern: /': mkdir (?<what>\/[^\s:]{1,200}): read-only file system/,
		meaning: 'The engine cannot make the directory of the host that is to be mounted.',
		causes: [{ text: 'That part of the host is read-only, or the engine sees other files than you, as one from a snap does.' }],
	},
	{
		id: 'read-only',
		speaker: 'Go',
		pattern: /(?:open|mkdir|create|remove|rename) (?<what>\/[^\s:]{1,200}): read-only file system/,
		meaning: 'The container has a read-only root file system, and nothing is mounted where the program writes.',
		causes: [
			{
				text: 'The container is started with --read-only, read_only or readOnlyRootFilesystem, without a tmpfs for temporary files.',
				code: 'read-only-without-tmp',
			},
			{ text: 'What is mounted there is read-only, or nothing is and the root file system is.', code: 'unwritable-mount' },
		],
	},
	{
		id: 'directory-not-writable',
		speaker: 'Go',
		pattern: /(?:open|mkdir|create|rename|unlinkat|chmod) (?<what>\.{0,2}\/?[^\s:]{1,200}): permission denied/,
		meaning: 'The user of the container may not write there.',
		causes: [
			{ text: 'The directory belongs to root, or is missing, and the program runs as another user.', code: 'unwritable-directory' },
			{ text: 'A volume that is mounted there belongs to root.', code: 'unwritable-mount' },
		],
	},
	{
		id: 'template-not-there',
		speaker: 'Go',
		pattern: /html\/template: pattern matches no files: `(?<what>[^`\n]{1,200})`|template: pattern matches no files/,
		meaning: 'The templates that the program reads are not in the image, or not below its working directory.',
		causes: [{ text: 'The files are not copied into the final image, or WORKDIR is not set.', code: 'missing-runtime-file' }],
	},
];
