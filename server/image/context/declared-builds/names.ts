/** Which names the places that build an image give it, as far as the files that hold them say. */

/** Stands in a name for what is not known. */
export const UNKNOWN_PART = '\uFFFC';

/** Stand in a name for the owner and the name of the repository on GitHub. */
export const GITHUB_OWNER = '\uFFF9';
export const GITHUB_NAME = '\uFFFA';

/** Values of a variable: conditions and overrides leave several. */
export type Variables = ReadonlyMap<string, readonly string[]>;

const MOST_NAMES = 16;

/** The variables of a makefile. https://www.gnu.org/software/make/manual/html_node/Setting.html */
export function makeVariables(text: string): Variables {
	const found = new Map<string, string[]>();
	for (const match of text.matchAll(/^[ \t]*(?:(?:export|override)[ \t]+)*([A-Za-z_][\w.-]*)[ \t]*(?:\?|:{1,3})?=[ \t]*([^\r\n#]*)/gm)) {
		const [, name = '', value = ''] = match;
		const values = found.get(name) ?? [];
		if (values.length < 4 && !values.includes(value.trim())) values.push(value.trim());
		found.set(name, values);
	}
	return found;
}

/** The names with variables replaced, each value by each; what is not known stands as {@link UNKNOWN_PART}. */
export function expandNames(names: readonly string[], variables: Variables): string[] {
	let open = names.map((name) => name.replace(/\$\$(?=[A-Za-z_{(])/g, '$'));
	const done: string[] = [];
	for (let step = 0; open.length > 0 && step < 40; step++) {
		const next: string[] = [];
		for (const name of open) {
			const match = VARIABLE.exec(name);
			if (match === null) {
				done.push(name);
				continue;
			}
			const variable = match[1] ?? match[2] ?? match[4] ?? '';
			for (const value of variables.get(variable) ?? [match[3] ?? UNKNOWN_PART])
				next.push(name.slice(0, match.index) + withOwnDefault(value, variable) + name.slice(match.index + match[0].length));
		}
		open = next.filter((name) => name.length < 500).slice(0, MOST_NAMES);
	}
	return [...new Set(done)].map((name) => name.replace(/\$[({][^(){}]*(?:\([^()]*\)[^(){}]*)*[)}]|`[^`]*`|\$[A-Za-z_]\w*/g, UNKNOWN_PART));
}

/** A value without its quotes; the default of `NAME=${NAME:-default}` in place of the variable itself. */
function withOwnDefault(value: string, variable: string): string {
	return value.replace(/^(["'])(.*)\1$/, '$2').replace(OWN_DEFAULT, (all, name, its) => (name === variable ? its : all));
}

const OWN_DEFAULT = /\$\{(\w+):?[-=]([^{}]*)\}/g;

/** A variable of make or of a shell, with its default: `$(A)`, `${A}`, `$A`, `${A:-b}`. */
const VARIABLE = /\$\(([\w.-]+)\)|\$\{([\w.-]{1,100})(?::?-([^{}]*))?\}|\$([A-Za-z_]\w*)/;

/**
 * The names in the `tags` of a step, or in the `images` of a step that makes tags: one a line, or with commas between.
 * @param of gives the names that an earlier step makes, by the step's id
 */
export function workflowNames(text: string, environment: Variables, of: (step: string) => readonly string[] = () => []): string[] {
	const names = text
		.replace(/\$\{\{\s*steps\.([\w-]+)\.outputs\.[\w-]+\s*\}\}/g, (_, step: string) => `\n${of(step).join('\n')}\n`)
		.split(/[\n,]/)
		.map((line) => line.trim().replace(/^name=/, ''))
		.filter((line) => line !== '' && !/^[\w-]+=/.test(line));
	return expandExpressions(names, environment);
}

/** The names with the expressions of a workflow replaced. https://docs.github.com/actions/reference/contexts-reference */
export function expandExpressions(names: readonly string[], environment: Variables): string[] {
	const replaced = (name: string) =>
		name.replace(/\$\{\{([^{}]*)\}\}/g, (_, inside: string) => {
			const expression = inside.trim();
			const variable = /^env\.([\w-]+)$/.exec(expression)?.[1];
			if (variable !== undefined) return `\${${variable}}`;
			return EXPRESSIONS.get(expression) ?? UNKNOWN_PART;
		});
	const values = new Map([...environment].map(([name, its]) => [name, its.map(replaced)]));
	return expandNames(names.map(replaced), values);
}

const EXPRESSIONS: ReadonlyMap<string, string> = new Map([
	['github.repository', `${GITHUB_OWNER}/${GITHUB_NAME}`],
	['github.repository_owner', GITHUB_OWNER],
	['github.event.repository.name', GITHUB_NAME],
]);
