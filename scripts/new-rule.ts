import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeGeneratedFiles } from './generate.ts';
import { inProject } from './project.ts';

/**
 * `npm run new-rule CODE` writes the files of a new rule: a rule that works, its cases, a scenario for an engine, a line of the changelog,
 * and what `npm run generate` writes. The rule is an example, about STOPSIGNAL, to be replaced step by step.
 */

const code = process.argv[2] ?? '';
if (!/^[a-z]+(?:-[a-z]+)+$/.test(code)) {
	console.error('Usage: npm run new-rule CODE\nCODE names what is wrong, in lower case with hyphens, such as missing-tmp.');
	process.exit(2);
}
if (existsSync(inProject('server', 'rules', `${code}.ts`))) {
	console.error(`There is a rule ${code} already.`);
	process.exit(2);
}

const MESSAGE = 'STOPSIGNAL SIGKILL ends the program at once: it cannot shut down. Remove it.';

const RULE = `import { removeInstruction } from '../fixes/instructions.ts';
import type { Rule } from './rule.ts';

// An example that \`npm run new-rule\` writes. Replace it.
export const rule: Rule = {
	code: '${code}',
	severity: 'warning',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'STOPSIGNAL is SIGKILL, so the program cannot shut down.',
		why: '\`docker stop\` sends SIGKILL, which a program cannot catch.',
		example: 'FROM scratch\\nCOPY --from=build /app /app\\nSTOPSIGNAL SIGKILL\\nENTRYPOINT ["/app"]',
		instead: 'FROM scratch\\nCOPY --from=build /app /app\\nENTRYPOINT ["/app"]',
		notes: 'Not reported if the signal is a variable of unknown value. The fix removes the instruction.',
	},
	*check(facts) {
		for (const { state } of facts.targets) {
			for (const instruction of state.stage.instructions) {
				if (instruction.keyword !== 'STOPSIGNAL') {
					continue;
				}
				const [signal] = instruction.words;
				if (signal?.raw !== 'SIGKILL' && signal?.raw !== '9') {
					continue;
				}
				yield {
					range: signal.range,
					message: '${MESSAGE}',
					fixes: () =>
						signal.raw === '9'
							? []
							: [{ title: 'Remove STOPSIGNAL', edits: [removeInstruction(facts.dockerfile, instruction)], preferred: false }],
				};
			}
		}
	},
};
`;

const PROGRAM = `-- go.mod --
module example.com/app

go 1.26
-- main.go --
package main

import "fmt"

func main() {
	fmt.Println("hello")
}
-- Dockerfile --
`;

const dockerfile = (lines: string) => `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app

FROM scratch
COPY --from=build /app /app
${lines}ENTRYPOINT ["/app"]
`;

const marker = (length: number) => `           ${'^'.repeat(length)} warning: ${MESSAGE}\n`;

const FILES: Readonly<Record<string, string>> = {
	[`server/rules/${code}.ts`]: RULE,
	[`test/fixtures/rules/${code}/reported.txtar`]: `A finding without a fix. Replace it.\n${PROGRAM}${dockerfile(`STOPSIGNAL 9\n${marker(1)}`)}`,
	[`test/fixtures/rules/${code}/not-reported.txtar`]: `A signal that the program can catch is not reported. Replace it.\n${PROGRAM}${dockerfile('STOPSIGNAL SIGINT\n')}`,
	[`test/fixtures/rules/${code}/fixed.txtar`]: `A finding with a fix. Replace it.\n${PROGRAM}${dockerfile(`STOPSIGNAL SIGKILL\n${marker(7)}`)}-- fixed: Remove STOPSIGNAL --\n${dockerfile('')}`,
	[`test/images/scenarios/${code}-example.txtar`]: `What goes wrong here. Replace it.
-- proof --
rule: ${code}
before: wrong
${PROGRAM}${dockerfile('STOPSIGNAL SIGKILL\n')}-- says --
what the engine or the program prints before the fix
-- prints --
what the program prints after the fix
`,
};

for (const [path, text] of Object.entries(FILES)) {
	mkdirSync(dirname(inProject(path)), { recursive: true });
	writeFileSync(inProject(path), text);
	console.log(`wrote ${path}`);
}
const changelog = readFileSync(inProject('CHANGELOG.md'), 'utf8');
writeFileSync(inProject('CHANGELOG.md'), changelog.replace(/^## Unreleased\n\n/m, `$&- New rule \`${code}\`: what it reports.\n`));
for (const path of await writeGeneratedFiles()) {
	console.log(`wrote ${path}`);
}
console.log(`
Now change the rule step by step, and run after each step:
  npx mocha test/rules.test.ts test/examples.test.ts -g ${code}    UPDATE_GOLDENS=1 writes what the rule reports into its cases
  npm run generate
Then write the scenario (test/images/scenario.ts says what it may hold) and run ONLY=${code} npm run prove:rules, or give a reason in
test/images/not-proven.ts. Complete the line in CHANGELOG.md, and run npm run format and npm test. CONTRIBUTING.md lists all files of a
rule, and what it may ask.`);
