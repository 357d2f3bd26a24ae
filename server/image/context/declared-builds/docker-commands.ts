import { join } from '../../../workspace/paths.ts';
import type { Build } from './model.ts';
import { argumentsOf } from './values.ts';

/** Options of `docker build` and `docker buildx build` that stand without a value; all others take the next word. */
const SWITCHES =
	/^(?:--(?:push|load|pull|no-cache|quiet|rm|force-rm|squash|compress|check|debug|disable-content-trust|stream|provenance|sbom)|-q|-D)$/;

/**
 * The `docker build` commands in shell text or a Makefile's recipes.
 * @param expand replaces the variables in names
 */
export function commandBuilds(source: string, expand: (names: readonly string[]) => string[]): Build[] {
	const builds: Build[] = [];
	for (const line of source.replace(/\\\r?\n/g, ' ').split('\n')) {
		if (/^\s*#/.test(line)) continue;
		for (const match of line.matchAll(BUILDS)) {
			const build = commandBuild(line.slice(match.index + match[0].length), expand);
			const directory = /(?:^|[\s;&|@(])cd\s+([^\s;&|]+)\s*(?:&&|;)/.exec(line.slice(0, match.index + 1))?.[1];
			if (build === undefined) continue;
			builds.push(
				directory === undefined
					? build
					: { ...build, context: join(directory, build.context), dockerfile: join(directory, build.dockerfile) },
			);
		}
	}
	return builds;
}

/** A command of an engine's client that builds, as far as its options. */
const BUILDS = /(?:^|[\s;&|@(])(?:docker|podman|nerdctl|buildah|\$[({]?\w+[)}]?)\s+(?:buildx\s+build|image\s+build|build|bud)\s/g;

/** What closes what a quote or a substitution opens. */
const CLOSING: readonly (readonly [opening: string, closing: string])[] = [
	['"', '"'],
	["'", "'"],
	['$(', ')'],
	['${', '}'],
];

/** The words of a command as far as the first `;`, `&` or `|`, with their quotes and substitutions, which may hold blanks. */
function wordsOf(line: string): string[] {
	const words: string[] = [];
	// Where each kind of closing is found for the last time: what opens after that does not close.
	const last = CLOSING.map(([, closing]) => line.lastIndexOf(closing));
	let word = '';
	for (let at = 0; at < line.length; ) {
		const character = line[at] as string;
		if (/[;&|]/.test(character)) break;
		const kind = CLOSING.findIndex(([opening], index) => line.startsWith(opening, at) && at + opening.length <= (last[index] as number));
		const [opening, closing] = CLOSING[kind] ?? ['', ''];
		const end = kind < 0 ? at + 1 : line.indexOf(closing, at + opening.length) + 1;
		if (kind < 0 && /\s/.test(character)) {
			if (word !== '') words.push(word);
			word = '';
		} else word += line.slice(at, end);
		at = end;
	}
	if (word !== '') words.push(word);
	return words;
}

function commandBuild(line: string, expand: (names: readonly string[]) => string[]): Build | undefined {
	const words = wordsOf(line);
	let file: string | undefined;
	let target: string | undefined;
	let context: string | undefined;
	const settings: string[] = [];
	const names: string[] = [];
	for (let at = 0; at < words.length; at++) {
		const word = words[at] as string;
		const [, name, inline] = /^(--?[\w-]+)(?:=(.*))?$/.exec(word) ?? [];
		if (name === undefined) {
			// A variable among the options may stand for more options: it is the context only where nothing else is.
			if (!word.startsWith('$') || context === undefined) context = word;
			continue;
		}
		const value = inline ?? (SWITCHES.test(name) ? undefined : words[++at]);
		if (name === '-f' || name === '--file') file = value;
		else if (name === '--target') target = value;
		else if ((name === '-t' || name === '--tag') && value !== undefined) names.push(value.replace(/["']/g, ''));
		else if (name === '--build-arg' && value !== undefined) settings.push(value.replace(/["']/g, ''));
	}
	const plain = (word: string | undefined) =>
		word
			?.replace(/^["']|["']$/g, '')
			.replace(/^(?:\$\(?(?:CURDIR|PWD)\)?|\$\{(?:CURDIR|PWD)\}|\$\(shell pwd\)|\$\$?\(pwd\)|\$\$PWD|`pwd`)(?=\/|$)/, '.');
	const directory = plain(context);
	if (directory === undefined || directory === '-' || directory.includes('$') || /^[<>]/.test(directory)) return undefined;
	const stage = plain(target);
	return {
		context: directory,
		dockerfile: plain(file) ?? join(directory, 'Dockerfile'),
		target: stage?.includes('$') ? undefined : stage,
		arguments: argumentsOf(settings.map((setting) => setting.replaceAll('`', '$'))),
		names: expand(names),
	};
}
