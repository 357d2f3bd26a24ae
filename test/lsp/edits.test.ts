import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { dockerfiles } from '../properties/dockerfiles.ts';
import { WORKSPACES } from '../properties/workspaces.ts';
import { Client } from './client.ts';

/** Lines that are typed letter by letter, into a line of their own. */
const PHRASES = [
	'RUN mkdir -p /x/y && echo "a b" > /x/y/name',
	'RUN rm -rf /src /out',
	'RUN go build -o /app .',
	'RUN <<EOF',
	'COPY --from=build /app /app',
	'ENV CGO_ENABLED=0',
	'USER 65534:65534',
	'# go-scratch ignore=root-user,shell-form-command',
	'FROM alpine AS x',
	'ENTRYPOINT ["/app"]',
];

describe('a document that is typed into', function () {
	// A loaded machine is no failure.
	this.timeout(120_000);

	let typedInto: Client;
	let reader: Client;

	beforeEach(async () => {
		const files = WORKSPACES.everything ?? {};
		typedInto = await Client.start({ files });
		reader = await Client.start({ files });
	});
	afterEach(async () => {
		for (const client of [typedInto, reader]) {
			assert.equal(await client.stop(), 0);
			assert.deepEqual(client.logged, []);
		}
	});

	it('has the diagnostics of its text, whatever was typed before', async () => {
		let documents = 0;
		/** The last that was pushed for the newest text: where reading Go takes long, what needs no Go is pushed before. */
		const lastOf = async (client: Client, uri: string) =>
			JSON.stringify(await client.until(uri, () => true)).replaceAll(client.uri('.'), '');
		const lastOfBoth = async (uri: string, read: string) => {
			for (let tries = 0; ; tries++) {
				const both = [await lastOf(typedInto, uri), await lastOf(reader, read)] as const;
				if (both[0] === both[1] || tries === 50) return both;
				await delay(100);
			}
		};
		const place = fc.double({ min: 0, max: 1, noNaN: true });
		const edit = fc.record({ place, phrase: fc.constantFrom(...PHRASES), deleted: fc.nat(12) });
		await fc.assert(
			fc.asyncProperty(dockerfiles, fc.array(edit, { minLength: 1, maxLength: 3 }), async (text, edits) => {
				const name = `Dockerfile.${++documents}`;
				const uri = await typedInto.open(name, text);
				for (const { place, phrase, deleted } of edits) {
					const line = Math.floor(place * typedInto.text(uri).split('\n').length);
					const at = (character: number) => ({ line, character });
					await typedInto.edit(uri, { start: at(0), end: at(0) }, '\n');
					for (const [index, letter] of [...phrase].entries()) await typedInto.edit(uri, { start: at(index), end: at(index) }, letter);
					const end = phrase.length;
					await typedInto.edit(uri, { start: at(Math.max(end - deleted, 0)), end: at(end) }, '');
				}
				const read = await reader.open(name, typedInto.text(uri));
				const [typed, readAtOnce] = await lastOfBoth(uri, read);
				assert.equal(typed, readAtOnce, typedInto.text(uri));
				await typedInto.close(uri);
				await reader.close(read);
			}),
			{ numRuns: 30, endOnFailure: true },
		);
	});
});
