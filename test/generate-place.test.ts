import assert from 'node:assert/strict';
import { buildCommand } from '../server/generate/place.ts';

const MAIN = { directory: '/w/api', module: undefined, importPath: 'example.com/w/api', binaryName: 'api', rank: 'shipped' } as const;

describe('the command that builds a generated Dockerfile', () => {
	for (const [dockerfile, context, binaryName, expected] of [
		['/w/Dockerfile', '/w', 'api', 'docker build -t api .'],
		['/w/api/Dockerfile', '/w', 'api', 'docker build -t api -f api/Dockerfile .'],
		['/w/api/Dockerfile', '/w/api', 'api', 'docker build -t api api'],
		['/w/Dockerfile.scratch', '/w', 'api', 'docker build -t api -f Dockerfile.scratch .'],
		["/w/a;b 'c'/Dockerfile", '/w', 'api', "docker build -t api -f 'a;b '\\''c'\\''/Dockerfile' ."],
		['/w/$(id)/Dockerfile', '/w/$(id)', '_My App_', "docker build -t my-app '$(id)'"],
	] as const) {
		it(`is ${expected}`, () => assert.equal(buildCommand('/w', context, dockerfile, { ...MAIN, binaryName }), expected));
	}
});
