import { written } from '../dockerfile/write.ts';
import { cgoNeededFor, cgoPlaces } from '../facts/cgo.ts';
import type { Facts } from '../facts/facts.ts';
import { setEnvironment, WITHOUT_CGO } from '../fixes/go-command.ts';
import { insertAbove } from '../fixes/insert-above.ts';
import { stateOf } from '../fixes/supply.ts';
import type { GoBuild } from '../image/model.ts';
import { rootOf } from '../image/stage-chain.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import { cgoFlags } from '../needs/cgo-flags.ts';
import type { Program } from '../program/model.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-c-compiler',
	severity: 'error',
	fixAll: true,
	judges: 'build',
	documentation: {
		summary: 'The build uses cgo but the build image has no C compiler.',
		why: 'golang:alpine contains neither gcc nor the headers of its C library: `cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH`.',
		example: 'FROM golang:1.26-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=1 go build -o /app',
		instead: 'FROM golang:1.26-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app',
		notes:
			'Reported when CGO_ENABLED=1 is set and the program imports a package with C files, when CC names a compiler that is missing, and for Go 1.19 and older (which enables cgo without a compiler) when the program has C code outside the standard library. Newer Go disables cgo when there is no compiler; `cgo-code-without-cgo` reports what that breaks. The fix disables cgo if nothing needs it, neither C code nor a flag such as `-race` or `-linkmode=external` nor GOEXPERIMENT; otherwise it installs build-base.',
	},
	*check(facts) {
		for (const state of facts.image.stages) {
			if (state.windows) continue;
			for (const build of state.builds) {
				const program = facts.programOf(build);
				if (program === undefined || build.cCompiler !== 'no' || !wantsCompiler(build, program)) continue;
				yield finding(facts, build, program);
			}
		}
	},
};

/** Whether C is compiled: cgo is on, and there is C code that no Go distribution brings compiled. */
function wantsCompiler(build: GoBuild, program: Program): boolean {
	const old = build.goMinor !== undefined && build.goMinor < SINCE_GO.cgoNeedsCompiler;
	const always = old || build.namedCompiler !== undefined;
	const on = build.cgoEnabled === '1' || (build.cgoEnabled === undefined && always && build.crossCompiles === 'no');
	if (!on || build.tags === undefined) return false;
	if (program.cgoPackages.length > 0 || cgoFlags(build).some(({ certain }) => certain)) return true;
	// Up to Go 1.19 the standard packages came compiled.
	if (build.goMinor === undefined || old) return false;
	const pure = new Set([...(build.tags.includes('netgo') ? ['net'] : []), ...(build.tags.includes('osusergo') ? ['os/user'] : [])]);
	return program.standardCgo.some((name) => !pure.has(name));
}

function finding(facts: Facts, build: GoBuild, program: Program): Finding {
	const needs = cgoNeededFor(facts, build);
	const [first] = program.cgoPackages;
	const flag = needs.find(({ certain, flag }) => certain && flag !== undefined);
	const what = first?.importPath ?? flag?.said ?? program.standardCgo.slice(0, 2).join(' and ');
	const image = stateOf(facts, build)?.base?.reference ?? 'this image';
	return {
		range: build.commandRange,
		message: `cgo is enabled for ${what}, but ${image} has no C compiler: the build fails with 'C compiler "${build.namedCompiler ?? 'gcc'}" not found'. ${needs.length === 0 ? 'Nothing here needs cgo: set CGO_ENABLED=0.' : 'Install a C compiler.'}`,
		related: cgoPlaces(program.cgoPackages.slice(0, 3)),
		fixes: () => [needs.length === 0 ? withoutCgo(facts, build) : withCompiler(facts, build)],
	};
}

function withoutCgo(facts: Facts, build: GoBuild): Fix {
	return { title: 'Set CGO_ENABLED=0', edits: setEnvironment(facts.dockerfile, build, [WITHOUT_CGO]), changes: ['cgo'], preferred: true };
}

function withCompiler(facts: Facts, build: GoBuild): Fix | undefined {
	const state = stateOf(facts, build);
	if (build.namedCompiler !== undefined && !/^(?:gcc|cc)$/.test(build.namedCompiler)) return undefined;
	if (state === undefined || rootOf(state).base?.libc !== 'musl' || state.user.value.uid !== 0) return undefined;
	// In front of the source, so that it is installed once and not after every change.
	const copy = state.copies.find(({ from, instruction }) => from.kind === 'context' && instruction.stage === state.stage.index);
	const lines = [written`RUN apk add --no-cache build-base`];
	const before = copy !== undefined && copy.instruction.range.start < build.instruction.range.start ? copy.instruction : build.instruction;
	return { title: 'Install build-base', edits: [insertAbove(facts.dockerfile, before, lines)], preferred: true };
}
