import { type WrittenEdit, written } from '../dockerfile/write.ts';
import type { Facts } from '../facts/facts.ts';
import { addLinkerFlags, addWords, canEdit } from '../fixes/go-command.ts';
import type { GoBuild } from '../image/model.ts';
import { lastFlag } from '../image/shell/go-flags.ts';
import { SINCE_GO } from '../knowledge/go-releases.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unstripped-binary',
	severity: 'hint',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'The binary in the final image contains the symbol table and DWARF, or paths of the build machine.',
		why: 'The symbol table and DWARF make up about a third of a Go binary, and neither stack traces nor panics need them: `-ldflags="-s -w"` omits them (`-s` alone does too). `-trimpath` removes build directories, so the same source gives the same binary on any machine.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -trimpath -ldflags="-s -w" -o /app',
		notes:
			'Reports builds whose binary is in a target stage. Not reported when the value of -ldflags is unknown, or for debug builds (`-gcflags` with -N). The fix adds the missing flags to the existing ones.',
	},
	*check(facts) {
		const seen = new Set<GoBuild>();
		for (const { binaries } of facts.targets) {
			for (const { build } of binaries) {
				// Somebody else's tool, as in `go install …/air@latest`, is not what ships.
				if (build === undefined || seen.has(build) || build.packages.some((name) => name?.includes('@'))) continue;
				seen.add(build);
				const missing = missingFlags(facts, build);
				if (missing === undefined) continue;
				yield {
					range: build.commandRange,
					message: `The binary contains ${missing.map((flag) => (flag === '-trimpath' ? 'paths of the build machine' : 'debug information')).join(' and ')}. Add ${missing.map((flag) => (flag === '-trimpath' ? flag : '-ldflags="-s -w"')).join(' and ')}.`,
					fixes: () => {
						const edits = editsFor(facts, build, missing);
						const title = `Add ${missing.map((flag) => (flag === '-trimpath' ? flag : '-s -w')).join(' and ')}`;
						return edits === undefined ? [] : [{ title, edits, preferred: true }];
					},
				};
			}
		}
	},
};

type Missing = '-trimpath' | 'strip';

/** What is missing; `undefined` for nothing, and where the flags in force are not known. */
function missingFlags(facts: Facts, build: GoBuild): Missing[] | undefined {
	// A debugger wants both.
	if (/(?:^|[\s=])-N(?:\s|$)/.test(lastFlag(build.flags, 'gcflags')?.value ?? '')) return undefined;
	const linker = linkerFlags(facts, build);
	if (linker === undefined) return undefined;
	const trimpath = lastFlag(build.flags, 'trimpath');
	const missing: Missing[] = [];
	if ((trimpath === undefined || trimpath.value === 'false') && (build.goMinor ?? SINCE_GO.trimpath) >= SINCE_GO.trimpath)
		missing.push('-trimpath');
	if (!/(?:^|\s)--?[sw](?:=(?:true|1))?(?=\s|$)/.test(linker) && !isStrippedLater(facts, build)) missing.push('strip');
	return missing.length > 0 ? missing : undefined;
}

/** Whether a command takes the debug information away after the build. */
function isStrippedLater({ image }: Facts, build: GoBuild): boolean {
	const ran = image.stages[build.stage.index]?.ran ?? [];
	return ran.slice(ran.indexOf(build.command) + 1).some(({ words: [name] }) => name !== undefined && /(?:^|[/-])strip$/.test(name));
}

/** The text of `-ldflags` without the values that `-X` sets, which are no flags; `undefined` where it is not known. */
function linkerFlags(facts: Facts, build: GoBuild): string | undefined {
	const flag = lastFlag(build.flags, 'ldflags');
	if (flag === undefined) return '';
	const value = flag.value ?? (flag.valueRange && facts.dockerfile.text.slice(flag.valueRange.start, flag.valueRange.end));
	if (value === undefined) return undefined;
	const quote = flag.value === undefined ? /^(["'])(.*)\1$/s.exec(value)?.[2] : undefined;
	const text = (quote ?? value)
		.replace(/\\\r?\n/g, ' ')
		.replace(/-X[\s=]+(?:'[^']*'|\\?"(?:[^"\\]|\\[^"])*\\?"|(?:\$\([^()]*\)|\$\{[^{}]*\}|[^\s$`]|\$\w+)+)/g, ' ');
	return /[$`]/.test(text) ? undefined : text;
}

function editsFor(facts: Facts, build: GoBuild, missing: readonly Missing[]): WrittenEdit[] | undefined {
	if (!canEdit(build)) return undefined;
	const { dockerfile } = facts;
	const trimpath = missing.includes('-trimpath');
	if (!missing.includes('strip')) return [addWords(build, written`-trimpath`)];
	if (lastFlag(build.flags, 'ldflags') === undefined)
		return [addWords(build, written`${trimpath ? written`-trimpath ` : written``}-ldflags="-s -w"`)];
	const linker = addLinkerFlags(dockerfile, build, written`-s -w`);
	return linker && (trimpath ? [addWords(build, written`-trimpath`), ...linker] : linker);
}
