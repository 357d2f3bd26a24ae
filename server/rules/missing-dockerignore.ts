import type { Facts } from '../facts/facts.ts';
import { goWords } from '../facts/go-words.ts';
import { contextPaths } from '../facts/placed-module.ts';
import { dockerignoreFor } from '../generate/dockerignore.ts';
import type { BuildContext, StageState } from '../image/model.ts';
import { contributingStages } from '../image/stage-chain.ts';
import { basename, join } from '../workspace/paths.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-dockerignore',
	severity: 'information',
	fixAll: false,
	judges: 'build',
	documentation: {
		summary: 'The whole build context is copied, but there is no .dockerignore.',
		why: '`COPY . .` copies everything: .git, which changes with every commit and invalidates the build cache, editor settings, and local files with secrets. They are sent to the engine and stay in the build stage or, with a single stage, in the final image.',
		example: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app',
		instead: 'FROM golang:1.26 AS build\nWORKDIR /src\n# .dockerignore lists .git, Dockerfile, .vscode …\nCOPY . .\nRUN go build -o /app',
		notes:
			'Not reported when the build context is unknown. The fix creates a .dockerignore; fix-all does not. The file does not list .git if the build may read it (git, -buildvcs, make, scripts), nor files that the program embeds or that COPY names.',
	},
	*check(facts) {
		const { context } = facts;
		if (context === undefined || context.ignoreFile !== undefined) return;
		const contributing = contributingStages(facts.image);
		for (const state of facts.image.stages) {
			if (!contributing.has(state) || state.windows) continue;
			const whole = state.copies.find((copy) => copy.from.kind === 'context' && contextPaths(context, copy).includes('.'));
			if (whole === undefined) continue;
			yield {
				range: whole.sourceRange,
				message: 'COPY of the whole build context without a .dockerignore sends everything, including .git. Add a .dockerignore.',
				fixes: () => [
					{
						title: 'Create a .dockerignore',
						edits: [],
						create: new Map([[join(context.directory, '.dockerignore'), contentFor(facts, context)]]),
						preferred: true,
					},
				],
			};
			return;
		}
	},
};

/** The .dockerignore that suits the Dockerfile. */
function contentFor(facts: Facts, context: BuildContext): string {
	const copies = facts.image.stages.flatMap((state) => state.copies).filter((copy) => copy.from.kind === 'context');
	const programs = facts.image.stages.flatMap((state) => state.builds).flatMap((build) => facts.programOf(build) ?? []);
	return dockerignoreFor({
		programs,
		contextDirectory: context.directory,
		readsRepository: facts.image.stages.some(mayReadRepository),
		named: copies.flatMap((copy) => contextPaths(context, copy)),
	});
}

/** Programs that are known not to read the history of the repository. */
const KNOWN = new Set(
	'apk apt apt-get dnf microdnf yum echo printf cat cp mv rm mkdir rmdir ln chmod chown touch cd set export test [ true false ls pwd addgroup adduser groupadd useradd update-ca-certificates upx strip env sleep sed grep tar curl wget'.split(
		' ',
	),
);

/** Whether a RUN of the stage may read `.git`: git itself, `-buildvcs`, and whatever it is not known of. */
function mayReadRepository(state: StageState): boolean {
	const commands = new Map(state.ran.map((command) => [command.instruction, true]));
	for (const instruction of state.stage.instructions) {
		if (instruction.keyword !== 'RUN') continue;
		const text =
			instruction.command?.form === 'exec'
				? instruction.command.items.map((item) => item.value).join(' ')
				: (instruction.command?.text ?? '');
		if (/\bgit\s+(?!config\b)|-buildvcs(?!=false)/.test(`${text}\n${instruction.heredocs.map((heredoc) => heredoc.content).join('\n')}`))
			return true;
		if (!commands.has(instruction) && text.trim() !== '') return true;
	}
	return state.ran.some((command) => {
		const go = goWords(command);
		if (go !== undefined) return go.subcommand === 'generate' || go.subcommand === 'run';
		const name = command.words[0];
		return name === undefined ? command.words.length > 0 : !KNOWN.has(basename(name));
	});
}
