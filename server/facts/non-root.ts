import type { Field } from '../deployments/model.ts';
import type { DeployedTarget } from './facts.ts';

/** Why the kubelet does not start a container that must not run as root. */
export interface Refusal {
	/** The kubelet's words: verifyRunAsNonRoot in pkg/kubelet/kuberuntime/security_context_others.go of Kubernetes v1.36.3. */
	readonly words: string;
	/** Where the setting is that the user breaks. */
	readonly setting: Field<boolean>;
	/** What names the user: the image, by a name or as root, or the manifest. */
	readonly by: 'name' | 'root' | 'manifest';
}

/** Whether the kubelet refuses the container, whoever the manifest or else the image says that it runs as; `undefined` where that is not known. */
export function refusalOf({ service, image }: DeployedTarget): Refusal | undefined {
	const { runAsNonRoot: setting, complete, user } = service;
	if (setting?.value !== true) return undefined;
	if (user.user !== undefined) {
		return user.user.value === '0' ? { words: "container's runAsUser breaks non-root policy", setting, by: 'manifest' } : undefined;
	}
	if (!complete) return undefined;
	const { value, instruction } = image.state.user;
	if (value.uid === 0 && (instruction === undefined || /^\d+$/.test(value.user ?? ''))) {
		return { words: 'container has runAsNonRoot and image will run as root', setting, by: 'root' };
	}
	// A base image may have its user by number, whatever its name is.
	if (instruction === undefined || value.user === undefined || value.user === '' || /^\d+$/.test(value.user)) return undefined;
	const words = `container has runAsNonRoot and image has non-numeric user (${value.user}), cannot verify user is non-root`;
	return { words, setting, by: 'name' };
}
