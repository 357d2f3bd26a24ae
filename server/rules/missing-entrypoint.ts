import { execForm, written } from '../dockerfile/write.ts';
import type { ShippedBinary } from '../facts/facts.ts';
import { isOwnProgram } from '../facts/own-programs.ts';
import { insertAfter, lastInstruction } from '../fixes/instructions.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import type { StageState } from '../image/model.ts';
import { basename } from '../workspace/paths.ts';
import type { Finding, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-entrypoint',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: 'The final stage has neither ENTRYPOINT nor CMD, so the container starts nothing, or starts something other than the program.',
		why: 'If neither the Dockerfile nor the base image sets a command, `docker run IMAGE` fails with `no command specified`. If the base image sets one, as alpine and debian do with their shell, the container starts that command instead of the program.',
		example: 'FROM scratch\nCOPY --from=build /app /app',
		instead: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'An error if nothing would start, a warning if the base image sets a command. Not reported if the base image is unknown, if no known Go program is in the stage, if a compose file names the command, or for several programs in an image whose base sets a command. If exactly one binary is copied, the fix adds an ENTRYPOINT that starts it. Fix-all applies it only if nothing would start: otherwise a command that users pass to `docker run` would become arguments of the program.',
	},
	*check(facts) {
		for (const { state, binaries } of facts.targets) {
			if (!state.commandKnown || binaries.length === 0) continue;
			yield* shellInstead(state, binaries);
			if (state.entrypoint?.instruction !== undefined || state.command?.instruction !== undefined) continue;
			// Whoever starts the image from a compose file says there what it starts.
			if (facts.context?.starts.some(({ key }) => key !== 'healthcheck') === true) continue;
			const inherited = state.entrypoint !== undefined || state.command !== undefined;
			// Third-party programs installed into a toolchain image are tools for its users, not what the container runs.
			if (inherited && state.base?.go !== undefined && !binaries.some(isOwnProgram)) continue;
			const paths = [...new Set(binaries.map((binary) => binary.path))];
			// Of several programs, each is started by a command of its own, or is there for others to copy.
			if (inherited && paths.length > 1) continue;
			// So is one in a toolchain image that is named so.
			if (inherited && state.base?.go !== undefined && /build/i.test(basename(facts.path))) continue;
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
									// With an ENTRYPOINT, a program named after `docker run IMAGE` becomes an argument.
									preferred: !inherited,
								},
							]
						: [],
			};
		}
	},
};

/**
 * An image that was built does not show whether its command is that of its base image; one that starts nothing but a shell does not start
 * the program that it holds.
 */
function* shellInstead(state: StageState, binaries: readonly ShippedBinary[]): Iterable<Finding> {
	const own = binaries.filter(({ linked, mainPackage }) => linked !== undefined && mainPackage !== undefined);
	const started = resolveCommandPath(state);
	const isShell = /^(?:ba|da|a)?sh$/.test(basename(started?.program ?? ''));
	if (own.length === 0 || started === undefined || !isShell || started.arguments.length > 0) return;
	yield {
		range: (state.entrypoint ?? state.command)?.instruction?.range ?? state.stage.from.range,
		severity: 'information',
		message: `The image starts ${started.program}, not ${own.map(({ path }) => path).join(' or ')}. Add an ENTRYPOINT if it is to start the program.`,
	};
}
