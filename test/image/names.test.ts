import assert from 'node:assert/strict';
import fc from 'fast-check';
import { copyOfNames, deleteName, entriesOf, type Names, newNames, setValue, valueAt } from '../../server/image/files/names.ts';

describe('names', () => {
	it('answer as a map does, and copies leave what they were copied from as it was', () => {
		const step = fc.record({
			kind: fc.constantFrom('set', 'set', 'set', 'delete', 'copy'),
			name: fc.integer({ min: 0, max: 60 }).map(String),
			value: fc.integer(),
		});
		fc.assert(
			fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
				let names: Names<number> = newNames();
				let map = new Map<string, number>();
				const left: [Names<number>, Map<string, number>][] = [];
				for (const { kind, name, value } of steps) {
					if (kind === 'copy') {
						left.push([names, new Map(map)]);
						names = copyOfNames(names);
					} else if (kind === 'delete') {
						deleteName(names, name);
						map.delete(name);
					} else {
						setValue(names, name, value);
						map.set(name, value);
					}
				}
				left.push([names, map]);
				for ([names, map] of left) {
					for (let name = 0; name <= 60; name++) assert.equal(valueAt(names, String(name)), map.get(String(name)));
					assert.deepEqual(new Map([...entriesOf(names)].sort()), new Map([...map].sort()));
				}
			}),
		);
	});

	it('come in the order in which they came', () => {
		let names = newNames<number>();
		for (let name = 0; name < 100; name++) {
			setValue(names, `n${name}`, name);
			if (name % 7 === 0) names = copyOfNames(names);
		}
		setValue(names, 'n50', -1);
		assert.deepEqual(
			[...entriesOf(names)].map(([name]) => name),
			Array.from({ length: 100 }, (_, name) => `n${name}`),
		);
	});

	it('are copied in few layers, however often', () => {
		let names = newNames<number>();
		for (let name = 0; name < 5000; name++) {
			setValue(names, `n${name}`, name);
			names = copyOfNames(names);
		}
		assert.ok(names.below.length <= Math.log2(5000) + 1);
	});
});
