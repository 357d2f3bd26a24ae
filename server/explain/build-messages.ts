// Long because it is a table of messages.

import type { Cause, Message } from './message.ts';

/** What is said while an image is built. Texts are those of BuildKit, the classic builder, buildah, the go command, git and shells. */

const NOT_COPIED: readonly Cause[] = [
	{ text: 'The package or file is not copied into the build stage.', code: 'source-not-copied' },
	{ text: '.dockerignore excludes it.', code: 'file-ignored' },
];
const CGO_OFF: Cause = { text: 'cgo is disabled, and the program or a flag requires it.', code: 'cgo-code-without-cgo' };
const OLD_GO: Cause = { text: 'The golang image is older than what go.mod or the code requires.', code: 'outdated-go-image' };

export const BUILD_MESSAGES: readonly Message[] = [
	{
		id: 'go-sum-not-copied',
		speaker: 'builder',
		pattern:
			/"\/?(?:[^"\n]{0,200}\/)?(?<what>go\.sum)":? not found|stat [^\n]{0,200}go\.sum: (?:no such file|file does not exist)|"[^"\n]{0,200}go\.sum": (?:no such file|not found)/,
		meaning: 'COPY names a go.sum that is not in the build context.',
		causes: [
			{ text: 'The module has no go.sum, because it has no dependencies; or go.sum is not committed.', code: 'missing-go-sum' },
			{ text: '.dockerignore excludes go.sum.', code: 'file-ignored' },
			{ text: 'The build context is another directory than that of go.mod.', code: 'copy-of-missing-file' },
		],
	},
	{
		id: 'copy-not-found',
		speaker: 'builder',
		pattern:
			/failed to (?:calculate checksum of ref|compute cache key)[^\n]{0,300}?"(?<what>[^"\n]{1,300})":? not found|failed to walk [^\s:]{1,300}: lstat (?<walked>[^\s:]{1,300}): no such file or directory|COPY failed:[^\n]{0,120}?stat (?<old>[^\s:]{1,300}): (?:no such file or directory|file does not exist)|copier: stat: "(?<buildah>[^"\n]{1,300})": no such file or directory/,
		meaning: 'COPY or ADD names a file that is not where it copies from.',
		causes: [
			{ text: 'The path is wrong in that stage or in the build context.', code: 'copy-of-missing-file' },
			{ text: '.dockerignore excludes the file.', code: 'file-ignored' },
			{ text: 'COPY names a go.sum that the module does not have.', code: 'missing-go-sum' },
			{ text: 'The file is made by a step that has to run before the build, or is not committed.' },
		],
	},
	{
		id: 'stage-not-found',
		speaker: 'builder',
		pattern:
			/invalid stage index|invalid from flag value (?<what>[^\s:]{1,100})|failed to resolve source metadata for docker\.io\/library\/(?<image>[^\s:]{1,100})|pull access denied for (?<denied>[^\s,]{1,100}), repository does not exist/,
		meaning: 'A stage or an image of that name or number does not exist; a name that is not that of a stage is taken for an image.',
		causes: [
			{ text: '--from names a stage that does not exist: misspelled, or counted from 1.', code: 'copy-of-missing-file' },
			{ text: 'The image does not exist, or is private.' },
		],
	},
	{
		id: 'unknown-chown',
		speaker: 'builder',
		pattern: /invalid user index: -1|unable to (?:convert|find) (?:uid|user|gid|group)\/?(?:chown)?[^\n]{0,60}chown/,
		meaning: '--chown names a user, and the stage has no /etc/passwd to look it up in.',
		causes: [{ text: '--chown with a name as the first instruction of a scratch stage: use numbers.', code: 'unknown-user' }],
	},
	{
		id: 'go-too-old',
		speaker: 'Go',
		pattern:
			/requires go >= (?<what>[\d.]{1,10}|1\.\w{1,10})|invalid go version ['"](?<version>[^'"\n]{1,20})['"]: must match format|unknown directive: (?:toolchain|godebug|tool|ignore)\b|cannot compile Go [\d.]{1,8} code|note: module requires Go [\d.]{1,8}|package (?:slices|maps|cmp|iter|unique|weak|log\/slog|math\/rand\/v2|testing\/slogtest|crypto\/(?:hkdf|pbkdf2|sha3|mlkem)|encoding\/json\/v2) is not in (?:GOROOT|std)|flag provided but not defined: -(?:trimpath|pgo|C|cover)\b/,
		meaning:
			'The Go of the build image is older than what go.mod, or the code, requires. The official images do not download a newer one (GOTOOLCHAIN=local).',
		causes: [OLD_GO],
	},
	{
		id: 'no-go-mod',
		speaker: 'Go',
		pattern: /go\.mod file not found in current directory|cannot find main module/,
		meaning: 'The go command runs where there is no go.mod, neither in the working directory nor above.',
		causes: [
			{ text: 'go.mod is not copied, or WORKDIR is another directory.', code: 'missing-go-mod' },
			{ text: '.dockerignore excludes go.mod.', code: 'file-ignored' },
			{ text: 'The repository has no go.mod: it is from before Go modules.' },
		],
	},
	{
		id: 'gopath',
		speaker: 'Go',
		pattern: /\$GOPATH\/go\.mod exists but should not|ignoring go\.mod in \$GOPATH/,
		meaning: 'The module lies in the root of GOPATH, which is the working directory of the golang image.',
		causes: [{ text: 'WORKDIR is not set before the source is copied.', code: 'module-in-gopath' }],
	},
	{
		id: 'go-sum',
		speaker: 'Go',
		pattern: /missing go\.sum entry|updates to go\.sum needed/,
		meaning: 'go.sum does not list a module that the build requires.',
		causes: [
			{ text: 'go.sum is not copied into the build stage.', code: 'missing-go-sum' },
			{ text: 'go.sum is not up to date: run go mod tidy and commit it.' },
		],
	},
	{
		id: 'local-module',
		speaker: 'Go',
		pattern:
			/replacement directory (?<what>[^\s]{1,200}) does not exist|\(replaced by (?<replaced>[^)\n]{1,200})\): reading|cannot load module (?<used>[^\s]{1,200}) listed in go\.work|reading [^\s]{1,200}go\.mod: open [^\s:]{1,200}: no such file|open (?<file>[^\s:]{1,200}\/go\.mod): no such file or directory/,
		meaning: 'A module that go.work uses, or that go.mod replaces by a directory, is not there.',
		causes: [
			{ text: 'The directory is not copied before the go command needs it.', code: 'local-module-not-copied' },
			{ text: '.dockerignore excludes it.', code: 'file-ignored' },
		],
	},
	{
		id: 'embed',
		speaker: 'Go',
		pattern: /pattern (?<what>[^\s:]{1,200}(?::[^\s:]{1,200})?): (?:no matching files found|cannot embed)/,
		meaning: 'A //go:embed names files that are not in the build stage.',
		causes: [...NOT_COPIED, { text: 'The files are made by a step (npm run build, go generate) that has not run.' }],
	},
	{
		id: 'race-without-cgo',
		speaker: 'Go',
		pattern: /-(?<what>race|msan|asan) requires cgo|requires external \(cgo\) linking, but cgo is not enabled/,
		meaning: 'A flag of go build requires cgo, which is disabled.',
		causes: [CGO_OFF],
	},
	{
		id: 'cgo-files-excluded',
		speaker: 'Go',
		pattern:
			/build constraints exclude all Go files in (?<what>[^\s]{1,200})|go-sqlite3[^\n]{0,120}undefined: \w{1,60}|undefined: (?:kafka\.\w{1,60}|C\.\w{1,60})/,
		meaning:
			'All Go files of the package are left out of the build: they import "C" and cgo is disabled, or they are for another platform.',
		causes: [CGO_OFF, { text: 'The package has files for other platforms or tags only.', code: 'wrong-platform' }],
	},
	{
		id: 'no-c-compiler',
		speaker: 'Go',
		pattern:
			/C compiler "(?<what>[^"\n]{1,100})" not found|exec: "(?<name>(?:[\w-]{1,40}-)?(?:gcc|g\+\+|clang|cc))": executable file not found/,
		meaning: 'cgo is enabled, and there is no C compiler.',
		causes: [{ text: 'The build image has no C compiler, as golang:alpine.', code: 'missing-c-compiler' }],
	},
	{
		id: 'no-c-headers',
		speaker: 'Go',
		pattern: /fatal error: (?<what>[\w/.-]{1,80}\.h): No such file or directory/,
		meaning: 'The C compiler is there, and a header is not.',
		causes: [
			{
				text: 'The development package is not installed in the build stage: musl-dev for Alpine, libc6-dev or that of a library for Debian.',
			},
		],
	},
	{
		id: 'no-main-package',
		speaker: 'Go',
		pattern:
			/stat (?<what>[^\s:]{1,200}): directory not found|no Go files in (?<directory>[^\s]{1,200})|directory (?<outside>[^\s]{1,200}) (?:outside main module|not found)|is not a main package|matched no packages/,
		meaning: 'There is no main package where the command looks for one.',
		causes: [{ text: 'The directory that is built does not exist, or has no main package.', code: 'missing-main-package' }, ...NOT_COPIED],
	},
	{
		id: 'package-not-found',
		speaker: 'Go',
		pattern:
			/no required module provides package (?<what>[^\s:;]{1,200})|package (?<std>[^\s:]{1,200}) is not in (?:GOROOT|std)|cannot find package "?(?<old>[^\s"]{1,200})"?|inconsistent vendoring|module [^\s]{1,200} found[^\n]{0,100}but does not contain package/,
		meaning: 'A package that the program imports is not in the build stage.',
		causes: [...NOT_COPIED, OLD_GO, { text: 'go.mod does not require the module: run go mod tidy.' }],
	},
	{
		id: 'output',
		speaker: 'Go',
		pattern:
			/cannot write multiple packages to non-directory (?<what>[^\s]{1,200})|build output "(?<output>[^"\n]{1,200})" already exists and is a directory|-o [^\s]{1,100} with multiple packages/,
		meaning: '`go build -o` names one file for several packages, or a directory.',
		causes: [{ text: '-o names a file while several packages are built, or a directory.', code: 'output-into-directory' }],
	},
	{
		id: 'vcs',
		speaker: 'git',
		pattern: /not a git repository|ambiguous argument 'HEAD'|error obtaining VCS status/,
		meaning: 'git runs where it finds no repository that it can use.',
		causes: [
			{ text: '.git is not sent to the build or not copied, and a RUN asks git for the version.', code: 'missing-vcs' },
			{ text: '.git is there and belongs to another user (dubious ownership), or git is not installed: -buildvcs=false leaves it out.' },
		],
	},
	{
		id: 'dubious-ownership',
		speaker: 'git',
		pattern: /detected dubious ownership in repository at '(?<what>[^'\n]{1,200})'/,
		meaning: 'The copied .git belongs to another user than the one that runs git.',
		causes: [{ text: 'Run git config --global --add safe.directory DIR in the build stage, or leave .git out.' }],
	},
	{
		id: 'modules-downloaded-again',
		speaker: 'Go',
		pattern: /go: downloading (?<what>[^\s]{1,200}) v/,
		meaning: 'The go command downloads a module. That is not an error; in every build it is a lost cache.',
		causes: [{ text: 'The source is copied before the modules are downloaded.', code: 'uncached-modules' }],
	},
	{
		id: 'command-not-found',
		speaker: 'shell',
		pattern:
			/(?:\/bin\/sh|\bsh|bash|ash): (?:(?:line )?\d{1,5}: )?(?<what>[^\s:]{1,100}): (?:command )?not found|exec: "(?<exec>mkdir|adduser|addgroup|chown|chmod|apt-get|apk|make|git)": executable file not found|env: can't execute '(?<env>[^'\n]{1,100})'|can't open '(?<script>[^'\n]{1,100})': No such file/,
		meaning: 'A RUN starts a program that the stage does not have.',
		causes: [
			{ text: 'The program is not in the base image: golang:alpine has no make, git, bash or curl.', code: 'run-without-shell' },
			{ text: 'A dynamic binary, or a script without its interpreter, is also "not found".', code: 'dynamic-binary' },
		],
	},
	{
		id: 'exit-code-127',
		speaker: 'builder',
		pattern: /process "(?<what>[^\n]{1,300})" did not complete successfully: exit code: 127|returned a non-zero code: 127/,
		meaning: 'A RUN starts a program that the stage does not have; the line before says which.',
		causes: [{ text: 'The program is not in the base image of the stage.', code: 'run-without-shell' }],
	},
];
