import { number, type Written, written } from '../dockerfile/write.ts';
import { type Refusal, refusalOf } from '../facts/non-root.ts';
import { placesInDockerfile, placesOfImage } from '../facts/places.ts';
import { addsToGroups } from '../fixes/run-as.ts';
import { insertBesideKey } from '../fixes/yaml-edits.ts';
import { groupOf, passwdOf } from '../image/accounts.ts';
import type { Deployed, DeploymentFinding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'user-mismatch',
	severity: 'error',
	fixAll: true,
	judges: 'deployment',
	documentation: {
		summary:
			'A manifest requires a user other than root, but the image runs as root or as a named user; or a compose file names a user that the image does not have.',
		why: 'The kubelet compares numbers, because it does not look into the image. It refuses to start the container (`CreateContainerConfigError`): `container has runAsNonRoot and image has non-numeric user (nonroot), cannot verify user is non-root`, or `container has runAsNonRoot and image will run as root`. The engine looks up the `user` of a compose file in the image: `unable to find user app: no matching entries in passwd file`.',
		example:
			'# k8s/app.yaml\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n        securityContext:\n          runAsNonRoot: true\n\n# Dockerfile\nFROM alpine:3.22\nCOPY app /app\nUSER nobody\nENTRYPOINT ["/app"]',
		instead:
			'# k8s/app.yaml\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: app\n        securityContext:\n          runAsNonRoot: true\n          runAsUser: 65534\n\n# Dockerfile\nFROM alpine:3.22\nCOPY app /app\nUSER nobody\nENTRYPOINT ["/app"]',
		notes:
			'The container decides the user, then its pod, then the image. Nothing is reported if one of them is unknown: a variable, a template, or a field that a kustomize patch changes. The fix writes the UID and GID that the user has in the image. It is not offered for a setting of the pod if the pod has other containers; then use numbers in USER.',
	},
	*checkService(deployed) {
		const refusal = refusalOf(deployed);
		if (refusal !== undefined) yield refused(deployed, refusal);
		if (deployed.service.kind === 'compose') yield* unknownNames(deployed);
	},
};

/** Names that the files of the image do not have, so that the engine does not start the container. */
function* unknownNames(deployed: Deployed): Iterable<DeploymentFinding> {
	const { user, group } = deployed.service.user;
	const { state } = deployed.target;
	for (const [kind, field, file] of [
		['user', user, passwdOf(state)],
		['group', group, groupOf(state)],
	] as const) {
		const name = field?.value;
		if (field === undefined || name === undefined || file === undefined || /^\d*$/.test(name) || file.has(name)) continue;
		const where = kind === 'user' ? 'passwd' : 'group';
		yield {
			at: field.at,
			message: `The image has no ${kind} ${name}: ${deployed.service.title} fails with 'unable to find ${kind} ${name}: no matching entries in ${where} file'. Use a number.`,
			related: placesOfImage(deployed),
		};
	}
}

function refused(deployed: Deployed, { words, setting, by }: Refusal): DeploymentFinding {
	const { service, image } = deployed;
	const { value, instruction } = image.state.user;
	const numbers = value.uid === undefined ? undefined : `${value.uid}:${value.gid ?? value.uid}`;
	const advice =
		by === 'manifest'
			? 'Use the number of a user other than root.'
			: by === 'root'
				? 'Set USER in the Dockerfile to the number of a user other than root.'
				: value.uid === 0
					? 'Use a user other than root, by its number.'
					: numbers === undefined
						? 'Use the number of the user in USER.'
						: `Use USER ${numbers} in the Dockerfile, or runAsUser: ${value.uid}.`;
	const { user } = service.user;
	return {
		at: by === 'manifest' && user !== undefined ? user.at : setting.at,
		message: `The kubelet does not start ${service.title}: '${words}'. ${advice}`,
		related:
			by === 'manifest'
				? []
				: instruction === undefined
					? placesOfImage(deployed)
					: placesInDockerfile(deployed, instruction.range, 'the user'),
		fixes: () => (by === 'name' ? [numbersFix(deployed, setting)] : []),
	};
}

/** Writes the numbers that the user of the image has beside the setting. */
function numbersFix(deployed: Deployed, { key, at }: Refusal['setting']): Fix | undefined {
	const { service, image, textOf } = deployed;
	const { uid, gid, group } = image.state.user.value;
	const text = textOf(at.path);
	const isOwn = service.body.path === at.path && at.range.start >= service.body.range.start && at.range.end <= service.body.range.end;
	// A setting of the pod is that of its other containers too.
	if (uid === undefined || uid === 0 || key === undefined || text === undefined || (!isOwn && service.foreignNetwork !== undefined))
		return undefined;
	if (group !== undefined && gid === undefined) return undefined;
	const lines: Written[] = [written`runAsUser: ${number(uid)}`];
	if (group !== undefined && gid !== undefined && service.user.group === undefined) lines.push(written`runAsGroup: ${number(gid)}`);
	const edit = insertBesideKey(text, key, at, lines);
	return edit && { title: `Add runAsUser: ${uid}`, edits: [edit], preferred: !addsToGroups(image.state) };
}
