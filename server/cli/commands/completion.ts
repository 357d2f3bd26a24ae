import { defineCommand } from '../command.ts';
import { completionScript, SHELLS } from '../completion.ts';
import { CLEAN } from '../exit-codes.ts';
import { fileText } from '../printable.ts';

export const completion = defineCommand({
	name: 'completion',
	operands: 'SHELL',
	completes: SHELLS,
	summary: 'Print a script that completes commands and options in bash, zsh or fish.',
	description: 'prints a script that makes bash, zsh or fish complete commands, options and their values.',
	options: {},
	after: `bash: source <(go-scratch completion bash), in ~/.bashrc
zsh: go-scratch completion zsh > "$\{fpath[1]}/_go-scratch"
fish: go-scratch completion fish > ~/.config/fish/completions/go-scratch.fish`,
	read(given) {
		const [shell, ...more] = given.operands;
		if (shell === undefined || more.length > 0) throw given.wrong('completion requires one shell: bash, zsh or fish');
		return given.word('The shell', shell, SHELLS);
	},
	run(shell, { commands, print }) {
		print(fileText(completionScript(shell, commands)));
		return CLEAN;
	},
});
