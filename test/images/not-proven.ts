/** The rules that no scenario shows, each with the reason: their effect is not one that an engine shows, or needs what is not there. */
export const NOT_PROVEN: ReadonlyMap<string, string> = new Map([
	['non-numeric-user', 'the kubelet rejects the user, not the engine.'],
	['user-mismatch', 'the kubelet rejects the user, not the engine; its words are those of its source.'],
	['port-mismatch', 'the kubelet asks the port of a probe, and the engine asks none.'],
	['command-not-in-image', 'the scenarios start an image by its own command; the words are those of `entrypoint-not-in-image`.'],
	['arguments-ignored', 'nothing fails: the program starts without its arguments.'],
	['missing-probe-program', '`docker run` has no option for a health check without a shell; the words are those of `missing-executable`.'],
	['missing-zone-for-env', 'the scenarios do not set variables of a deployment; `missing-timezone-data` shows the same for ENV TZ.'],
	['read-only-without-tmp', 'the scenarios start an image without the options of a deployment.'],
	['unwritable-mount', 'the scenarios start an image without the volumes of a deployment.'],
	['unpinned-go-image', 'what a floating tag means tomorrow cannot be observed today.'],
	['unknown-suppression', 'it is about comments, which no engine reads.'],
	['missing-dockerignore', 'nothing fails: more is sent to the build than it needs.'],
]);
