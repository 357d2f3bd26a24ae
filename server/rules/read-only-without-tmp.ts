import { mountOver } from '../deployments/deployed.ts';
import { type Written, written, yamlText } from '../dockerfile/write.ts';
import { relatedPlaces, saidOf } from '../facts/evidence.ts';
import { placesOfImage } from '../facts/places.ts';
import { temporaryFilesOf, writesOf } from '../facts/writes.ts';
import { hasKey, mountEmptyDir } from '../fixes/empty-dir.ts';
import { insertAfterKey } from '../fixes/yaml-edits.ts';
import { temporaryDirectory } from '../needs/needs.ts';
import { whereItLies } from '../needs/writing.ts';
import type { Deployed, DeploymentFinding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'read-only-without-tmp',
	severity: 'error',
	fixAll: true,
	judges: 'deployment',
	documentation: {
		summary: 'The root of the container is read-only, and the program writes where nothing is mounted.',
		why: 'With `read_only: true` (`readOnlyRootFilesystem` in Kubernetes) a program can write only to what is mounted: `open /tmp/x123: read-only file system`. A /tmp in the image does not help.',
		example:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    read_only: true\n\n# Dockerfile\nFROM alpine:3.22\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    read_only: true\n    tmpfs:\n      - /tmp\n\n# Dockerfile\nFROM alpine:3.22\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reports temporary files, which go to TMPDIR or /tmp, and files that are written under a constant path. Not reported if a mount is unknown, or if the image declares a VOLUME there. The fix adds a tmpfs for temporary files or, in a manifest in block style, an emptyDir volume. For data that must persist, mount a volume.',
	},
	*checkService(deployed) {
		const { service } = deployed;
		if (service.readOnlyRoot?.value !== true) return;
		yield* temporaryFiles(deployed);
		yield* otherFiles(deployed);
	},
};

function* temporaryFiles(deployed: Deployed): Iterable<DeploymentFinding> {
	const { service, target } = deployed;
	const found = temporaryFilesOf(target);
	const [first] = found;
	if (first === undefined || service.readOnlyRoot === undefined || temporaryDirectory.provided(target.state) !== 'no') return;
	const directory = target.state.environment.get('TMPDIR')?.value ?? '/tmp';
	if (target.state.isReadOnly?.(directory) !== 'yes') return;
	// Code that asks for the directory may use it only at times.
	const isCertain = found.some(({ evidence }) => evidence.symbol !== 'os.TempDir' && evidence.unstarted === undefined);
	yield {
		at: service.readOnlyRoot.at,
		...(isCertain ? {} : { severity: 'warning' as const }),
		message: `The program creates temporary files (${saidOf(first.evidence, first.binary.program)}), but the root of ${service.title} is read-only and nothing is mounted at ${directory}: it fails with 'read-only file system'. Mount a ${service.kind === 'compose' ? 'tmpfs' : 'volume of the kind emptyDir'} there.`,
		related: [...relatedPlaces(found.map(({ evidence }) => evidence)), ...placesOfImage(deployed)],
		fixes: () => [service.kind === 'compose' ? mountTmpfs(deployed, directory) : mountVolume(deployed, directory)],
	};
}

/** Files that are written under a constant path; those that a setting names may be elsewhere. */
function* otherFiles(deployed: Deployed): Iterable<DeploymentFinding> {
	const { service, target } = deployed;
	const seen = new Set<string>();
	for (const { binary, evidence } of writesOf(target, service)) {
		const directory = whereItLies(target.state, evidence.detail);
		if (directory === undefined || seen.has(directory) || evidence.given || service.readOnlyRoot === undefined) continue;
		seen.add(directory);
		if (mountOver(service.mounts, directory) !== undefined || target.state.isReadOnly?.(directory) !== 'yes') continue;
		yield {
			at: service.readOnlyRoot.at,
			severity: 'warning',
			message: `The program writes to ${directory} (${saidOf(evidence, binary.program)}), but the root of ${service.title} is read-only and nothing is mounted there: it fails with 'read-only file system'. Mount a volume at ${directory}.`,
			related: [...relatedPlaces([evidence]), ...placesOfImage(deployed)],
		};
	}
}

/** Adds an empty directory to the pod. */
function mountVolume({ service, textOf }: Deployed, directory: string): Fix | undefined {
	const text = textOf(service.body.path);
	const edits = text === undefined ? undefined : mountEmptyDir(text, service, directory);
	return edits && { title: `Mount an emptyDir at ${directory}`, edits, preferred: service.mounts.complete };
}

/** Adds a tmpfs to a service of compose that has none. */
function mountTmpfs({ service, textOf }: Deployed, directory: string): Fix | undefined {
	const setting = service.readOnlyRoot;
	const text = setting && textOf(setting.at.path);
	if (setting?.key === undefined || text === undefined) return undefined;
	if (service.mounts.all.some(({ kind }) => kind === 'tmpfs') || hasKey(text, service, 'tmpfs')) return undefined;
	const path = yamlText(directory, true);
	const lines: Written[] | undefined = path && [written`tmpfs:`, written`  - ${path}`];
	const edit = lines && insertAfterKey(text, setting.key, setting.at, lines);
	return edit && { title: `Mount a tmpfs at ${directory}`, edits: [edit], preferred: true };
}
