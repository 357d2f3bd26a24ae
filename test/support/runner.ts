/**
 * What the runner of a workflow takes out of the output of a step: it reads both streams by lines, as StreamReader.ReadLine tells them
 * apart, and takes a line for a command that starts with `::` after blanks, or that holds the older `##[`.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */

export interface RunnerCommand {
	readonly name: string;
	readonly properties: Readonly<Record<string, string>>;
	readonly data: string;
}

/** The commands in the output of a step; what stands between `::stop-commands::TOKEN` and `::TOKEN::` is none. */
export function commandsIn(output: string): RunnerCommand[] {
	const commands: RunnerCommand[] = [];
	let stopped: string | undefined;
	for (const line of output.split(/\r\n|\r|\n/)) {
		const command = commandOf(line);
		if (stopped !== undefined) {
			if (command?.name === stopped) stopped = undefined;
		} else if (command !== undefined) {
			commands.push(command);
			if (command.name === 'stop-commands') stopped = command.data;
		}
	}
	return commands;
}

function commandOf(line: string): RunnerCommand | undefined {
	// The runner looks for the older form where it finds none of the newer one; here it counts anywhere.
	const old = /##\w*\[/.exec(line);
	if (old !== null) return { name: old[0], properties: {}, data: line };
	if (!line.trimStart().startsWith('::')) return undefined;
	// Whatever begins like this counts, also where the runner itself would find it incomplete.
	const [, name = '', properties = '', data = ''] = /^\s*::([^\s:]*)(?: (.*?))?(?:::([\s\S]*))?$/.exec(line) ?? [];
	const read = properties.split(',').map((each): [string, string] => {
		const [key = '', ...value] = each.split('=');
		return [key.trim(), unescaped(value.join('='), { '%3A': ':', '%2C': ',' })];
	});
	return { name, properties: Object.fromEntries(read), data: unescaped(data, {}) };
}

function unescaped(text: string, more: Readonly<Record<string, string>>): string {
	const all: Readonly<Record<string, string>> = { ...more, '%0D': '\r', '%0A': '\n', '%25': '%' };
	return text.replace(/%(?:0D|0A|25|3A|2C)/g, (escaped) => all[escaped] ?? escaped);
}
