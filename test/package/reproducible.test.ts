import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildProduct } from '../../scripts/build.ts';
import { packageExtension, packageForNpm } from '../../scripts/package.ts';
import { inProject } from '../../scripts/project.ts';

/** What may stand in the extension: bundles, and what VS Code and its marketplace show. vsce gives some of it a name of its own. */
const IN_EXTENSION = [
	/^(?:\[Content_Types\]\.xml|extension\.vsixmanifest)$/,
	/^extension\/(?:package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
	/^extension\/dist\/(?:(?:client|server|language-server)\.cjs|web\/(?:client|server|library-(?:dockerfile-ast|jsonc-parser|yaml|deployments|explain|generation|hover|picture|refactorings))\.js)$/,
	/^extension\/dist\/webview\/image-view(?:\.js|-style\.css)$/,
	// The pages of the rules, which the extension opens.
	/^extension\/docs\/rules\/(?:[a-z-]+|README)\.md$/,
	/^extension\/(?:media|snippets|schemas)\/[a-z./-]+\.(?:png|svg|webp|md|json)$/,
];

/** The same for the npm package. */
const IN_NPM_PACKAGE = [
	/^package\/(?:package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
	/^package\/dist\/(?:cli|command-line|server|language-server|library-[a-z]+)\.cjs$/,
	/^package\/(?:docs\/(?:command-line|editors|rules\/(?:[a-z-]+|README))\.md|schemas\/[a-z-]+\.schema\.json)$/,
];

describe('the packages', function () {
	this.timeout(120_000);
	const scratch = mkdtempSync(path.join(tmpdir(), 'go-scratch-packages-'));
	const zone = process.env.TZ;
	const umask = process.umask();
	let [extension, again]: Buffer[] = [];
	let [npmPackage, npmPackageAgain]: Buffer[] = [];

	async function makeBoth(name: string): Promise<[Buffer, Buffer]> {
		const bundles = path.join(scratch, name);
		await buildProduct({ forShipping: true, into: bundles });
		const extension = await packageExtension({ bundles, output: path.join(scratch, `${name}.vsix`) });
		const npmPackage = await packageForNpm({ bundles, output: path.join(scratch, `${name}.tgz`) });
		return [readFileSync(extension.path), readFileSync(npmPackage.path)];
	}

	before(async () => {
		[extension, npmPackage] = await makeBoth('first');
		process.env.TZ = 'Pacific/Kiritimati';
		process.umask(0o077);
		[again, npmPackageAgain] = await makeBoth('second');
	});

	after(() => {
		process.umask(umask);
		if (zone === undefined) delete process.env.TZ;
		else process.env.TZ = zone;
		rmSync(scratch, { recursive: true, force: true });
	});

	it('are the same bytes when they are made again, at another time, in another time zone and under another umask', () => {
		assert(extension?.equals(again as Buffer), 'the extension');
		assert(npmPackage?.equals(npmPackageAgain as Buffer), 'the npm package');
	});

	it('hold bundles and what is shown to a person, and no source, map or dependency', () => {
		const strangers = (names: readonly string[], known: readonly RegExp[]) =>
			names.filter((name) => !known.some((pattern) => pattern.test(name)));
		const [inExtension, inNpmPackage] = [namesInZip(extension as Buffer), namesInTar(gunzipSync(npmPackage as Buffer))];
		assert(inExtension.includes('extension/dist/client.cjs') && inExtension.includes('extension/dist/server.cjs'));
		assert.deepEqual(strangers(inExtension, IN_EXTENSION), []);
		assert(inNpmPackage.includes('package/dist/cli.cjs') && inNpmPackage.includes('package/dist/server.cjs'));
		assert.deepEqual(strangers(inNpmPackage, IN_NPM_PACKAGE), []);
	});
});

describe('.vscodeignore', function () {
	this.timeout(120_000);
	const scratch = mkdtempSync(path.join(tmpdir(), 'go-scratch-vscodeignore-'));
	const bundles = path.join(scratch, 'bundles');
	const project = path.join(scratch, 'project');
	const output = path.join(scratch, 'tried.vsix');
	const ignored = readFileSync(inProject('.vscodeignore'), 'utf8');

	before(async () => {
		await buildProduct({ forShipping: true, into: bundles });
		for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'schemas', 'snippets', 'docs'])
			cpSync(inProject(name), path.join(project, name), { recursive: true });
	});

	after(() => rmSync(scratch, { recursive: true, force: true }));

	async function packedWith(text: string): Promise<string[]> {
		writeFileSync(path.join(project, '.vscodeignore'), text);
		return namesInZip(readFileSync((await packageExtension({ bundles, output, project })).path));
	}

	it('says what goes into the extension', async () => {
		const names = await packedWith(ignored);
		assert.ok(!names.includes('extension/docs/editors.md'));
		const named = await packedWith(`${ignored}!docs/editors.md\n`);
		assert.deepEqual(
			named.filter((name) => !names.includes(name)),
			['extension/docs/editors.md'],
		);
		assert.deepEqual(
			names.filter((name) => !named.includes(name)),
			[],
		);
	});

	it('cannot leave out what package.json names', async () => {
		await assert.rejects(packedWith(ignored.replace('!snippets/*.json\n', '')), /snippets\/dockerfile\.json/);
	});
});

/** The names in a zip archive, read from its central directory (section 4.3.12 of the format's description, APPNOTE.TXT). */
function namesInZip(archive: Buffer): string[] {
	const names: string[] = [];
	const signature = Buffer.from('PK\u0001\u0002');
	const end = archive.lastIndexOf('PK\u0005\u0006');
	let entry = archive.readUInt32LE(end + 16);
	while (archive.subarray(entry, entry + 4).equals(signature)) {
		const [name, extra, comment] = [archive.readUInt16LE(entry + 28), archive.readUInt16LE(entry + 30), archive.readUInt16LE(entry + 32)];
		names.push(archive.toString('utf8', entry + 46, entry + 46 + name));
		entry += 46 + name + extra + comment;
	}
	return names;
}

/** The names in a tar archive of short names (the ustar header of POSIX: the name first, the size in octal at 124). */
function namesInTar(archive: Buffer): string[] {
	const names: string[] = [];
	const text = (start: number, length: number) => archive.toString('utf8', start, start + length).replace(/\0.*$/s, '');
	for (let at = 0; archive[at]; ) {
		names.push(text(at, 100));
		const size = Number.parseInt(text(at + 124, 12), 8);
		at += 512 * (1 + Math.ceil(size / 512));
	}
	return names;
}
