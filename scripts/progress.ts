/** How often a step that is still running says so where the output is no terminal, in milliseconds. */
const REMINDER = 15_000;

/** The steps that are running, the innermost last: only that one says how long it takes. */
const running: string[] = [];

/** Runs a step that may take a while: its name is printed when it starts, and how long it took when it ends. */
export async function step<T>(name: string, run: () => Promise<T>): Promise<T> {
	const began = Date.now();
	const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
	console.log(`▸ ${name} …`);
	running.push(name);
	const terminal = process.stdout.isTTY;
	const timer = setInterval(
		() => {
			if (running.at(-1) !== name) {
				return;
			}
			if (terminal) {
				process.stdout.write(`\r  ${seconds()} `);
			} else {
				console.log(`  … ${name}: ${seconds()} so far`);
			}
		},
		terminal ? 1000 : REMINDER,
	);
	try {
		const result = await run();
		end('done in');
		return result;
	} catch (error) {
		end('failed after');
		throw error;
	}
	function end(how: string): void {
		clearInterval(timer);
		running.pop();
		console.log(`${terminal ? '\r' : ''}  ${name}: ${how} ${seconds()}`);
	}
}
