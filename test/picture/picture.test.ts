import assert from 'node:assert/strict';
import type { PictureEntry } from '../../server/picture/model.ts';
import { DOCKERFILE, draw } from './draw.ts';

/** `path kind mode owner size`, and the line of the instruction. */
function lineOf({ path, kind, mode, owner, size, target, complete, from }: PictureEntry): string {
	const by = from === undefined ? '' : from === 'base' ? 'base' : `line ${from.line}`;
	return [path, kind, mode, owner, size, target, complete === false ? 'and more' : '', by]
		.filter((each) => each !== undefined && each !== '')
		.join(' ');
}

describe('the picture of a target', () => {
	it('has the title, the tree, and what put each path there', async () => {
		const { title, tree, cut } = await draw(DOCKERFILE);
		assert.deepEqual(title, {
			of: '/w/Dockerfile',
			stage: 'release',
			base: 'scratch',
			files: 3,
			complete: true,
			needs: { met: 1, unmet: 4, unknown: 0 },
			user: { text: '65534:65534', uid: 65534, gid: 65534 },
			starts: { program: '/bin/app', path: '/bin/app', present: 'yes' },
		});
		assert.equal(cut, 0);
		assert.deepEqual(tree.map(lineOf), [
			'/ directory 0755 0',
			'/bin directory 0755 0 line 9',
			'/bin/app file 0755 65534 line 9',
			'/etc directory 0755 0 line 10',
			'/etc/motd file 0644 0 4 line 10',
			'/srv directory 0755 0 line 7',
			'/srv/page.html file 0 3 line 8',
		]);
		assert.deepEqual(tree.find(({ path }) => path === '/bin/app')?.program, ['example.com/app']);
	});

	it('says of each need whether it is met, what provides it, and where Go shows it', async () => {
		const { needs } = await draw(DOCKERFILE);
		assert.deepEqual(
			needs.map(({ id, state, code, providedBy, places }) => [
				id,
				state,
				code,
				providedBy,
				places.map(({ name, line }) => `${name}:${line}`),
			]),
			[
				['certificate-roots', 'unmet', 'missing-ca-certificates', [], ['main.go:12']],
				['zone-data', 'unmet', 'missing-timezone-data', [], ['main.go:14']],
				['temporary-directory', 'unmet', 'missing-tmp', [], ['main.go:19']],
				['executable:git', 'unmet', 'missing-executable', [], ['main.go:17']],
				['runtime-file:page.html', 'met', undefined, ['/srv/page.html'], ['main.go:16']],
			],
		);
		assert.deepEqual(needs[0]?.places[0]?.chain, ['example.com/app']);
		assert.deepEqual(needs[0]?.programs, ['/bin/app']);
	});

	it('names a file once that the program opens and hands to a library, however it is written', async () => {
		const main = `package main

import (
	"example.com/other"
	"os"
)

func main() {
	os.ReadFile("page.html")
	other.Serve("./page.html")
}
`;
		const { needs, title } = await draw(DOCKERFILE, {
			'main.go': main,
			'go.mod': 'module example.com/app\n\nrequire example.com/other v1.0.0\n',
		});
		assert.deepEqual(
			needs.map(({ id, state, places }) => [id, state, places.map(({ line }) => line)]),
			[['runtime-file:page.html', 'met', [9, 10]]],
		);
		assert.deepEqual(title.needs, { met: 1, unmet: 0, unknown: 0 });
	});

	it('says what an image provides, and what the program brings itself', async () => {
		const alpine = DOCKERFILE.replace('FROM scratch', 'FROM alpine:3.22').replace('go build', 'go build -tags timetzdata');
		const { needs, title } = await draw(alpine);
		const states = new Map(needs.map(({ id, ...need }) => [id, need]));
		assert.deepEqual(states.get('certificate-roots')?.providedBy, ['/etc/ssl/certs/ca-certificates.crt']);
		assert.equal(states.get('zone-data')?.embedded, true);
		assert.equal(states.get('zone-data')?.state, 'met');
		assert.deepEqual(states.get('temporary-directory')?.providedBy, ['/tmp']);
		assert.equal(title.complete, false);
	});

	it('says what could not be known, in plain words', async () => {
		const { unknowns } = await draw(DOCKERFILE);
		assert.deepEqual(
			unknowns.map(({ kind, text, place }) => [kind, text, place?.line]),
			[['program', 'It starts a program whose name is not in the source (exec.Command).', 18]],
		);
		const made = await draw(DOCKERFILE.replace('RUN CGO_ENABLED=0 go build -o /app', 'RUN make'));
		assert.deepEqual(
			made.unknowns.slice(0, 2).map(({ text, instruction }) => [text, instruction?.line]),
			[
				['How /bin/app is built is not followed: it is taken to be example.com/app.', undefined],
				['What the command make does is not followed, so what it builds is unknown.', 4],
			],
		);
	});

	it('draws the stages as columns, with what goes from where to where', async () => {
		const { stages, flows } = await draw(DOCKERFILE);
		assert.deepEqual(
			stages.map(({ name, base, target, used, from }) => [name, base, target, used, from.line]),
			[
				['build', 'golang:1.26', false, true, 1],
				['release', 'scratch', true, true, 6],
			],
		);
		assert.deepEqual(
			flows.map(({ from, to, source, destination, instruction }) => [from, to, source, destination, instruction.line]),
			[
				[{ image: 'golang:1.26' }, 0, undefined, undefined, 1],
				[{ context: true }, 0, '.', '/src', 3],
				[{ image: 'scratch' }, 1, undefined, undefined, 6],
				[{ context: true }, 1, 'page.html', '/srv/page.html', 8],
				[{ stage: 0 }, 1, '/app', '/bin/app', 9],
			],
		);
	});

	it('shows links as links, and what nobody knows as incomplete', async () => {
		const { tree } = await draw(DOCKERFILE.replace('FROM scratch', 'FROM debian:13'));
		const lines = new Map(tree.map((entry) => [entry.path, lineOf(entry)]));
		assert.equal(lines.get('/bin'), '/bin link usr/bin');
		assert.match(lines.get('/etc') ?? '', /and more/);
	});

	it('has the modes that files have in the workspace, unless something changes them', async () => {
		const final = `FROM scratch
COPY page.html data /a/
COPY --chmod=600 page.html /b
ARG BITS
COPY --chmod=$BITS page.html /c
COPY --from=build /src/page.html /d
COPY --from=build /changed /e
COPY --from=build /app /app
`;
		const build = 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN cp page.html /changed && chmod +x /changed && go build -o /app\n';
		const { tree } = await draw(`${build}${final}`, { 'data/x': '' }, 0o640);
		const modes = new Map(tree.map(({ path, mode, keepsMode }) => [path, keepsMode === undefined ? mode : 'left over']));
		assert.deepEqual(
			['/a/page.html', '/a/x', '/b', '/c', '/d', '/e'].map((path) => modes.get(path)),
			['0640', '0640', '0600', undefined, '0640', undefined],
		);
	});

	it('is cut where it is large, and counts what it leaves out', async () => {
		const many = Object.fromEntries(Array.from({ length: 12_000 }, (_, index) => [`data/d${index % 40}/f${index}`, '']));
		const { tree, cut, title } = await draw(`${DOCKERFILE}COPY data /data\n`, many);
		assert.equal(tree.length, 10_000);
		const all = tree.length + cut;
		assert.equal(all, 7 + 1 + 40 + 12_000);
		assert.equal(tree[0]?.cut, cut);
		assert.equal(title.complete, false);
	});
});
