/** Something that could not be done, where the rest went on. It makes the exit code 2. */
export interface Failure {
	/** One or several lines for a person. */
	readonly message: string;
	/** With what it could not be done. */
	readonly of: { readonly path: string; readonly what: 'Dockerfile' | 'directory' | 'path' };
	readonly not: 'read' | 'analysed' | 'written';
}

/** With how many Dockerfiles, directories and paths something could not be done. */
export function countOf(failures: readonly Failure[]): number {
	return new Set(failures.map(({ of }) => of.path)).size;
}

const PLURALS = { Dockerfile: 'Dockerfiles', directory: 'directories', path: 'paths' } as const;

/** `2 Dockerfiles could not be read, 1 directory could not be read`; empty where all could be done. */
export function failuresText(failures: readonly Failure[]): string {
	const groups = new Map<string, { what: keyof typeof PLURALS; not: string; paths: Set<string> }>();
	for (const { of, not } of failures) {
		const key = `${of.what} ${not}`;
		const group = groups.get(key) ?? { what: of.what, not, paths: new Set() };
		groups.set(key, group);
		group.paths.add(of.path);
	}
	return [...groups.values()]
		.map(({ what, not, paths }) => `${paths.size} ${paths.size === 1 ? what : PLURALS[what]} could not be ${not}`)
		.join(', ');
}

/** The first line of an error, without where it was thrown. */
export function withoutStack(described: string): string {
	const [first = ''] = described.split(/\n[ \t]+at /);
	return first === described ? described : `${first} (internal error; --verbose prints where)`;
}
