import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/**
 * Writes `server/knowledge/standard-packages.ts` from the standard library of the Go toolchain that is on PATH. The table lets the
 * product know what a program reaches through standard packages where no Go is installed.
 */

interface ListedPackage {
	readonly ImportPath: string;
	readonly Imports?: readonly string[];
	readonly CgoFiles?: readonly string[];
}

function list(goarch: string, cgo: string): Map<string, ListedPackage> {
	const output = execFileSync('go', ['list', '-deps', '-json=ImportPath,Imports,CgoFiles', 'std'], {
		cwd: '/',
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		env: { ...process.env, GOOS: 'linux', GOARCH: goarch, CGO_ENABLED: cgo, GOFLAGS: '' },
	});
	const packages = JSON.parse(`[${output.trim().replaceAll(/^\}\n\{/gm, '},\n{')}]`) as ListedPackage[];
	return new Map(packages.map((found) => [found.ImportPath, found]));
}

function isPublic(path: string): boolean {
	return !path.startsWith('vendor/') && !path.split('/').includes('internal');
}

/** The public packages that a package imports, directly or through packages that are not public. */
function publicImports(packages: ReadonlyMap<string, ListedPackage>, path: string): Set<string> {
	const result = new Set<string>();
	const seen = new Set<string>([path]);
	const queue = [path];
	for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
		for (const imported of packages.get(next)?.Imports ?? []) {
			if (imported === 'C' || seen.has(imported)) continue;
			seen.add(imported);
			if (isPublic(imported)) result.add(imported);
			else queue.push(imported);
		}
	}
	return result;
}

const [amd64, arm64, amd64Pure, arm64Pure] = [list('amd64', '1'), list('arm64', '1'), list('amd64', '0'), list('arm64', '0')];
const lines: string[] = [];
for (const path of [...amd64.keys()].filter(isPublic).sort()) {
	const both = publicImports(arm64, path);
	const pure = publicImports(amd64Pure, path);
	const purely = publicImports(arm64Pure, path);
	const imports = [...publicImports(amd64, path)].filter((imported) => both.has(imported)).sort();
	const marked = imports.map((imported) => (pure.has(imported) && purely.has(imported) ? imported : `${imported}*`));
	const cgo = (amd64.get(path)?.CgoFiles ?? []).length > 0 ? '!' : '';
	lines.push([`${path}${cgo}`, ...marked].join(' '));
}
const version = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
writeFileSync(
	new URL('../server/knowledge/standard-packages.ts', import.meta.url),
	`// Written by scripts/generate-standard-packages.ts from the standard library of ${version}; not to be edited by hand.

/**
 * The public packages of the standard library, one a line, each followed by the public packages that it imports on linux, directly
 * or through packages that are not public. An exclamation mark behind a package says that it has files that import "C"; a star
 * behind an import, that only those files need it.
 */
export const STANDARD_PACKAGES = \`
${lines.join('\n')}
\`;
`,
);
