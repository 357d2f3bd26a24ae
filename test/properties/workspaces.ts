/** Small Go programs, each with what it wants of its image, and the other files of its workspace. */

/** The workspace directory of them all. */
export const ROOT = '/workspace';

/** The text of each file, by its path from {@link ROOT}. */
type Workspace = Readonly<Record<string, string>>;

const goMod = (more = '') => `module example.com/app\n\ngo 1.22\n${more}`;
const main = (imports: string, body: string) =>
	`package main\n\nimport (\n${imports
		.split(' ')
		.map((path) => `\t"${path}"\n`)
		.join('')})\n\nfunc main() {\n${body}\n}\n`;

const SERVER = main('net/http', '\thttp.ListenAndServe(":8080", nil)');
const SUM = 'golang.org/x/text v0.14.0 h1:x=\ngolang.org/x/text v0.14.0/go.mod h1:x=\n';
const REQUIRE = '\nrequire golang.org/x/text v0.14.0\n';
const WITH_MODULE = main('net/http golang.org/x/text/language', '\t_ = language.English\n\thttp.ListenAndServe(":8080", nil)');

export const WORKSPACES: Readonly<Record<string, Workspace>> = {
	server: { 'go.mod': goMod(), 'main.go': SERVER },
	requirements: { 'go.mod': goMod(REQUIRE), 'go.sum': SUM, 'main.go': WITH_MODULE },
	'two mains': {
		'go.mod': goMod(REQUIRE),
		'go.sum': SUM,
		'cmd/server/main.go': WITH_MODULE,
		'cmd/client/main.go': main('net/http', '\thttp.Get("https://example.com/")'),
		'.dockerignore': '.git\n',
	},
	client: { 'go.mod': goMod(), 'main.go': main('net/http os', '\thttp.Get(os.Args[1])') },
	zone: { 'go.mod': goMod(), 'main.go': main('time', '\ttime.LoadLocation("Europe/Berlin")'), '.dockerignore': '.git\n' },
	'temporary files': { 'go.mod': goMod(), 'main.go': main('os', '\tos.CreateTemp("", "x")') },
	templates: {
		'go.mod': goMod(),
		'main.go': main('html/template', '\ttemplate.ParseFiles("templates/index.html")'),
		'templates/index.html': 'hello\n',
	},
	users: { 'go.mod': goMod(), 'main.go': main('os/user', '\tuser.Current()') },
	'C code': {
		'go.mod': goMod(),
		'main.go': 'package main\n\n// int one() { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n',
	},
	'other programs': { 'go.mod': goMod(), 'main.go': main('os/exec', '\texec.Command("git", "status").Run()') },
	directory: { 'go.mod': goMod(), 'main.go': main('os', '\tos.WriteFile("/data/state.json", nil, 0o600)') },
	everything: {
		'go.mod': goMod(REQUIRE),
		'go.sum': SUM,
		'main.go': main(
			'html/template net/http os os/user time golang.org/x/text/language',
			`\thttp.Get("https://example.com/")
	time.LoadLocation("Europe/Berlin")
	os.CreateTemp("", "x")
	template.ParseFiles("templates/index.html")
	os.WriteFile("/data/state.json", nil, 0o600)
	user.Current()
	_ = language.English`,
		),
		'templates/index.html': 'hello\n',
	},
	vendored: {
		'go.mod': goMod(REQUIRE),
		'go.sum': SUM,
		'main.go': WITH_MODULE,
		'vendor/modules.txt': '# golang.org/x/text v0.14.0\n## explicit; go 1.18\ngolang.org/x/text/language\n',
		'vendor/golang.org/x/text/language/language.go': 'package language\n\nvar English = 1\n',
	},
	'no go.sum': { 'go.mod': goMod(REQUIRE), 'main.go': WITH_MODULE },
	'newer Go': { 'go.mod': 'module example.com/app\n\ngo 1.24.1\n\ntoolchain go1.24.3\n', 'main.go': SERVER },
	'local module': {
		'go.mod': goMod('\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n'),
		'main.go': main('example.com/lib', '\tlib.Run()'),
		'lib/go.mod': 'module example.com/lib\n\ngo 1.22\n',
		'lib/lib.go': 'package lib\n\nimport "net/http"\n\nfunc Run() { http.Get("https://example.com/") }\n',
	},
	'go.work': {
		'go.work': 'go 1.22\n\nuse (\n\t./app\n\t./lib\n)\n',
		'app/go.mod': 'module example.com/app\n\ngo 1.22\n',
		'app/main.go': main('example.com/lib', '\tlib.Run()'),
		'lib/go.mod': 'module example.com/lib\n\ngo 1.22\n',
		'lib/lib.go': 'package lib\n\nimport "os"\n\nfunc Run() { os.CreateTemp("", "x") }\n',
	},
	ignored: { 'go.mod': goMod(), 'main.go': SERVER, '.dockerignore': '*\n!go.mod\n' },
	loopback: { 'go.mod': goMod(), 'main.go': main('net/http', '\thttp.ListenAndServe("localhost:8080", nil)') },
	library: { 'go.mod': goMod(), 'lib.go': 'package lib\n' },
	nothing: {},
};
