import { comment, number, type Written, written, yamlFlow, yamlText } from '../dockerfile/write.ts';
import { basename, isWithin } from '../workspace/paths.ts';
import type { ContainerNeeds } from './container-needs.ts';

/** How a compose file names what it builds. */
export interface ComposeBuild {
	/** The directory of the build context, as seen from the compose file. */
	readonly context: string;
	/** The Dockerfile, as seen from the context. */
	readonly dockerfile: string;
}

/** A compose file, and what to tell of it. */
export interface GeneratedCompose {
	readonly text: string;
	/** One sentence each. */
	readonly summary: readonly string[];
}

/** Directories whose files nobody keeps. */
const PASSING = ['/tmp', '/run', '/var/run', '/var/tmp', '/dev/shm'];

/**
 * Writes a compose file with a service that starts a generated image with as little as its program needs: a read-only root, no capabilities,
 * and mounts for what it writes.
 *
 * @returns `undefined` if a name cannot be written
 */
export function composeFor(
	needs: ContainerNeeds,
	build: ComposeBuild,
	comments: boolean,
	newline: '\n' | '\r\n',
): GeneratedCompose | undefined {
	const name = yamlText(needs.name, false);
	const health = needs.health && [needs.path, ...needs.health];
	const mounts = mountsOf(needs);
	const body = [
		buildLine(build),
		...hardening(needs, mounts),
		list('tmpfs', mounts.temporary, (path) => yamlText(path, true)),
		needs.hasUnknownPort
			? { explanation: 'The port that the program listens on is not constant: publish it with ports.', text: written`` }
			: list('ports', needs.ports, (port) => written`"${number(port)}:${number(port)}"`),
		list('volumes', mounts.volumes, (volume) => volumeEntry(volume)),
		healthCheck(health),
	];
	const volumes = mounts.volumes.map((volume) => yamlText(volume.name, false));
	if (name === undefined || !volumes.every((volume) => volume !== undefined) || !body.every((section) => section !== undefined))
		return undefined;
	const lines = [
		'services:',
		`  ${name}:`,
		...body.flatMap(({ explanation, text }) => [
			...(comments && explanation !== '' ? [`    ${comment(explanation)}`] : []),
			...(text === '' ? [] : text.split('\n').map((line) => `    ${line}`)),
		]),
		...(volumes.length === 0 ? [] : ['', 'volumes:', ...volumes.map((volume) => `  ${volume}:`)]),
	];
	return { text: `${lines.join(newline)}${newline}`, summary: summaryOf(needs, mounts, health) };
}

/** A key with its value, and why it is there. */
interface Section {
	readonly explanation: string;
	/** Empty where nothing but the explanation is written. */
	readonly text: Written;
}

interface Volume {
	readonly name: string;
	readonly path: string;
}

interface Mounts {
	readonly temporary: readonly string[];
	readonly volumes: readonly Volume[];
	/** Directories that hold files of the image: a volume keeps those of the first image for ever. */
	readonly mixed: readonly string[];
}

function mountsOf({ temporary, directories, files }: ContainerNeeds): Mounts {
	const outermost = directories.filter((path) => !directories.some((other) => other !== path && isWithin(other, path)));
	const isPassing = (path: string) => PASSING.some((directory) => isWithin(directory, path));
	const mixed = outermost.filter((path) => files.some((file) => isWithin(path, file)));
	const kept = outermost.filter((path) => !isPassing(path) && !mixed.includes(path));
	const passing = outermost.filter((path) => isPassing(path) && !mixed.includes(path) && !(temporary && path === '/tmp'));
	return {
		temporary: [...(temporary ? ['/tmp'] : []), ...passing],
		volumes: kept.map((path) => ({ name: volumeName(path, kept), path })),
		mixed,
	};
}

