import { fileURLToPath } from 'node:url';
import { build, getImage, hasImage, sizeOf, start } from './engine.ts';

/** The images that scenarios are built from, made from the official images of Go that are there. */

const DIRECTORY = fileURLToPath(new URL('./base', import.meta.url));

/** The versions of Go that scenarios are written for, the oldest first. */
export const NEWEST = '1.26';
const VERSIONS = ['1.19', NEWEST];

export interface Bases {
	/** The versions of Go whose images are there. */
	readonly versions: readonly string[];
	/** Whether there is Alpine, or an image that stands for it. */
	readonly alpine: boolean;
	/** The images that stand for those that a Dockerfile names; what is not known to it is left to the engine. */
	standsFor(dockerfile: string): Promise<Stands>;
	/** The network in which a TLS server answers on the loopback address; started when it is first asked for. */
	tlsNetwork(): Promise<string>;
	/** The image of the program that makes and asks what the images under test need. */
	tools(): Promise<string>;
}

export interface Stands {
	readonly images: ReadonlyMap<string, string>;
	/** What is not what its name says. */
	readonly simulated: readonly string[];
}

/** The official images of Go that images are made from. */
const official = new Map<string, string>();

/** The size of an image in bytes, without what was put into an image of Go that it is made from. */
export async function sizeWithout(bases: ReadonlyMap<string, string>, image: string): Promise<number> {
	const size = await sizeOf(image);
	for (const made of bases.values()) {
		const from = official.get(made);
		if (from === undefined) continue;
		const sizeMade = await sizeOf(made);
		if (size >= sizeMade) return size - sizeMade + (await sizeOf(from));
	}
	return size;
}

export async function prepareBases(): Promise<Bases> {
	const versions: string[] = [];
	for (const version of VERSIONS) if (await getImage(`golang:${version}`)) versions.push(version);
	const alpine = await findAlpine();
	const made = new Map<string, Promise<string>>();
	/** Builds a stage of base/Dockerfile once. */
	const make = (target: string, version: string): Promise<string> => {
		const key = `${target} ${version}`;
		let image = made.get(key);
		if (image === undefined) {
			image = makeBase(target, version, newest, alpine?.image);
			made.set(key, image);
		}
		return image;
	};
	let server: Promise<string> | undefined;
	const newest = versions.at(-1) ?? '';
	return {
		versions,
		alpine: alpine !== undefined,
		async standsFor(dockerfile) {
			const images = new Map<string, string>();
			const simulated = new Set<string>();
			for (const reference of referencesIn(dockerfile)) {
				const wanted = targetFor(reference, versions, alpine);
				if (wanted === undefined) continue;
				images.set(reference, await make(wanted.target, wanted.version));
				if (wanted.simulated !== undefined) simulated.add(wanted.simulated);
			}
			return { images, simulated: [...simulated] };
		},
		tlsNetwork: () => {
			server ??= make('tools', newest)
				.then((image) => start(image))
				.then((name) => `container:${name}`);
			return server;
		},
		tools: () => make('tools', newest),
	};
}

interface Alpine {
	readonly image: string;
	/** What stands for it, where it is not Alpine itself. */
	readonly simulated: string | undefined;
}

async function findAlpine(): Promise<Alpine | undefined> {
	if (await hasImage('go-scratch-alpine')) return { image: 'go-scratch-alpine', simulated: 'an image made here with musl and busybox' };
	return (await getImage('alpine')) ? { image: 'alpine', simulated: undefined } : undefined;
}

async function makeBase(target: string, version: string, newest: string, alpine: string | undefined): Promise<string> {
	const made = await build({
		context: DIRECTORY,
		target,
		// The standard packages are compiled there.
		seconds: 1800,
		arguments: { GO_IMAGE: await warmest(version), TOOLS_IMAGE: await warmest(newest), ...(alpine && { ALPINE_IMAGE: alpine }) },
	});
	if (made.code !== 0) throw new Error(`The image ${target} for Go ${version} cannot be made:\n${made.output}`);
	if (target === 'golang' || target === 'golang-without-compiler') official.set(made.image, `golang:${version}`);
	return made.image;
}

/** The image of a Go, with its build cache filled where there is such an image. */
async function warmest(version: string): Promise<string> {
	const warm = `golang:${version}-warm`;
	return (await hasImage(warm)) ? warm : `golang:${version}`;
}

/** The images that a Dockerfile names: behind FROM, and behind `--from=` where it has a colon or a slash. */
function referencesIn(dockerfile: string): Set<string> {
	return new Set(
		[...dockerfile.matchAll(/^\s*FROM\s+(?:--\S+\s+)*(\S+)|--from=(\S*[:/]\S*)/gim)].map((match) => (match[1] ?? match[2]) as string),
	);
}

function targetFor(
	reference: string,
	versions: readonly string[],
	alpine: Alpine | undefined,
): { target: string; version: string; simulated?: string } | undefined {
	const newest = versions.at(-1) as string;
	const go = /^golang(?::(\d+\.\d+)?(?:\.\d+)?(?:-?(alpine|bookworm|trixie|latest))?[\d.]*)?$/.exec(reference);
	if (go !== null) {
		const [, asked, variant] = go;
		const version = asked === undefined ? newest : versions.find((each) => Number(each.slice(2)) >= Number(asked.slice(2)));
		if (version === undefined) return undefined;
		// Up to Go 1.20 the go command itself needs the C library that it was built with.
		const withAlpine = variant === 'alpine' && Number(version.slice(2)) > 20 ? alpine : undefined;
		const notes = [
			...(asked !== undefined && version !== asked ? [`Go ${version}`] : []),
			...(withAlpine?.simulated === undefined ? [] : [withAlpine.simulated]),
			...(variant === 'alpine' && withAlpine === undefined ? ['an image without a C compiler, with glibc'] : []),
		];
		return {
			target: variant !== 'alpine' ? 'golang' : withAlpine === undefined ? 'golang-without-compiler' : 'golang-alpine',
			version,
			...(notes.length > 0 && { simulated: `${reference} by ${notes.join(' in ')}` }),
		};
	}
	if (/^alpine(?::|$)/.test(reference)) {
		const simulated = alpine?.simulated && `${reference} by ${alpine.simulated}`;
		return { target: 'alpine', version: newest, ...(simulated && { simulated }) };
	}
	const others: readonly [RegExp, string, string][] = [
		[/^gcr\.io\/distroless\/(?:cc|base)/, 'distroless-cc', 'an image made here with the same contents'],
		[/^gcr\.io\/distroless\/static/, 'distroless-static', 'an image made here with the same contents'],
		[/^debian:/, 'debian', 'the system of the Go image, without CA certificates'],
	];
	const found = others.find(([pattern]) => pattern.test(reference));
	return found && { target: found[1], version: newest, simulated: `${reference} by ${found[2]}` };
}
