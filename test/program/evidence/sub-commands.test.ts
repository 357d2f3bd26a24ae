import assert from 'node:assert/strict';
import { evidenceOf } from './programs.ts';

/** What a program needs, each need with the sub-commands without one of which it does not. */
async function needsOf(program: string): Promise<string[]> {
	const { evidence } = await evidenceOf(program);
	return evidence.map(({ need, detail, commands }) =>
		[need, ...(detail === undefined ? [] : [detail]), ...(commands === undefined ? [] : [`only with ${commands.join(', ')}`])].join(' '),
	);
}

const GET = 'func get() { http.Get("https://example.com") }';

const cobra = (body: string, more = GET) => `import ("net/http"; "os"; "os/exec"; "github.com/spf13/cobra")\n${body}\n${more}`;

const urfave = (body: string, version = '/v2') => `import ("net/http"; "os"; "github.com/urfave/cli${version}")\n${body}\n${GET}`;

const plain = (body: string) => `import ("flag"; "net/http"; "os"; "strings")\nfunc main() {\n${body}\n}\n${GET}`;

const ROOT = 'var root = &cobra.Command{Use: "app"}\nfunc main() { root.Execute() }';

const SYNC = 'var sync = &cobra.Command{Use: "sync [url]", Run: func(c *cobra.Command, args []string) { get() }}';

const ONLY_SYNC = 'certificate-roots only with sync';

/** A main package and what it needs. */
const CASES: readonly (readonly [why: string, program: string, ...needs: readonly string[]])[] = [
	['a literal in a variable', cobra(`${ROOT}\n${SYNC}\nfunc init() { root.AddCommand(sync) }`), ONLY_SYNC],
	[
		'a function that is named',
		cobra(`${ROOT}
			var sync = &cobra.Command{Use: "sync", RunE: run}
			func run(c *cobra.Command, args []string) error { get(); return nil }
			func init() { root.AddCommand(sync) }`),
		ONLY_SYNC,
	],
	[
		'a function that makes the command',
		cobra(`func main() { root := &cobra.Command{Use: "app"}; root.AddCommand(newSync()); root.Execute() }
			func newSync() *cobra.Command {
				cmd := &cobra.Command{RunE: func(c *cobra.Command, args []string) error { get(); return nil }, Use: "sync", Aliases: []string{"s"}}
				return cmd
			}`),
		'certificate-roots only with sync, s',
	],
	[
		'local variables',
		cobra(`func main() {
				root := &cobra.Command{Use: "app", Run: func(c *cobra.Command, args []string) { os.Mkdir("/data", 0o755) }}
				sync := &cobra.Command{Use: "sync", PreRun: func(c *cobra.Command, args []string) { get() }}
				root.AddCommand(sync)
				root.Execute()
			}`),
		'writable-directory /data',
		ONLY_SYNC,
	],
	[
		'two commands with one function',
		cobra(`${ROOT}
			func init() {
				root.AddCommand(&cobra.Command{Use: "sync", Run: run}, &cobra.Command{Use: "pull", Run: run})
			}
			func run(c *cobra.Command, args []string) { get() }`),
		'certificate-roots only with sync, pull',
	],
	[
		'a command of another package',
		cobra(
			`func main() { root := &cobra.Command{Use: "app"}; root.AddCommand(tool.Command()); root.Execute() }`,
			`func other() { tool.Command(); exec.Command("git"); http.Get(""); os.Exit(1) }
			-- tool/tool.go --
			package tool
			import ("net/http"; "github.com/spf13/cobra")
			func Command() *cobra.Command { return &cobra.Command{Use: "sync", Run: run} }
			func run(c *cobra.Command, args []string) { http.Get("https://example.com") }`,
		).replace('"os/exec";', '"os/exec"; "example.com/app/tool";'),
		ONLY_SYNC,
	],
	[
		'urfave/cli',
		urfave(
			'func main() { (&cli.App{Commands: []*cli.Command{{Name: "sync", Action: run}}}).Run(os.Args) }\nfunc run(c *cli.Context) error { get(); return nil }',
		),
		ONLY_SYNC,
	],
	[
		'urfave/cli, version 1',
		urfave(
			'func main() { app := cli.NewApp(); app.Commands = []cli.Command{{Name: "sync", Action: run}}; app.Run(os.Args) }\nfunc run(c *cli.Context) { get() }',
			'',
		),
		ONLY_SYNC,
	],
	[
		'urfave/cli, a variable in a list',
		urfave(
			'func main() { (&cli.Command{Action: root, Commands: []*cli.Command{sync}}).Run(ctx, os.Args) }\nvar sync = &cli.Command{Name: "sync", Action: run}\nfunc root() { os.Mkdir("/data", 0o755) }\nfunc run() { get() }',
			'/v3',
		),
		'writable-directory /data',
		ONLY_SYNC,
	],
	[
		'a switch over the first argument',
		plain('switch os.Args[1] { case "sync", "s": get(); default: os.Mkdir("/data", 0o755) }'),
		'writable-directory /data',
		'certificate-roots only with sync, s',
	],
	['a switch over a variable with the first argument', plain('command := flag.Arg(0)\nswitch command { case "sync": get() }'), ONLY_SYNC],
	['a condition on the first argument', plain('if len(os.Args) > 1 && os.Args[1] == "sync" { get(); return }'), ONLY_SYNC],
	[
		'a word in a field that is a constant',
		cobra(`${ROOT}\nconst name = "sync"\n${SYNC.replace('"sync [url]"', 'name')}\nfunc init() { root.AddCommand(sync) }`),
		ONLY_SYNC,
	],

	[
		'not of the root command',
		cobra('func main() { root := &cobra.Command{Use: "app", Run: func(c *cobra.Command, args []string) { get() }}; root.Execute() }'),
		'certificate-roots',
	],
	[
		'not where the root command does it too',
		cobra(
			`${ROOT.replace('"app"', '"app", Run: func(c *cobra.Command, args []string) { get() }')}\n${SYNC}\nfunc init() { root.AddCommand(sync) }`,
		),
		'certificate-roots',
	],
	[
		'not where the root command takes its function',
		cobra(`${ROOT}\n${SYNC}\nfunc init() { root.AddCommand(sync); root.Run = sync.Run }`),
		'certificate-roots',
	],
	[
		'not where the root command calls its function',
		cobra(
			`${ROOT.replace('"app"', '"app", Run: func(c *cobra.Command, args []string) { sync.Run(c, args) }')}\n${SYNC}\nfunc init() { root.AddCommand(sync) }`,
		),
		'certificate-roots',
	],
	[
		'not where the arguments are set',
		cobra(
			`var root = &cobra.Command{Use: "app"}\nfunc main() { if len(os.Args) == 1 { root.SetArgs([]string{"sync"}) }; root.Execute() }\n${SYNC}\nfunc init() { root.AddCommand(sync) }`,
		),
		'certificate-roots',
	],
	[
		'not where os.Args is set',
		cobra(
			`var root = &cobra.Command{Use: "app"}\nfunc main() { if len(os.Args) == 1 { os.Args = append(os.Args, "sync") }; root.Execute() }\n${SYNC}\nfunc init() { root.AddCommand(sync) }`,
		),
		'certificate-roots',
	],
	[
		'not with a default command',
		urfave(
			'func main() { (&cli.App{DefaultCommand: "sync", Commands: []*cli.Command{{Name: "sync", Action: run}}}).Run(os.Args) }\nfunc run() { get() }',
		),
		'certificate-roots',
	],
	[
		'not where the word is not known',
		cobra(
			`${ROOT}\n${SYNC.replace('"sync [url]"', 'word()')}\nfunc word() string { return os.Getenv("WORD") }\nfunc init() { root.AddCommand(sync) }`,
		),
		'certificate-roots',
	],
	[
		'not where the program may start itself',
		cobra(
			`${ROOT}\n${SYNC}\nfunc init() { root.AddCommand(sync, &cobra.Command{Use: "up", Run: up}) }\nfunc up(c *cobra.Command, args []string) { path, _ := os.Executable(); exec.Command(path, "sync").Run() }`,
		),
		'certificate-roots',
	],
	[
		'not of a case that the one before goes on to',
		plain('switch os.Args[1] { case "all": fallthrough\ncase "sync": get() }'),
		'certificate-roots',
	],
	[
		'not of a variable that may hold something else',
		plain('command := "sync"; if len(os.Args) > 1 { command = os.Args[1] }; switch command { case "sync": get() }'),
		'certificate-roots',
	],
	[
		'not of a command that another argument may name',
		plain('if os.Args[1] == "sync" || os.Getenv("SYNC") != "" { get() }'),
		'certificate-roots',
	],
	[
		'not of what is handed to a command as an argument',
		cobra(
			`var root = &cobra.Command{Use: "app", Run: func(c *cobra.Command, args []string) { get() }}\nfunc main() { root.AddCommand(docs(root)); root.Execute() }\nfunc docs(of *cobra.Command) *cobra.Command { return &cobra.Command{Use: "docs"} }`,
		),
		'certificate-roots',
	],
	[
		'not of methods with the same name, one of which may make the root command',
		cobra(
			`func main() { a := &app{}; root := a.Command(); root.AddCommand((&tool{}).Command()); root.Execute() }\ntype app struct{}\ntype tool struct{}\nfunc (*app) Command() *cobra.Command { return &cobra.Command{Use: "app", Run: func(c *cobra.Command, args []string) { get() }} }\nfunc (*tool) Command() *cobra.Command { return &cobra.Command{Use: "tool"} }`,
		),
		'certificate-roots',
	],
];

