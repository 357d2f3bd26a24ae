/** A text archive: a comment, then files, each behind a line `-- name --`. The format of Go's txtar. */
export interface Archive {
	readonly comment: string;
	readonly files: readonly ArchiveFile[];
}

export interface ArchiveFile {
	readonly name: string;
	readonly text: string;
}

export function parseArchive(text: string): Archive {
	const [comment = '', ...rest] = text.split(/^-- (.+) --\n/m);
	const files: ArchiveFile[] = [];
	for (let index = 0; index < rest.length; index += 2)
		files.push({ name: (rest[index] as string).trim(), text: rest[index + 1] as string });
	return { comment, files };
}

export function printArchive({ comment, files }: Archive): string {
	const end = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
	return end(comment) + files.map(({ name, text }) => `-- ${name} --\n${end(text)}`).join('');
}
