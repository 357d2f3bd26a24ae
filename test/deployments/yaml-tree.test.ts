import assert from 'node:assert/strict';
import { readYaml, truthOf, type YamlValue } from '../../server/deployments/yaml-tree.ts';

async function read(text: string): Promise<YamlValue> {
	const [document, ...others] = await readYaml('/w/compose.yaml', text);
	assert.ok(document);
	assert.deepEqual(others, []);
	return document;
}

describe('a YAML file with its places', () => {
	it('gives a value, its key and a part of its text the place where they stand', async () => {
		const text = 'a:\n  port: "8080:80" # of the program\n  list: [x, y]\n';
		const slice = (place: { range: { start: number; end: number } } | undefined) => place && text.slice(place.range.start, place.range.end);
		const a = (await read(text)).get('a');
		const port = a?.get('port');
		assert.equal(port?.text, '8080:80');
		assert.equal(slice(port?.at), '"8080:80"');
		assert.equal(slice(port?.key), 'port');
		assert.equal(slice(port?.part(5, 7)), '80');
		assert.equal(slice(a?.at), 'port: "8080:80" # of the program\n  list: [x, y]');
		assert.deepEqual(
			a?.get('list')?.items.map(({ at }) => slice(at)),
			['x', 'y'],
		);
	});

	it('gives a text with escapes the place of the whole for its parts', async () => {
		const value = (await read('a: "x\\ty"\n')).get('a');
		assert.deepEqual([value?.text, value?.literal, value?.part(0, 1)], ['x\ty', false, value?.at]);
	});

	it('follows aliases to the last anchor before them, and merge keys, whose own entries count first', async () => {
		const a = await read('x: &x {p: 1, q: 2}\ny: &x {p: 3}\nz:\n  <<: *x\n  r: 0777\nw:\n  <<: [*x, {q: 5}]\n  p: 4\n');
		const entries = (name: string) => [...(a.get(name)?.entries ?? [])].map(([key, { text }]) => `${key}=${text}`);
		assert.deepEqual(entries('z'), ['r=0777', 'p=3']);
		assert.deepEqual(entries('w'), ['p=4', 'q=5']);
		assert.equal(a.get('z')?.complete, true);
	});

	it('does not know an alias of nothing, nor a circle, nor what they are merged into', async () => {
		assert.equal((await read('a: *nothing\n')).get('a')?.kind, 'unknown');
		const circle = await read('a: &a\n  b: *a\n  <<: *a\n  c: 1\n');
		assert.equal(circle.get('a')?.get('b')?.kind, 'unknown');
		assert.equal(circle.get('a')?.complete, false);
		assert.equal(circle.get('a')?.get('c')?.text, '1');
	});

	it('tells nothing, an empty text, and a tag', async () => {
		const a = await read('a:\nb: ~\nc: ""\nd: !reset null\ne: yes\nf: "no"\n');
		assert.deepEqual(
			[...a.entries.values()].map(({ kind, text, tag }) => [kind, text, tag]),
			[
				['nothing', undefined, undefined],
				['nothing', undefined, undefined],
				['text', '', undefined],
				['text', 'null', '!reset'],
				['text', 'yes', undefined],
				['text', 'no', undefined],
			],
		);
		assert.deepEqual([...a.entries.values()].map(truthOf), [undefined, undefined, undefined, undefined, true, false]);
	});

	it('ends on aliases of aliases, deep nesting, length and errors', async () => {
		const doubling = ['a0: &a0 [x, x]', ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`)].join('\n');
		const count = (value: YamlValue): number => 1 + [...value.items, ...value.entries.values()].reduce((sum, each) => sum + count(each), 0);
		assert.ok(count(await read(doubling)) < 200_000);
		assert.deepEqual(await readYaml('/w/a.yaml', '['.repeat(5000)), []);
		assert.deepEqual(await readYaml('/w/a.yaml', `a: ${'x'.repeat(300_000)}`), []);
		assert.equal((await readYaml('/w/a.yaml', 'a: 1\n---\nb: [\n---\nc: 1\n')).length < 3, true);
	});
});
