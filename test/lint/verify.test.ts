import assert from 'node:assert/strict';
import type { Written } from '../../server/dockerfile/write.ts';
import type { Fix } from '../../server/findings/finding.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import { fixAll } from '../../server/lint/fix-all.ts';
import { rules } from '../../server/rules/index.ts';
import type { Rule } from '../../server/rules/rule.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod ./
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build \\
    CGO_ENABLED=0 go build -trimpath -tags timetzdata -ldflags="-s -w -X main.version=1" -o /out/app ./cmd/app

FROM debian:13-slim
COPY --from=build /out/app /usr/local/bin/app
# old
ENV LEVEL=info
USER 65534:65534
CMD ["app"]
`;

const FILES = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
	'/w/cmd/app/main.go': 'package main\n\nimport "net"\n\nfunc main() { net.Dial("tcp", "db:5432") }\n',
	'/w/cmd/other/main.go': 'package main\n\nfunc main() {}\n',
	'/w/.dockerignore': '.git\n',
};

/** A rule that reports every `pattern`, with a fix that is sure of itself. */
function surely(pattern: RegExp, text: string, more: Partial<Fix> = {}): Rule {
	return {
		code: 'of-the-test',
		severity: 'warning',
		fixAll: true,
		judges: 'build',
		documentation: { summary: '', why: '', example: '', instead: '', notes: '' },
		*check({ dockerfile }) {
			for (const match of dockerfile.text.matchAll(pattern)) {
				const range = { start: match.index, end: match.index + match[0].length };
				const fix = { title: 'Fix', preferred: true, edits: [{ range, newText: text as Written }], ...more };
				yield { range, message: `It says ${match[0]}`, fixes: () => [fix] };
			}
		},
	};
}

function analyserWith(rule: Rule) {
	return createAnalyser({ files: createMemoryFiles(FILES), rules: [...rules, rule], log: assert.fail });
}

const request = { path: '/w/Dockerfile', text: DOCKERFILE, root: '/w' };

async function isPreferred(rule: Rule): Promise<boolean> {
	const { findings } = await analyserWith(rule).analyse(request);
	const finding = findings.find(({ code }) => code === 'of-the-test');
	assert.ok(finding);
	assert.equal(finding.proposals()[0]?.preferred, true);
	const fixes = await finding.fixes();
	assert.equal(fixes.length, 1, 'it is offered all the same');
	return fixes[0]?.preferred === true;
}

/** What a fix could do wrong: what it replaces, and by what. */
const BROKEN: Readonly<Record<string, readonly [RegExp, string, Partial<Fix>?]>> = {
	'copies from a stage that does not exist': [/--from=build/, '--from=builder'],
	'copies a file that is not there': [/(?<=--from=build )\/out\/app/, '/out/application'],
	'writes the binary elsewhere': [/ -o \/out\/app/, ''],
	'writes the binary elsewhere and says so, but copies it from where it was': [/ -o \/out\/app/, '', { changes: ['outputs'] }],
	'builds another package': [/\.\/cmd\/app/, './cmd/other'],
	'builds a package that does not exist': [/\.\/cmd\/app/, './cmd/none'],
	'builds in another directory': [/COPY \. \./, 'COPY . .\nWORKDIR /src/cmd'],
	'builds with cgo': [/CGO_ENABLED=0 /, ''],
	'writes a flag twice': [/-trimpath/, '-trimpath -trimpath'],
	'writes flags of the linker a second time, which replaces the first': [/-trimpath/, '-ldflags="-s" -trimpath'],
	'loses a flag': [/ -trimpath/, ''],
	'loses a word of the flags of the linker': [/ -X main.version=1/, ''],
	'loses a build tag': [/ -tags timetzdata/, ''],
	'builds for another platform': [/CGO_ENABLED=0/, 'CGO_ENABLED=0 GOARCH=arm64'],
	'sets a variable twice': [/CGO_ENABLED=0/, 'CGO_ENABLED=0 CGO_ENABLED=0'],
	'writes a mount twice': [
		/--mount=\S+/,
		'--mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/root/.cache/go-build',
	],
	'writes a mount where the shell starts it': [/CGO_ENABLED=0/, 'CGO_ENABLED=0 --mount=type=cache,target=/x'],
	'takes the build away': [/(?<=\\\n).*go build.*/, '    true'],
	'ships nothing': [/COPY --from=build.*\n/, ''],
	'starts something else': [/CMD \["app"\]/, 'CMD ["sh"]'],
	'brings another error': [/USER 65534:65534/, 'USER app'],
	'brings another warning': [/USER 65534:65534\n/, ''],
	'loses a variable of the program': [/ENV LEVEL=info\n/, ''],
	'runs the program as another user': [/USER 65534:65534/, 'USER 1000:1000'],
	'does not fix its finding': [/# old/, '# old\n# old'],
	'changes more than it says': [/CGO_ENABLED=0/, 'CGO_ENABLED=1', { changes: ['outputs'] }],
};

describe('the verifier of fixes', () => {
	for (const [name, [pattern, text, more]] of Object.entries(BROKEN)) {
		it(`prefers no fix that ${name}`, async () => {
			const rule = surely(new RegExp(pattern, 'g'), text, more);
			assert.equal(await isPreferred(rule), false);
			assert.equal((await fixAll(analyserWith(rule), request)).text, DOCKERFILE, 'and fix-all does not take it');
		});
	}

	it('prefers one that changes nothing of what is built', async () => {
		const rule = surely(/# old\n/g, '');
		assert.equal(await isPreferred(rule), true);
		assert.equal((await fixAll(analyserWith(rule), request)).text, DOCKERFILE.replace('# old\n', ''));
	});

	it('prefers one that changes on purpose what it says', async () => {
		assert.equal(await isPreferred(surely(/\.\/cmd\/app/g, './cmd/other', { changes: ['packages'] })), true);
	});

	for (const [what, flags, environment] of [
		['a flag', '-race', ''],
		['the flags of the linker', '-ldflags="-linkmode external"', ''],
		['GOEXPERIMENT', '', 'GOEXPERIMENT=boringcrypto '],
	] as const) {
		it(`prefers no fix that turns cgo off where ${what} needs it`, async () => {
			const text = DOCKERFILE.replace(/CGO_ENABLED=0 go build.*-o/, `${environment}CGO_ENABLED=1 go build ${flags} -o`);
			const { findings } = await analyserWith(surely(/(?<=CGO_ENABLED=)1/g, '0', { changes: ['cgo'] })).analyse({ ...request, text });
			const finding = findings.find(({ code }) => code === 'of-the-test');
			assert.equal((await finding?.fixes())?.[0]?.preferred, false);
		});
	}

	it('prefers a fix that turns cgo off where nothing needs it', async () => {
		const text = DOCKERFILE.replace('CGO_ENABLED=0', 'CGO_ENABLED=1');
		const { findings } = await analyserWith(surely(/(?<=CGO_ENABLED=)1/g, '0', { changes: ['cgo'] })).analyse({ ...request, text });
		const finding = findings.find(({ code }) => code === 'of-the-test');
		assert.equal((await finding?.fixes())?.[0]?.preferred, true);
	});

	it('prefers no fix after which a RUN starts a binary of another platform', async () => {
		const rule = surely(/CGO_ENABLED=0(?= go)/g, 'CGO_ENABLED=0 GOARCH=$TARGETARCH', { changes: ['platform'] });
		const isPreferredIn = async (text: string) => {
			const { findings } = await analyserWith(rule).analyse({ ...request, text });
			return (await findings.find(({ code }) => code === 'of-the-test')?.fixes())?.[0]?.preferred;
		};
		const declared = DOCKERFILE.replace('FROM golang', 'FROM --platform=$BUILDPLATFORM golang').replace('RUN', 'ARG TARGETARCH\nRUN');
		assert.equal(await isPreferredIn(declared), true);
		assert.equal(await isPreferredIn(declared.replace('./cmd/app', './cmd/app && /out/app -version')), false);
	});

	it('takes the other fixes where one is wrong', async () => {
		const rule = surely(/# old\n|(?<=--from=)build/g, '');
		assert.equal((await fixAll(analyserWith(rule), request)).text, DOCKERFILE.replace('# old\n', ''));
	});

	it('looks at the other files that a fix changes', async () => {
		const edit = { range: { start: 0, end: 0 }, newText: 'go.mod\n' as Written };
		const leavingOut = surely(/# old\n/g, '', { otherEdits: new Map([['/w/.dockerignore', [edit]]]) });
		assert.equal(await isPreferred(leavingOut), false);
	});

	it('prefers no fix where a finding of the same code is still there by another place', async () => {
		const rule = surely(/# old\n/g, '# new\n');
		const moving: Rule = {
			...rule,
			*check(facts, reported) {
				yield* rule.check?.(facts, reported) ?? [];
				for (const { index } of facts.dockerfile.text.matchAll(/# new/g))
					yield { range: { start: index, end: index + 5 }, message: 'It says # new' };
			},
		};
		assert.equal(await isPreferred(moving), false);
	});
});
