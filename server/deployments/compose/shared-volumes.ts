import type { Service } from '../model.ts';

/**
 * The services of a project, where a volume that a service with another image or another user mounts too takes over nothing that is sure:
 * that service may be started first, or be there to change the owner.
 */
export function withSharedVolumes(services: readonly Service[]): Service[] {
	/** By volume, the different ways in which the services that mount it are started. */
	const ways = new Map<string, Set<string>>();
	for (const service of services) {
		const way = wayOf(service);
		for (const { kind, source } of service.mounts.all)
			if (kind === 'volume' && source !== undefined) ways.set(source, (ways.get(source) ?? new Set()).add(way));
	}
	return services.map((service) => {
		const all = service.mounts.all.map((mount) =>
			mount.kind === 'volume' && (ways.get(mount.source ?? '')?.size ?? 0) > 1 ? { ...mount, copiesImage: false } : mount,
		);
		return { ...service, mounts: { ...service.mounts, all } };
	});
}

/** The same text for services that start the same image as the same user. */
function wayOf({ build, image, user }: Service): string {
	const { context, dockerfile, inline, target } = build ?? {};
	const fields = build === undefined ? [image] : [context, dockerfile, inline, target];
	return [...fields, user.user, user.group].map((field) => JSON.stringify(field?.value) ?? '').join(' ');
}
