import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findCommand } from '../chromium.ts';
import { run } from '../processes.ts';
import { CACHE } from '../project.ts';

/** One way to build one of the small programs. */
export interface Build {
	readonly source: keyof typeof SOURCES;
	/** A toolchain that the module proxy has; that of this machine where none is named. */
	readonly toolchain?: string;
	readonly goarch?: string;
	readonly cgo?: boolean;
	readonly flags?: readonly string[];
	/** Whether it is one of the few that are built with every run of the tests: it builds in seconds. */
	readonly isSmall?: boolean;
}

/** Programs that are small, and link different parts of the standard library. */
export const SOURCES = {
	plain:
		'package main\nimport (\n"fmt"\n"os"\n)\nfunc main() { fmt.Println(largest(os.Args)) }\nfunc largest(all []string) string {\nbest := ""\nfor _, each := range all {\nif each > best { best = each }\n}\nreturn best\n}\n',
	needy:
		'package main\nimport (\n"os"\n"os/exec"\n"os/user"\n"time"\n)\nfunc main() {\nuser.Current()\nexec.Command("git").Run()\ntime.LoadLocation(os.Args[0])\nprintln(os.MkdirTemp("", ""))\n}\n',
	zones: 'package main\nimport (\n"time"\n_ "time/tzdata"\n)\nfunc main() { println(time.LoadLocation("Asia/Tokyo")) }\n',
	generic:
		'package main\nfunc main() { println(add(1, 2), add("a", "b")) }\n//go:noinline\nfunc add[T int | string](one, other T) T { return one + other }\n',
	lookup: 'package main\nimport "net"\nfunc main() { println(net.LookupHost("example.org")) }\n',
	c: 'package main\n/*\n#include <stdlib.h>\n#include <math.h>\n#cgo LDFLAGS: -lm\nstatic double root(double x) { return sqrt(x) + (double)(long)malloc(1); }\n*/\nimport "C"\nfunc main() { println(float64(C.root(C.double(len("abcd"))))) }\n',
	client: 'package main\nimport (\n"net/http"\n"os"\n)\nfunc main() { println(http.Get(os.Args[1])) }\n',
	server: 'package main\nimport "net/http"\nfunc main() { panic(http.ListenAndServe(":8080", nil)) }\n',
} as const;

const STRIPPED = ['-ldflags=-s -w'];
const PIE = ['-buildmode=pie'];
const STATIC = ['-ldflags=-linkmode=external -extldflags=-static'];
const OLD = ['go1.22.12', 'go1.19.13', 'go1.17.13', 'go1.16.15'] as const;

/** All builds. */
export const BUILDS: readonly Build[] = [
	...(['plain', 'needy', 'zones', 'generic'] as const).flatMap((source): Build[] => [
		{ source, isSmall: true },
		{ source, flags: STRIPPED, isSmall: true },
		{ source, flags: PIE },
	]),
	...(['plain', 'needy'] as const).flatMap((source) =>
		['arm64', '386', 'arm', 'riscv64', 'ppc64le', 's390x'].flatMap((goarch): Build[] => [
			{ source, goarch, isSmall: source === 'plain' && (goarch === 's390x' || goarch === '386') },
			{ source, goarch, flags: STRIPPED },
		]),
	),
	...['arm64', 'ppc64le'].map((goarch): Build => ({ source: 'needy', goarch, flags: PIE })),
	...OLD.flatMap((toolchain) =>
		['amd64', 'arm64'].flatMap((goarch): Build[] => [
			{ source: 'needy', toolchain, goarch },
			{ source: 'needy', toolchain, goarch, flags: STRIPPED },
		]),
	),
	...['go1.19.13', 'go1.16.15'].flatMap((toolchain): Build[] => [
		{ source: 'plain', toolchain, goarch: 's390x' },
		{ source: 'plain', toolchain, goarch: '386', flags: STRIPPED },
		{ source: 'needy', toolchain, flags: PIE },
	]),
	{ source: 'generic', toolchain: 'go1.19.13' },
	...[undefined, 'go1.19.13'].flatMap((toolchain): Build[] => [
		{ source: 'lookup', ...(toolchain && { toolchain }), cgo: true },
		{ source: 'lookup', ...(toolchain && { toolchain }), cgo: true, flags: STRIPPED },
		{ source: 'lookup', ...(toolchain && { toolchain }), cgo: true, flags: PIE },
		{ source: 'lookup', ...(toolchain && { toolchain }), cgo: false },
		{ source: 'c', ...(toolchain && { toolchain }), cgo: true, isSmall: toolchain === undefined },
		{ source: 'c', ...(toolchain && { toolchain }), cgo: true, flags: STRIPPED },
		{ source: 'c', ...(toolchain && { toolchain }), cgo: true, flags: PIE },
		{ source: 'c', ...(toolchain && { toolchain }), cgo: true, flags: STATIC },
	]),
	{ source: 'c', cgo: true, flags: ['-buildmode=c-shared'] },
	...(['client', 'server'] as const).flatMap((source): Build[] => [
		...['amd64', 'arm64'].flatMap((goarch): Build[] => [
			{ source, goarch },
			{ source, goarch, flags: STRIPPED },
			{ source, goarch, toolchain: 'go1.19.13' },
			{ source, goarch, toolchain: 'go1.19.13', flags: STRIPPED },
		]),
		{ source, cgo: true },
		{ source, cgo: true, flags: STRIPPED },
		{ source, cgo: true, toolchain: 'go1.19.13' },
	]),
	// Without inlining the names are those of the symbols, and no others.
	{ source: 'plain', flags: ['-gcflags=all=-l'] },
];

export function nameOf({ source, toolchain = '', goarch = '', cgo, flags = [] }: Build): string {
	return [source, toolchain, goarch, cgo === undefined ? '' : `cgo ${cgo ? 'on' : 'off'}`, ...flags]
		.filter((each) => each !== '')
		.join(' ');
}

const DIRECTORY = path.join(CACHE, 'readelf');

/** Builds one; answers the path of the binary, or why there is none here. */
export async function buildProgram(build: Build): Promise<{ readonly binary: string } | { readonly skipped: string }> {
	const go = findCommand('go');
	if (go === undefined) return { skipped: 'Go is not installed: https://go.dev/dl/' };
	if (build.cgo === true && findCommand('gcc') === undefined) return { skipped: 'gcc is not installed' };
	const directory = path.join(DIRECTORY, build.source);
	const binary = path.join(DIRECTORY, `${nameOf(build).replace(/[^\w.-]+/g, '+')}.binary`);
	if (existsSync(binary)) return { binary };
	mkdirSync(directory, { recursive: true });
	writeFileSync(path.join(directory, 'go.mod'), `module example.org/${build.source}\n\ngo 1.${build.source === 'generic' ? 18 : 16}\n`);
	writeFileSync(path.join(directory, 'main.go'), SOURCES[build.source]);
	const environment = {
		...process.env,
		GOFLAGS: '-modcacherw',
		GOWORK: 'off',
		GOTOOLCHAIN: build.toolchain ?? 'local',
		GOARCH: build.goarch ?? '',
		CGO_ENABLED: build.cgo === true ? '1' : '0',
	};
	const built = await run(go, ['build', '-o', binary, ...(build.flags ?? []), '.'], { cwd: directory, env: environment });
	if (built.code === 0) return { binary };
	if (/download go\d|dial tcp|no such host|toolchain not available/.test(built.output)) return { skipped: built.output.trim() };
	throw new Error(`${nameOf(build)} does not build:\n${built.output.trim()}`);
}