/** The last name of the path; all of them where another volume has it. */
function volumeName(path: string, all: readonly string[]): string {
	const isOnly = all.filter((other) => basename(other) === basename(path)).length === 1;
	const name = (isOnly ? basename(path) : path.slice(1)).replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
	return name === '' ? 'data' : name;
}

function buildLine({ context, dockerfile }: ComposeBuild): Section | undefined {
	const directory = yamlText(context, true);
	const file = yamlText(dockerfile, true);
	const text = dockerfile === 'Dockerfile' ? written`build: ${directory}` : written`build:\n  context: ${directory}\n  dockerfile: ${file}`;
	return text && { explanation: '', text };
}

function hardening({ root }: ContainerNeeds, { mixed }: Mounts): Section[] {
	const sections: Section[] = [];
	const [first] = mixed;
	if (root !== undefined)
		sections.push({ explanation: `It runs as root because it uses ${root}: capabilities and files stay as they are.`, text: written`` });
	else if (first !== undefined) {
		sections.push({ explanation: `Not read-only: the program writes to ${first}, which holds files of the image.`, text: written`` });
	} else sections.push({ explanation: 'The program writes only to what is mounted.', text: written`read_only: true` });
	if (root === undefined) sections.push({ explanation: '', text: written`cap_drop:\n  - ALL` });
	sections.push({ explanation: '', text: written`security_opt:\n  - no-new-privileges:true` });
	return sections;
}

function list<Item>(
	key: 'tmpfs' | 'ports' | 'volumes',
	items: readonly Item[],
	entry: (item: Item) => Written | undefined,
): Section | undefined {
	if (items.length === 0) return { explanation: '', text: written`` };
	const words = items.map(entry);
	const name = { tmpfs: written`tmpfs`, ports: written`ports`, volumes: written`volumes` }[key];
	const explanation = { tmpfs: 'Temporary files, in memory.', ports: '', volumes: 'What the program keeps.' }[key];
	let text: Written | undefined = written`${name}:`;
	for (const word of words) text = written`${text}\n  - ${word}`;
	return text && { explanation, text };
}

function volumeEntry({ name, path }: Volume): Written | undefined {
	// A colon would separate.
	return path.includes(':') ? undefined : yamlText(`${name}:${path}`, true);
}

function healthCheck(words: readonly string[] | undefined): Section | undefined {
	if (words === undefined) return { explanation: NO_HEALTH_CHECK, text: written`` };
	const test = yamlFlow(['CMD', ...words], true);
	return (
		test && {
			explanation: 'The program checks itself: the image needs no shell and no curl.',
			text: written`healthcheck:\n  test: ${test}`,
		}
	);
}

const NO_HEALTH_CHECK = 'No health check: no sub-command or flag of the program is known for it, and the image has no curl.';

function summaryOf(
	{ name, ports, hasUnknownPort, root }: ContainerNeeds,
	{ temporary, volumes, mixed }: Mounts,
	health: readonly string[] | undefined,
): string[] {
	const parts = [
		...(root === undefined && mixed.length === 0 ? ['a read-only root'] : []),
		...(root === undefined ? ['no capabilities'] : []),
		...(temporary.length === 0 ? [] : [`a tmpfs at ${temporary.join(' and ')}`]),
		...volumes.map((volume) => `the volume ${volume.name} at ${volume.path}`),
		...(ports.length === 0 ? [] : [`port${ports.length === 1 ? '' : 's'} ${ports.join(' and ')}`]),
		...(health === undefined ? [] : [`the health check ${health.join(' ')}`]),
	];
	return [
		`The compose service ${name} has ${parts.length === 0 ? 'the settings of the image' : parts.join(', ')}.`,
		...(root === undefined ? [] : [`It keeps its capabilities because the program uses ${root}.`]),
		...(hasUnknownPort ? ['It publishes no port: that of the program is not constant.'] : []),
		...mixed.map((path) => `Its root is not read-only: the program writes to ${path}, which holds files of the image.`),
		...(health === undefined ? [NO_HEALTH_CHECK] : []),
	];
}
