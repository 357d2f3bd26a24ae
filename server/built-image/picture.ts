import type { Target } from '../facts/facts.ts';
import { mayNeed } from '../facts/linked-binaries.ts';
import type { Severity } from '../findings/finding.ts';
import type { NeedId } from '../knowledge/need-ids.ts';
import { isMountedByEngine } from '../knowledge/shared-libraries.ts';
import { certificateRoots, type Need, temporaryDirectory, userDatabase, zoneData } from '../needs/needs.ts';
import type { ImagePicture, PictureEntry, PictureNeed } from '../picture/model.ts';
import type { PictureFinding } from '../picture/needs.ts';
import { pictureOf } from '../picture/picture.ts';
import type { ImageFacts } from './facts.ts';
import type { BuiltImage, BuiltNode } from './model.ts';
import { walkTree } from './tree.ts';

/** The picture of a built image, with the size, the group and the layer of each file, which the simulation of a Dockerfile does not have. */
export function pictureOfImage(
	image: BuiltImage,
	{ facts }: ImageFacts,
	findings: readonly (PictureFinding & { readonly severity: Severity })[],
): ImagePicture {
	const [target] = facts.targets;
	if (target === undefined) throw new Error('a built image is one target');
	// A need that may be there is not said to be unmet.
	const certain = findings.filter(({ severity }) => severity !== 'information');
	const { tree, title, ...picture } = pictureOf(facts, target, certain);
	const wanted = new Set(tree.map(({ path }) => path));
	const nodes = new Map<string, BuiltNode>();
	for (const { path, node } of walkTree(image.tree)) if (wanted.has(path)) nodes.set(path, node);
	const { stage: _stage, base: _base, ...rest } = title;
	const all = [...picture.needs, ...linkedNeeds(target, picture.needs)].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
	const count = (state: PictureNeed['state']) => all.filter((need) => need.state === state).length;
	const needs = { met: count('met'), unmet: count('unmet'), unknown: count('unknown') };
	return {
		...picture,
		needs: all,
		title: { ...rest, needs, ...(image.name !== undefined && { of: image.name }) },
		tree: tree.map((entry) => described(entry, nodes.get(entry.path))),
		stages: [],
		flows: [],
	};
}

const ORDER: readonly PictureNeed['state'][] = ['unmet', 'unknown', 'met'];

/** What the names of functions show that programs may need, where no source says whether they do. */
const MAY_BE_NEEDED: Readonly<Record<string, Need>> = {
	'certificate-roots': certificateRoots,
	'zone-data': zoneData,
	'temporary-directory': temporaryDirectory,
	'user-database': userDatabase,
};

/** The needs that linked programs show: what a loader looks for, and what their functions may need. */
function linkedNeeds(target: Target, known: readonly PictureNeed[]): PictureNeed[] {
	const needs: PictureNeed[] = [];
	for (const { path, linked, lacks } of target.binaries) {
		const loading = linked?.kind === 'program' ? linked.loading : undefined;
		if (loading?.interpreter === undefined) continue;
		const common = { programs: [path], places: [] };
		const isThere = lacks?.kind !== 'loader';
		needs.push({
			...{ id: `loader:${loading.interpreter}`, title: `loader ${loading.interpreter}`, ...common },
			...(isThere ? { state: 'met', providedBy: [loading.interpreter] } : { state: 'unmet', providedBy: [], code: 'dynamic-binary' }),
		});
		const missing = lacks?.kind === 'library' ? lacks : undefined;
		const library = (name: string, more: Pick<PictureNeed, 'state' | 'code'>): PictureNeed => ({
			...{ id: `shared-library:${name}`, title: `shared library ${name}`, providedBy: [], ...common },
			...more,
		});
		// Those that the program names are looked for first, and after the first one that is missing none is.
		const end = missing?.requiredBy === undefined ? loading.libraries.indexOf(missing?.name ?? '') : -1;
		const direct = isThere ? loading.libraries.filter((name) => name !== missing?.name) : [];
		for (const name of direct) {
			const isUnknown = isMountedByEngine(name) || (end >= 0 && loading.libraries.indexOf(name) > end);
			needs.push(library(name, { state: isUnknown ? 'unknown' : 'met' }));
		}
		if (missing !== undefined) needs.push(library(missing.name, { state: 'unmet', code: 'missing-shared-library' }));
	}
	for (const [id, need] of Object.entries(MAY_BE_NEEDED)) {
		const may = known.some((each) => each.id === id) ? undefined : mayNeed(target, id as keyof typeof MAY_BE_NEEDED & NeedId);
		if (may === undefined) continue;
		const provided = need.provided(target.state);
		needs.push({
			id,
			title: `${need.title} (perhaps: it holds ${may.said})`,
			state: provided === 'yes' ? 'met' : 'unknown',
			providedBy: [],
			programs: [may.binary.path],
			places: [],
		});
	}
	return [...new Map(needs.map((each) => [each.id, each])).values()];
}

function described({ from: _from, ...entry }: PictureEntry, node: BuiltNode | undefined): PictureEntry {
	if (node === undefined) return entry;
	const { mode, owner, group, layer } = node;
	return {
		...entry,
		mode: mode.toString(8).padStart(4, '0'),
		...(owner !== undefined && { owner }),
		...(group !== undefined && { group }),
		...(node.kind === 'file' && { size: node.size }),
		layer,
	};
}
