import type { CommandForm } from '../dockerfile/syntax.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'variable-in-exec-form',
	severity: 'warning',
	fixAll: false,
	judges: 'image',
	documentation: {
		summary: 'A variable in exec form is not expanded: the program gets the text `$NAME`.',
		why: 'Variables in CMD and ENTRYPOINT are expanded by a shell at run time, and exec form does not start a shell. The program gets the text `$PORT` as its argument; as the program name it is a file that does not exist.',
		example: 'FROM scratch\nENV PORT=8080\nCOPY --from=build /app /app\nENTRYPOINT ["/app", "--port", "$PORT"]',
		instead: 'FROM scratch\nENV PORT=8080\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Not reported when the command starts a shell (`["sh", "-c", "exec /app --port $PORT"]`) or a program that expands variables itself, such as envsubst. There is no fix: let the program read the variable, or write its value.',
	},
	*check(facts) {
		const seen = new Set<CommandForm>();
		for (const { state } of facts.targets) {
			for (const setting of [state.entrypoint, state.command]) {
				const command = setting?.value;
				if (setting?.instruction === undefined || command?.form !== 'exec' || seen.has(command)) continue;
				seen.add(command);
				// Arguments in CMD belong to the program that ENTRYPOINT starts.
				const program = state.entrypoint?.value?.form === 'exec' ? state.entrypoint.value.items[0]?.value : command.items[0]?.value;
				if (program === undefined || EXPANDS.test(program)) continue;
				for (const item of command.items) {
					const variable = /\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/.exec(item.value)?.[0];
					if (variable === undefined) continue;
					yield {
						range: item.range,
						message: `Exec form does not expand ${variable}: the program gets this text unchanged. Read the variable in the program, or write its value here.`,
					};
				}
			}
		}
	},
};

/** Programs that are a shell, start one, or expand variables in their arguments. A script may do anything. */
const EXPANDS = /(?:^|\/)(?:(?:ba|da|a|k|z)?sh|busybox|env|envsubst|eval|tini|dumb-init|[^/]*\.(?:sh|bash|py|pl|rb|js))$/;
