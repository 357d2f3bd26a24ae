import fc from 'fast-check';
import { type Case, checkFixAll, checkFixes, checkSuppressions } from '../../../test/properties/checks.ts';
import { dockerfiles } from '../../../test/properties/dockerfiles.ts';
import { WORKSPACES } from '../../../test/properties/workspaces.ts';
import { ROOT } from '../oracles.ts';
import type { Random } from '../random.ts';
import type { Input, Target } from '../target.ts';
import { fixtureInputs } from './dockerfile.ts';

/** Names that a program may give to its files, and that mean something else to a shell, to Docker or to Go. */
const NAMES = fc.oneof(
	fc.constantFrom(
		'a b',
		'$(id)',
		'`id`',
		'a;id',
		"it's",
		'say "x"',
		'*.html',
		'[a]',
		'-rf',
		'$HOME',
		'a\\b',
		'a\nRUN id',
		'# x',
		'~',
		'<<EOF',
		'{a,b}',
		'ä',
	),
	fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !/[/\0]/.test(name) && name.trim() !== '' && name !== '.' && name !== '..'),
);

/** A program that reads one file, writes to one directory and starts one program, whatever their names are. */
const oddWorkspace: fc.Arbitrary<Input> = fc.tuple(NAMES, NAMES, NAMES, NAMES).map(([file, directory, program, command]) => ({
	'go.mod': 'module example.com/app\n\ngo 1.22\n',
	[`cmd/${command}/main.go`]: `package main

import (
	"net/http"
	"os"
	"os/exec"
)

func main() {
	http.Get("https://example.com/")
	os.ReadFile(${goString(`files/${file}`)})
	os.WriteFile(${goString(`/data/${directory}/x`)}, nil, 0o600)
	os.MkdirAll(${goString(`/var/${directory}`)}, 0o755)
	exec.Command(${goString(program)}).Run()
}
`,
	'main.go': `package main

import "os"

func main() {
	os.ReadFile(${goString(`files/${file}`)})
	os.WriteFile(${goString(`/data/${directory}/x`)}, nil, 0o600)
}
`,
	[`files/${file}`]: 'x\n',
}));

/** A literal of Go; JSON writes what both know. */
function goString(text: string): string {
	return JSON.stringify(text);
}

/** Dockerfiles as people write them, in workspaces with usual and with odd names, changed by whole lines. */
export const fixes: Target = {
	name: 'fixes',
	weight: 6,
	seeds: fixtureInputs,
	generated: fc
		.tuple(fc.oneof(fc.constantFrom(...Object.values(WORKSPACES)), oddWorkspace), dockerfiles)
		.map(([files, text]) => ({ ...files, Dockerfile: text })),
	words: [],
	mutate(input, other, random) {
		return { ...input, Dockerfile: mixLines(input.Dockerfile ?? '', other.Dockerfile ?? '', random) };
	},
	async check({ Dockerfile: text = '', ...workspace }) {
		const each: Case = { files: laidOut(workspace), path: `${ROOT}/Dockerfile`, text };
		await checkFixes(each);
		await checkFixAll(each);
		await checkSuppressions(each);
	},
};

/** Takes out, doubles and moves a few lines, and puts some of the other text in their place. */
function mixLines(text: string, other: string, random: Random): string {
	const lines = text.split('\n');
	const others = other.split('\n');
	for (let count = 1 + random.integer(3); count > 0; count--) {
		const at = random.integer(lines.length);
		const from = random.integer(others.length);
		const taken = random.oneIn(2) ? others.slice(from, from + 1 + random.integer(3)) : lines.slice(at, at + 1);
		lines.splice(at, random.integer(2), ...(random.oneIn(3) ? [] : taken));
	}
	return lines.join('\n');
}

/** Workspaces that were read; the checks know an analyser by the object. */
const known = new Map<string, Case['files']>();

function laidOut(workspace: Input): Case['files'] {
	const key = JSON.stringify(workspace);
	const files = known.get(key) ?? {
		[`${ROOT}/`]: '',
		...Object.fromEntries(Object.entries(workspace).map(([name, text]) => [`${ROOT}/${name}`, text])),
	};
	if (known.size > 100) {
		known.clear();
	}
	known.set(key, files);
	return files;
}
