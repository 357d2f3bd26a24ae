/** The rules that no scenario shows, each with the reason: their effect is not one that an engine shows, or needs what is not there. */
export const NOT_PROVEN: ReadonlyMap<string, string> = new Map([
	['non-numeric-user', 'the kubelet rejects the user, not the engine.'],
	['unpinned-go-image', 'what a floating tag means tomorrow cannot be observed today.'],
	['unknown-suppression', 'it is about comments, which no engine reads.'],
	['missing-dockerignore', 'nothing fails: more is sent to the build than it needs.'],
]);

/**
 * What a rule says of Kubernetes that no engine shows, with where the source of Kubernetes says it: what needs no cluster is shown with the
 * same settings.
 */
export const PART_NOT_PROVEN: ReadonlyMap<string, string> = new Map([
	[
		'user-mismatch',
		"`runAsNonRoot`, which the kubelet compares with the user: `container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is non-root`, `container has runAsNonRoot and image will run as root` and `container's runAsUser breaks non-root policy` are the words of `verifyRunAsNonRoot` in pkg/kubelet/kuberuntime/security_context_others.go.",
	],
	[
		'missing-probe-program',
		'what the kubelet does after a failed probe or hook: the restarts, and that it ignores a liveness probe that cannot start (pkg/kubelet/prober/worker.go, pkg/probe/exec/exec.go).',
	],
	['port-mismatch', 'that a pod whose probe fails is not ready, or restarts: pkg/kubelet/prober/worker.go.'],
	['unwritable-mount', '`fsGroup`, by which the kubelet changes the owner of a volume: pkg/volume/volume_linux.go.'],
]);
