import assert from 'node:assert/strict';
import { evidenceOf } from './programs.ts';

const signals = async (program: string) => {
	const { handledSignals, mayHandleOtherSignals } = await evidenceOf(program);
	return `${handledSignals.map(({ signal }) => signal).join(' ')}${mayHandleOtherSignals ? ' ?' : ''}`;
};

const main = (body: string, more = '') =>
	`import ("context"; "os"; "os/signal"; "syscall"; "golang.org/x/sys/unix")\nfunc main() {\n${body}\n}\n${more}`;

/** A main package and the signals that it waits for; `?` where it may wait for others. */
const CASES: readonly (readonly [why: string, program: string, waitsFor: string])[] = [
	['os.Interrupt', main('signal.Notify(c, os.Interrupt)'), 'SIGINT'],
	['a context', main('signal.NotifyContext(context.Background(), os.Interrupt)'), 'SIGINT'],
	['names of syscall', main('signal.Notify(c, syscall.SIGINT, syscall.SIGTERM)'), 'SIGINT SIGTERM'],
	['two calls', main('signal.Notify(c, os.Interrupt); signal.Notify(d, syscall.SIGHUP)'), 'SIGINT SIGHUP'],
	['all signals', main('signal.Notify(c)'), ' ?'],
	['signals of a variable', main('signal.Notify(c, stops...)', 'var stops = []os.Signal{os.Interrupt, syscall.SIGTERM}'), ' ?'],
	['a signal of a variable', main('s := pick(); signal.Notify(c, os.Interrupt, s)'), 'SIGINT ?'],
	['a function that is handed on', main('signal.Notify(c, os.Interrupt); use(signal.Notify)'), 'SIGINT ?'],
	['a call that is not reached', main('signal.Notify(c, os.Interrupt)', 'func other() { signal.Notify(c, syscall.SIGHUP) }'), 'SIGINT ?'],
	['SIGTERM that is ignored', main('signal.Notify(c, os.Interrupt); signal.Ignore(syscall.SIGTERM)'), 'SIGINT ?'],
	['SIGTERM in a comment', main('signal.Notify(c, os.Interrupt) // not syscall.SIGTERM'), 'SIGINT'],
	['no signals', 'func main() {}', ''],
];

describe('the signals that a program waits for', () => {
	for (const [why, program, waitsFor] of CASES) {
		it(`are found: ${why}`, async () => {
			assert.equal(await signals(program.replace('; "golang.org/x/sys/unix"', '')), waitsFor);
		});
	}

	const withDependency = (body: string) => `import ("os"; "os/signal"; "example.org/app")
		func main() { app.New(); signal.Notify(c, os.Interrupt) }
		-- example.org/app/app.go --
		package app
		import ("os"; "os/signal"; "syscall")
		func New() {}
		${body}`;

	it('may be others where a dependency asks for any, reached or not', async () => {
		assert.equal(await signals(withDependency('func Run() { signal.Notify(c, syscall.SIGTERM) }')), 'SIGINT ?');
		assert.equal(await signals(withDependency('func Run() { signal.Stop(c) } // signal.Notify(c)')), 'SIGINT');
	});

	it('may be others where modules are not on disk', async () => {
		assert.equal(await signals(main('signal.Notify(c, os.Interrupt); unix.Getpid()')), 'SIGINT ?');
	});
});
