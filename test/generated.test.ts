import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from '../scripts/generate.ts';

describe('generated files', () => {
	it('are what `npm run generate` writes', async () => {
		for (const [path, content] of await generatedFiles()) {
			const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
			assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : undefined, content, `${path}: run npm run generate`);
		}
	});
});
