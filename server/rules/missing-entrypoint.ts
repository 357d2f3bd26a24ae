import { execForm, written } from '../dockerfile/write.ts';
import { isOwnProgram } from '../facts/own-programs.ts';
import { insertAfter, lastInstruction } from '../fixes/instructions.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-entrypoint',
	severity: 'error',
	fixAll: true,
	documentation: {
		summary: 'The final stage has neither ENTRYPOINT nor CMD, so that the container starts nothing, or not the program.',
		why: '`docker run IMAGE` fails with `no command specified` where neither the Dockerfile nor the base image names a command. Where the base image does, as alpine and debian with their shell, that is what starts instead of the program.',
		example: 'FROM scratch\nCOPY --from=build /app /app',
		instead: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'An error where nothing would start, a warning where the base image brings a command of its own. Silent where the base image is not known and where the stage ships no Go program that is known. The fix names the binary, where exactly one was copied in; it is applied by itself only where nothing would start, for the commands that people give to other images so far would become arguments.',
	},
	*check(facts) {
		for (const { state, binaries } of facts.targets) {
			if (!state.commandKnown || binaries.length === 0) continue;
			if (state.entrypoint?.instruction !== undefined || state.command?.instruction !== undefined) continue;
			const inherited = state.entrypoint !== undefined || state.command !== undefined;
			// Programs of others that are installed into a toolchain image are there for whoever works in it.
			if (inherited && state.base?.go !== undefined && !binaries.some(isOwnProgram)) continue;
			const paths = [...new Set(binaries.map((binary) => binary.path))];
			const [path] = paths;
			const command = paths.length === 1 && path !== undefined ? execForm([path]) : undefined;
			const last = lastInstruction(state.stage);
			yield {
				range: state.stage.from.range,
				severity: inherited ? 'warning' : 'error',
				message: inherited
					? `This stage has neither ENTRYPOINT nor CMD: the container starts the command of ${state.base?.reference ?? 'the base image'}, not ${paths.join(' or ')}. Add an ENTRYPOINT.`
					: `This stage has neither ENTRYPOINT nor CMD: docker run fails with 'no command specified'. Add an ENTRYPOINT.`,
				fixes: () =>
					command !== undefined
						? [
								{
									title: `Add ENTRYPOINT ${command}`,
									edits: [insertAfter(facts.dockerfile, last, [written`ENTRYPOINT ${command}`])],
									// Whoever names the program on the command line so far would find its path among its arguments.
									preferred: !inherited,
								},
							]
						: [],
			};
		}
	},
};
