import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepareBases } from '../../test/images/bases.ts';
import { build, hasImage } from '../../test/images/engine.ts';
import { makeTemporary, removeTemporary } from './temporary.ts';

/** The images that stand for those that Dockerfiles name. */
export interface BaseImages {
	/** What is there for the references; what is not is absent. */
	standsFor(references: Iterable<string>): Promise<Stands>;
	/** An image with a Go toolchain, a shell and all else, for running what a plain `go build` writes. */
	readonly everything: string;
}

interface Stand {
	readonly image: string;
	readonly simulated: readonly string[];
}

export interface Stands {
	readonly images: ReadonlyMap<string, string>;
	readonly simulated: readonly string[];
	readonly absent: readonly string[];
}

/** @param proxy The module proxy that builds in images of Go ask; they have no other network. */
export async function prepareBaseImages(proxy: string): Promise<BaseImages> {
	const bases = await prepareBases();
	if (bases.versions.length === 0) throw new Error('There is no image of Go here: docker pull golang:1.26');
	const newest = bases.versions.at(-1);
	const wired = new Map<string, Promise<string>>();
	const wire = (image: string) => {
		const there = wired.get(image) ?? withProxy(image, proxy);
		wired.set(image, there);
		return there;
	};
	const standFor = async (reference: string): Promise<Stand | undefined> => {
		const known = plainReference(reference);
		if (bases.alpine || !/^alpine(?::|$)/.test(known)) {
			const { images, simulated } = await bases.standsFor(`FROM ${known}`);
			const [image] = images.values();
			if (image !== undefined) return { image: known.startsWith('golang') ? await wire(image) : image, simulated };
			// A toolchain line asks for a newer Go than there is here; a go line does not, for then the plain build fails too.
			const older = known.replace(/^golang:\d+\.\d+[\d.]*/, `golang:${newest}`);
			if (older !== known) {
				const stand = await standFor(older);
				return stand && { ...stand, simulated: [...stand.simulated, `${reference} by Go ${newest}`] };
			}
		}
		return (await hasImage(reference)) ? { image: reference, simulated: [] } : undefined;
	};
	const everything = (await standFor(`golang:${newest}`))?.image as string;
	return {
		everything,
		async standsFor(references) {
			const images = new Map<string, string>();
			const simulated = new Set<string>();
			const absent: string[] = [];
			for (const reference of new Set(references)) {
				const stand = await standFor(reference);
				if (stand === undefined) absent.push(reference);
				else {
					images.set(reference, stand.image);
					for (const note of stand.simulated) simulated.add(note);
				}
			}
			return { images, simulated: [...simulated], absent };
		},
	};
}

/** The reference as it is known here: Docker Hub unsaid, any Go 1 as the newest, and old Debian releases as the one that is there. */
function plainReference(reference: string): string {
	return reference
		.replace(/^(?:docker\.io\/)?(?:library\/)?/, '')
		.replace(/^golang:1(?:-(?=[a-z])|$)/, 'golang:')
		.replace(/^golang:$/, 'golang')
		.replace(/^(golang:.*)(?:buster|bullseye)$/, '$1bookworm');
}

/** The same image, in which the go command asks the proxy and, for want of a network, nobody else. */
async function withProxy(image: string, proxy: string): Promise<string> {
	const context = makeTemporary();
	try {
		writeFileSync(path.join(context, 'Dockerfile'), `FROM go-image\nENV GOPROXY=${proxy} GOSUMDB=off GOPRIVATE= GONOPROXY=none GOFLAGS=\n`);
		const made = await build({ context, stands: new Map([['go-image', image]]) });
		if (made.code !== 0) throw new Error(made.output);
		return made.image;
	} finally {
		removeTemporary(context);
	}
}
