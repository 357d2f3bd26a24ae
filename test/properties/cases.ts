import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { dockerfileOf, inputsOf } from '../support/goldens.ts';
import { parseArchive } from '../support/txtar.ts';
import type { Case } from './checks.ts';
import { dockerfiles } from './dockerfiles.ts';
import { ROOT, WORKSPACES } from './workspaces.ts';

/** Dockerfiles with the workspaces that they stand in. */

const PATH = `${ROOT}/Dockerfile`;

const laidOut = Object.values(WORKSPACES).map((workspace) => ({
	[`${ROOT}/`]: '',
	...Object.fromEntries(Object.entries(workspace).map(([path, text]) => [`${ROOT}/${path}`, text])),
}));

/** Any of the generated Dockerfiles in any of the workspaces. */
export const cases: fc.Arbitrary<Case> = fc
	.tuple(fc.constantFrom(...laidOut), dockerfiles)
	.map(([files, text]) => ({ files, path: PATH, text }));

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

const MARKER = /^[ \t]*\^+ (?:error|warning|information|hint): .*\n?/gm;

/** The Dockerfiles of the fixtures, in their own workspaces. */
export function fixtureCases(): Case[] {
	return ['rules', 'fix-all', 'working', 'generate'].flatMap((directory) =>
		readdirSync(join(FIXTURES, directory), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.txtar'))
			.flatMap((name) => {
				const archive = parseArchive(readFileSync(join(FIXTURES, directory, name), 'utf8'));
				if (directory === 'generate') return [];
				const dockerfile = dockerfileOf(archive);
				const text = dockerfile.text.replace(MARKER, '');
				const files = Object.fromEntries(inputsOf(archive).map((file) => [`${ROOT}/${file.name}`, file.text]));
				return [
					{ files, path: `${ROOT}/${dockerfile.name}`, text: /\bCRLF\b/.test(archive.comment) ? text.replaceAll('\n', '\r\n') : text },
				];
			}),
	);
}

/** Where somebody has Dockerfiles of other people: a directory with any number of them. */
const FOREIGN = process.env.GO_SCRATCH_DOCKERFILES;

/** The Dockerfiles of other people, each in some of the workspaces. */
export function foreignCases(): Case[] {
	if (FOREIGN === undefined) return [];
	return readdirSync(FOREIGN, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /dockerfile|containerfile/i.test(entry.name))
		.flatMap((entry) => {
			const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
			return laidOut.map((files) => ({ files, path: PATH, text }));
		});
}
