import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { explain, MESSAGES } from '../../server/explain/explain.ts';
import { rules } from '../../server/rules/index.ts';
import { PASTED, UNKNOWN_LINES } from './pasted.ts';

const codesOf = (text: string) => explain(text).flatMap(({ causes }) => causes.flatMap(({ code }) => code ?? []));

describe('messages', () => {
	it('have causes that are rules', () => {
		const known = new Set(rules.map(({ code }) => code));
		const unknown = MESSAGES.flatMap(({ causes }) => causes.flatMap(({ code }) => (code === undefined || known.has(code) ? [] : [code])));
		assert.deepEqual(unknown, []);
		assert.equal(new Set(MESSAGES.map(({ id }) => id)).size, MESSAGES.length);
		for (const { id, causes, meaning } of MESSAGES) assert.ok(causes.length > 0 && /\.$/.test(meaning), id);
	});

	it(`are recognised as people paste them (${PASTED.length} lines)`, () => {
		const wrong = PASTED.filter(([line, code]) => {
			const explained = explain(line);
			const codes = explained.flatMap(({ causes }) => causes.map((cause) => cause.code ?? 'none'));
			return explained.length !== 1 || !codes.includes(code);
		}).map(([line, code]) => `${code}: ${line} → ${JSON.stringify(explain(line).map(({ id }) => id))}`);
		assert.deepEqual(wrong, []);
	});

	it('of which nothing is known are left alone', () => {
		for (const line of UNKNOWN_LINES) assert.deepEqual(explain(line), [], line);
		assert.deepEqual(explain(''), []);
		assert.deepEqual(explain('\n\n'), []);
	});

	it('are matched in a time that grows with their length', () => {
		const pieces = [
			'exec: "',
			'a ',
			'/a',
			'open /',
			': no such file or directory',
			'x509: ',
			'OCI runtime ',
			'\\"',
			'(replaced by ',
			'stat a',
			'\'`"',
			'a:',
		];
		for (const piece of pieces) {
			for (const tail of ['', 'exec: "sh"', '!']) {
				const line = piece.repeat(Math.ceil(4_000 / piece.length)) + tail;
				const began = process.hrtime.bigint();
				explain(line);
				const milliseconds = Number(process.hrtime.bigint() - began) / 1e6;
				assert.ok(milliseconds < 500, `'${piece}' many times takes ${Math.round(milliseconds)} ms`);
			}
		}
	});

	it('of a long log are each explained once, in its order', () => {
		const log = ['starting', 'Get "https://a/": x509: certificate signed by unknown authority', 'open /tmp/x1: no such file or directory'];
		const explained = explain(Array.from({ length: 20_000 }, (_, index) => log[index % 3]).join('\r\n'));
		assert.deepEqual(
			explained.map(({ id, number }) => [id, number]),
			[
				['roots-missing', 2],
				['temporary-directory', 3],
			],
		);
	});

	it('have their number in the whole log, also where only its end is read', () => {
		const log = `${'starting\n'.repeat(500_000)}no command specified\n`;
		assert.deepEqual(
			explain(log).map(({ number }) => number),
			[500_001],
		);
	});
});

/** What the programs of the scenarios print themselves, or `go build -v` of what it compiles: it shows that something is wrong and is no message of an engine or of Go. */
const OWN_OUTPUT =
	/^(?:BoringCrypto: false|\(it prints nothing\)|runs as |ships the toolchain: |hello |built from |is the first process: |belongs to |listens on |\d\d:00 UTC|exit code 2$|The image is for |unicode\/utf8$)/;

describe('the messages of docs/proofs.md', () => {
	const page = readFileSync(fileURLToPath(new URL('../../docs/proofs.md', import.meta.url)), 'utf8');
	const sections = page.slice(page.indexOf('## Rules'), page.indexOf('## Dockerfiles that look wrong')).split(/^### /m).slice(1);
	const messages = sections.flatMap((section) => {
		const code = section.slice(0, section.indexOf('\n'));
		const rows = section.split('\n').filter((row) => /^\| [\d.]+ \|/.test(row));
		return rows.map((row) => {
			const cells = row.split(/(?<!\\)\|/);
			// A case may have a blank and a bar of its own, so the words are those before the fix.
			return { code, message: (cells[3] ?? '').trim().replace(/^`|`$/g, '') };
		});
	});

	it('are many', () => assert.ok(messages.length > 80, String(messages.length)));

	it('are explained by the rule that they prove', () => {
		const own = messages.filter(({ message }) => !OWN_OUTPUT.test(message));
		assert.ok(own.length > 60);
		const wrong = own.filter(({ code, message }) => !codesOf(message).includes(code));
		assert.deepEqual(
			wrong.map(({ code, message }) => `${code}: ${message}`),
			[],
		);
	});
});

describe('what is true here', () => {
	const finding = (code: string, message: string) => ({ code, message, range: { start: 0, end: 1 } });

	it('comes first, with what the rule reports', () => {
		const line = 'exec /entrypoint.sh: no such file or directory';
		const findings = [
			finding('entrypoint-not-in-image', '/entrypoint.sh needs /bin/sh, which is not in the image.'),
			finding('root-user', 'x'),
		];
		const [explained] = explain(line, findings);
		assert.deepEqual(
			explained?.causes.map(({ code, here }) => [code, here]),
			[
				['entrypoint-not-in-image', 'yes'],
				['dynamic-binary', 'no'],
				['cgo-without-libc', 'no'],
			],
		);
		assert.deepEqual(explained?.causes[0]?.findings, [findings[0]]);
	});

	it('is unknown where no Dockerfile was looked at, or no rule is about it', () => {
		assert.ok(explain('exec format error').every(({ causes }) => causes.every(({ here }) => here === 'unknown')));
		const [explained] = explain('x509: certificate signed by unknown authority', []);
		assert.deepEqual(
			explained?.causes.map(({ here }) => here),
			['no', 'unknown', 'unknown'],
		);
	});

	it('is the finding about what the message names, where there are several', () => {
		const findings = [
			finding('missing-executable', 'The program starts git (exec.Command), which is not in the image.'),
			finding('missing-executable', 'The program starts curl (exec.Command), which is not in the image.'),
		];
		const [explained] = explain('exec: "curl": executable file not found in $PATH', findings);
		assert.deepEqual(explained?.causes[0]?.findings, [findings[1]]);
	});
});