describe('what a program needs for sub-commands', () => {
	for (const [why, program, ...needs] of CASES) {
		it(`is told: ${why}`, async () => {
			assert.deepEqual((await needsOf(program)).sort(), [...needs].sort());
		});
	}

	const withDependency = (more: string) => `import ("github.com/spf13/cobra"; "example.org/cloud")
		${ROOT}
		var sync = &cobra.Command{Use: "sync", Run: func(c *cobra.Command, args []string) { cloud.Sync() }}
		func init() { root.AddCommand(sync); ${more} }
		-- example.org/cloud/cloud.go --
		package cloud
		import "example.org/cloud/internal/wire"
		func New() {}
		func Sync() { wire.Get() }
		-- example.org/cloud/internal/wire/wire.go --
		package wire
		import "net/http"
		func Get() { http.Get("https://example.com") }`;

	it('is told of what a dependency does', async () => {
		assert.deepEqual(await needsOf(withDependency('')), [ONLY_SYNC]);
	});

	it('is not told of a dependency that is used without the sub-command too', async () => {
		assert.deepEqual(await needsOf(withDependency('cloud.New()')), ['certificate-roots']);
	});

	it('keeps the places of each command, however many another has', async () => {
		const calls = Array.from({ length: 10 }, () => 'http.Get("https://example.com")').join('\n');
		const program = plain(`switch os.Args[1] { case "sync":\n${calls}\n}\nhttp.Get("https://example.com")`);
		assert.ok((await needsOf(program)).includes('certificate-roots'));
	});
});
