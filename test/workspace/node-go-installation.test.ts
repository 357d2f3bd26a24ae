import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathFromNative } from '../../server/workspace/node-files.ts';
import { findGoInstallation } from '../../server/workspace/node-go-installation.ts';

describe('the Go installation', () => {
	let home: string;
	beforeEach(() => {
		home = pathFromNative(mkdtempSync(`${tmpdir()}/home-`));
		for (const directory of ['go/pkg/mod', 'other/pkg/mod', 'cache', 'sdk/src/runtime', 'sdk/bin']) {
			mkdirSync(`${home}/${directory}`, { recursive: true });
		}
	});
	afterEach(() => rmSync(home, { recursive: true }));

	it('is found where the go command keeps it by default', () => {
		const { moduleCaches, gopath } = findGoInstallation({ HOME: home, GOENV: 'off' });
		assert.equal(moduleCaches[0], `${home}/go/pkg/mod`);
		assert.deepEqual(gopath, [`${home}/go`]);
	});

	it('is found where the environment says, and by way of PATH', () => {
		const environment = { HOME: home, GOENV: 'off', GOPATH: `${home}/other`, GOMODCACHE: `${home}/cache`, PATH: `/none:${home}/sdk/bin` };
		const { moduleCaches, gopath, goroot } = findGoInstallation(environment);
		assert.deepEqual(moduleCaches.slice(0, 3), [`${home}/cache`, `${home}/other/pkg/mod`, `${home}/go/pkg/mod`]);
		assert.deepEqual(gopath, [`${home}/other`]);
		assert.equal(goroot, `${home}/sdk`);
	});

	it('is found where `go env -w` put it, unless the environment says otherwise', () => {
		writeFileSync(`${home}/env`, `# settings\nGOMODCACHE=${home}/cache\nGOROOT=${home}/none\n`);
		const environment = { HOME: home, GOENV: `${home}/env`, GOROOT: `${home}/sdk` };
		const { moduleCaches, goroot } = findGoInstallation(environment);
		assert.equal(moduleCaches[0], `${home}/cache`);
		assert.equal(goroot, `${home}/sdk`);
	});

	it('leaves out module caches that are not there', () => {
		const { moduleCaches } = findGoInstallation({ HOME: `${home}/none`, GOENV: 'off', GOMODCACHE: `${home}/none` });
		assert.ok(moduleCaches.every((path) => !path.startsWith(home)));
	});
});
