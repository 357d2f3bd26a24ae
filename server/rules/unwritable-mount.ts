import { mountOver } from '../deployments/deployed.ts';
import type { Mount } from '../deployments/model.ts';
import { relatedPlaces, saidOf } from '../facts/evidence.ts';
import { placesOfImage } from '../facts/places.ts';
import { writesOf } from '../facts/writes.ts';
import { mayWriteIn, whereItLies } from '../needs/writing.ts';
import type { Deployed, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'unwritable-mount',
	severity: 'warning',
	fixAll: false,
	judges: 'deployment',
	documentation: {
		summary: 'The program writes to a mount that belongs to another user, or is read-only.',
		why: 'A new named volume gets the content and the owner of the directory in the image. If the image does not have the directory, the volume belongs to root, and a program that runs as another user fails with `open /data/db: permission denied`. Writing to a read-only mount fails with `read-only file system`.',
		example:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    volumes:\n      - data:/data\nvolumes:\n  data:\n\n# Dockerfile\nFROM alpine:3.22\nCOPY --from=build /app /app\nUSER 65534:65534\nENTRYPOINT ["/app"]',
		instead:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    volumes:\n      - data:/data\nvolumes:\n  data:\n\n# Dockerfile\nFROM alpine:3.22\nCOPY --from=build /app /app\nUSER 65534:65534\nWORKDIR /data\nENTRYPOINT ["/app"]',
		notes:
			'Reports paths that are constant in Go source reachable from main. Not reported for a bind mount (the host decides its owner), for an external volume or one with its own driver, for a volume that a service with another image or user also mounts, nor if another mount or the user is unknown. There is no fix in the deployment: the image must have the directory with the right owner, as WORKDIR after USER or COPY --chown creates it.',
	},
	*checkService(deployed) {
		const { service, target } = deployed;
		const seen = new Set<Mount>();
		for (const { binary, evidence } of writesOf(target, service)) {
			const directory = whereItLies(target.state, evidence.detail);
			const mount = directory === undefined ? undefined : mountOver(service.mounts, directory);
			if (directory === undefined || mount === undefined || evidence.given || seen.has(mount)) continue;
			if (mayWriteIn(target.state, directory) !== 'no') continue;
			seen.add(mount);
			yield {
				at: mount.at,
				message: `The program writes to ${directory} (${saidOf(evidence, binary.program)}), but ${reasonOf(deployed, mount)}`,
				related: [...relatedPlaces([evidence]), ...placesOfImage(deployed)],
			};
		}
	},
};

function reasonOf({ image, target }: Deployed, { readOnly, kind, path }: Mount): string {
	if (readOnly === true) return `this mount is read-only: it fails with 'read-only file system'. Mount it so that it can be written.`;
	const { text, uid } = target.state.user.value;
	const user = `user ${text ?? uid}`;
	if (kind === 'tmpfs')
		return `this tmpfs belongs to root, and ${user} cannot write to it: it fails with 'permission denied'. Set uid or mode.`;
	const absent = path !== undefined && image.state.files.has(path) === 'no';
	return `this volume belongs to root${absent ? ` because the image does not have ${path}` : ', as the directory in the image does'}, and ${user} cannot write to it: it fails with 'permission denied'. Create the directory in the image with that owner.`;
}
