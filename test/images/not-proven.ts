/** The rules that no scenario shows, each with the reason: their effect is not one that an engine shows, or needs what is not there. */
export const NOT_PROVEN: ReadonlyMap<string, string> = new Map([
	['non-numeric-user', 'the kubelet rejects the user, not the engine.'],
	['user-mismatch', 'the kubelet rejects the user, not the engine; its words are those of its source.'],
	['port-mismatch', 'the kubelet asks the port of a probe, and the engine asks none.'],
	['unpinned-go-image', 'what a floating tag means tomorrow cannot be observed today.'],
	['unknown-suppression', 'it is about comments, which no engine reads.'],
	['missing-dockerignore', 'nothing fails: more is sent to the build than it needs.'],
]);
