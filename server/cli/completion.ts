import type { Command, Option } from './command.ts';
import { UsageError } from './usage-error.ts';

/** The shells for which there is a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** What every command takes, and what stands in place of a command. */
const COMMON: Readonly<Record<string, Option>> = { help: { short: 'h', help: 'Show the options.' } };
const WORDS = [
	{ name: 'help', summary: 'Show the options of a command.' },
	{ name: 'version', summary: 'Print the version.' },
];

/** The script that makes the shell complete commands, options and their values. */
export function completionScript(shell: Shell, commands: readonly Command[]): string {
	const make = { bash: bashScript, zsh: zshScript, fish: fishScript };
	return make[shell](commands);
}

function optionsOf({ options }: Command): [name: string, option: Option][] {
	return Object.entries({ ...options, ...COMMON });
}

function namesOf([name, { short }]: [string, Option]): string[] {
	return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}

/**
 * A word in single quotes, which the three shells read alike.
 *
 * @throws UsageError never for the words of this program: they have no quotes and no backslashes.
 */
function quoted(word: string): string {
	if (/['\\\n]/.test(word)) throw new UsageError(`'${word}' cannot be completed.`);
	return `'${word}'`;
}

/** The first sentence without its stop, as shells show it beside a word; no mark that one of them reads. */
function described(text: string): string {
	const [first = ''] = text.split(/\.(?: |$)/);
	return first
		.replace(/['\\[\]:`"$]/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
}

/** What bash runs to complete a value. */
function bashValues(choices: Option['choices']): string {
	if (choices === undefined) return 'COMPREPLY=()';
	if (choices === 'files') return 'compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$word"))';
	if (choices === 'directories') return 'compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -d -- "$word"))';
	return bashWords(choices);
}

/** One word a line: file names have blanks, so only line feeds separate words. */
function bashWords(words: readonly string[]): string {
	return `COMPREPLY=($(compgen -W $${quoted(words.join('|')).replaceAll('|', '\\n')} -- "$word"))`;
}

function bashScript(commands: readonly Command[]): string {
	const names = [...commands, ...WORDS].map(({ name }) => name);
	const cases = commands.map((command) => {
		const options = optionsOf(command);
		const values = options.filter(([, { value }]) => value !== undefined);
		const ofValues = values.map((each) => `\t\t${namesOf(each).join('|')}) ${bashValues(each[1].choices)}; return ;;\n`).join('');
		const all = options.flatMap(namesOf);
		return `\t${command.name})
		case "$option" in
${ofValues}		esac
		if [[ $word == -* ]]; then ${bashWords(all)}; return; fi
		${bashValues(command.completes)}
		;;
`;
	});
	return `# bash completion for go-scratch: source <(go-scratch completion bash)
_go_scratch() {
	local IFS=$'\\n' word=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]}
	COMPREPLY=()
	# Readline makes three words of --name=value.
	if [[ $word == '=' ]]; then word=''
	elif [[ $option == '=' ]]; then option=\${COMP_WORDS[COMP_CWORD-2]}; fi
	if ((COMP_CWORD == 1)); then
		${bashWords([...names, '--help', '--version'])}
		return
	fi
	case "\${COMP_WORDS[1]}" in
	help) ${bashWords(commands.map(({ name }) => name))} ;;
${cases.join('')}	esac
}
complete -F _go_scratch go-scratch
`;
}

/** What zsh calls to complete a value. */
function zshValues(choices: Option['choices']): string {
	if (choices === undefined) return ' ';
	if (choices === 'files') return '_files';
	return choices === 'directories' ? '_files -/' : `(${choices.join(' ')})`;
}

function zshScript(commands: readonly Command[]): string {
	const list = [...commands, ...WORDS].map(({ name, summary }) => `\t\t${quoted(`${name}:${described(summary)}`)}\n`);
	const cases = commands.map((command) => {
		const words = optionsOf(command).flatMap((each) => {
			const [, { multiple, value, choices, help }] = each;
			const names = namesOf(each);
			return names.map((name) => {
				const exclusive = multiple === true ? '*' : `(${names.join(' ')})`;
				const takes = value === undefined ? '' : `${name.startsWith('--') ? '=' : '+'}`;
				const values = value === undefined ? '' : `:${described(value)}:${zshValues(choices)}`;
				return quoted(`${exclusive}${name}${takes}[${described(help)}]${values}`);
			});
		});
		if (command.completes !== undefined) words.push(quoted(`*:${described(command.operands)}:${zshValues(command.completes)}`));
		return `\t\t${command.name}) _arguments -s ${words.map((word) => `\\\n\t\t\t${word}`).join(' ')} ;;\n`;
	});
	return `#compdef go-scratch
# zsh completion for go-scratch: go-scratch completion zsh > "\${fpath[1]}/_go-scratch"
_go_scratch() {
	local -a commands
	commands=(
${list.join('')}	)
	if ((CURRENT == 2)); then
		_describe command commands
		return
	fi
	local command=$words[2]
	shift words
	((CURRENT--))
	case $command in
		help) _describe command commands ;;
${cases.join('')}	esac
}
if [ "$funcstack[1]" = "_go_scratch" ] || [ "$funcstack[1]" = "_go-scratch" ]; then _go_scratch "$@"; else compdef _go_scratch go-scratch; fi
`;
}

/** The words of fish for what may be the value. */
function fishValues(choices: Option['choices']): string {
	if (choices === undefined) return ' -x';
	if (choices === 'files') return ' -r -F';
	return choices === 'directories' ? ` -x -a '(__fish_complete_directories)'` : ` -x -a ${quoted(choices.join(' '))}`;
}

function fishScript(commands: readonly Command[]): string {
	const lines = [
		'# fish completion for go-scratch: go-scratch completion fish > ~/.config/fish/completions/go-scratch.fish',
		'complete -c go-scratch -f',
	];
	for (const { name, summary } of [...commands, ...WORDS]) {
		lines.push(`complete -c go-scratch -n __fish_use_subcommand -a ${name} -d ${quoted(described(summary))}`);
	}
	lines.push(`complete -c go-scratch -n '__fish_seen_subcommand_from help' -a ${quoted(commands.map(({ name }) => name).join(' '))}`);
	for (const command of commands) {
		const after = `complete -c go-scratch -n '__fish_seen_subcommand_from ${command.name}'`;
		for (const [name, { short, value, choices, help }] of optionsOf(command)) {
			const shorter = short === undefined ? '' : ` -s ${short}`;
			lines.push(`${after} -l ${name}${shorter}${value === undefined ? '' : fishValues(choices)} -d ${quoted(described(help))}`);
		}
		const { completes } = command;
		if (completes === 'files') lines.push(`${after} -F`);
		else if (completes === 'directories') lines.push(`${after} -a '(__fish_complete_directories)'`);
		else if (completes !== undefined) lines.push(`${after} -a ${quoted(completes.join(' '))}`);
	}
	return `${lines.join('\n')}\n`;
}
