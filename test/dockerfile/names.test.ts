import assert from 'node:assert/strict';
import { toExecForm } from '../../server/dockerfile/exec-form.ts';
import { fullRepository, parseImageReference } from '../../server/dockerfile/image-reference.ts';
import { parseMount } from '../../server/dockerfile/mount.ts';

describe('parseImageReference', () => {
	const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
	const cases: readonly (readonly [string, readonly (string | undefined)[] | undefined, string?])[] = [
		['golang', [undefined, 'golang', undefined, undefined], 'docker.io/library/golang'],
		['golang:1.22-alpine', [undefined, 'golang', '1.22-alpine', undefined], 'docker.io/library/golang'],
		['library/golang', [undefined, 'library/golang', undefined, undefined], 'docker.io/library/golang'],
		['docker.io/golang', ['docker.io', 'golang', undefined, undefined], 'docker.io/library/golang'],
		['index.docker.io/a/b', ['index.docker.io', 'a/b', undefined, undefined], 'docker.io/a/b'],
		['a/b', [undefined, 'a/b', undefined, undefined], 'docker.io/a/b'],
		['gcr.io/distroless/static-debian12:nonroot', ['gcr.io', 'distroless/static-debian12', 'nonroot', undefined]],
		['localhost/a', ['localhost', 'a', undefined, undefined], 'localhost/a'],
		['localhost:5000/a/b:1', ['localhost:5000', 'a/b', '1', undefined], 'localhost:5000/a/b'],
		[`r.example:443/a:1@${digest}`, ['r.example:443', 'a', '1', digest]],
		[`golang@${digest}`, [undefined, 'golang', undefined, digest]],
		['[::1]:5000/a', ['[::1]:5000', 'a', undefined, undefined]],
		['a__b/c-d.e', [undefined, 'a__b/c-d.e', undefined, undefined]],
		['scratch', [undefined, 'scratch', undefined, undefined]],
		['', undefined],
		['Golang', undefined],
		['golang:', undefined],
		['golang:$V', undefined],
		[`golang:\${V:-1}`, undefined],
		['a//b', undefined],
		['golang@sha256:12', undefined],
		['a b', undefined],
	];
	for (const [text, expected, full] of cases) {
		it(text || '(empty)', () => {
			const found = parseImageReference(text);
			assert.deepEqual(found && [found.registry, found.repository, found.tag, found.digest], expected);
			if (full !== undefined && found !== undefined) assert.equal(fullRepository(found), full);
		});
	}
});

describe('parseMount', () => {
	it('reads a cache', () => {
		const mount = parseMount('type=cache,target=/root/.cache/go-build,id=x,sharing=locked,uid=1,gid=2,mode=0755');
		assert.deepEqual(
			[mount.type, mount.target, mount.id, mount.sharing, mount.uid, mount.gid, mount.mode, mount.readonly],
			['cache', '/root/.cache/go-build', 'x', 'locked', '1', '2', '0755', false],
		);
	});
	it('is a read-only bind where nothing else is said', () => {
		const mount = parseMount('target=.');
		assert.deepEqual([mount.type, mount.target, mount.source, mount.from, mount.readonly], ['bind', '.', undefined, undefined, true]);
	});
	it('knows the other spellings', () => {
		const mount = parseMount('TYPE=bind,src=a,dst=/b,from=c,rw');
		assert.deepEqual([mount.type, mount.source, mount.target, mount.from, mount.readonly], ['bind', 'a', '/b', 'c', false]);
		assert.equal(parseMount('destination=/b,readwrite=false').readonly, true);
		assert.equal(parseMount('type=cache,ro').readonly, true);
		assert.equal(parseMount('type=tmpfs').readonly, false);
		assert.equal(parseMount('type=secret,required').required, true);
		assert.equal(parseMount('type=secret').required, false);
	});
	it('reads quoted fields', () => assert.equal(parseMount('type=bind,"source=a,""b"""').source, 'a,"b"'));
	it('reads what is half typed', () => assert.equal(parseMount('').type, 'bind'));
});

describe('toExecForm', () => {
	it('escapes as JSON does', () => assert.equal(toExecForm(['/app', 'a "b"\\', 'é\n']), '["/app", "a \\"b\\"\\\\", "é\\n"]'));
});
