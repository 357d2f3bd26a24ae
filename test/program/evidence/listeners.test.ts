import assert from 'node:assert/strict';
import { evidenceOf } from './programs.ts';

const main = (imports: string, body: string, more = '') =>
	`${imports
		.split(' ')
		.map((path) => `import "${path}"`)
		.join('\n')}\nfunc main() {\n${body}\n}\n${more}`;

/** A program and where it listens: addresses, `?` for what is not known, with who uses it where that is not a service. */
const CASES: readonly { readonly why: string; readonly program: string; readonly listens: readonly string[] }[] = [
	{ why: 'a literal', program: main('net/http', 'http.ListenAndServe("127.0.0.1:8080", nil)'), listens: ['127.0.0.1:8080'] },
	{ why: 'all addresses', program: main('net/http', 'http.ListenAndServe(":8080", nil)'), listens: [':8080'] },
	{
		why: 'a server value',
		program: main('net/http', 's := &http.Server{Addr: "localhost:8080"}; s.ListenAndServe()'),
		listens: ['localhost:8080'],
	},
	{
		why: 'a server value whose address is set later',
		program: main('net/http', 's := &http.Server{}; s.Addr = "localhost:8080"; s.ListenAndServe()'),
		listens: ['localhost:8080'],
	},
	{
		why: 'a server value whose address an option may set again',
		program: main(
			'net net/http os',
			's := serve(port(os.Getenv("PORT"))); s.ListenAndServe()',
			'func port(p string) func(*http.Server) { return func(s *http.Server) { s.Addr = net.JoinHostPort("", p) } }\nfunc serve(set func(*http.Server)) *http.Server { s := &http.Server{Addr: ":80"}; set(s); return s }',
		),
		listens: [':80', '?'],
	},
	{ why: 'a server value without an address', program: main('net/http', 's := &http.Server{}; s.ListenAndServe()'), listens: ['?'] },
	{
		why: 'a server value that is handed a listener',
		program: main('net/http net', 'l, _ := net.Listen("tcp", "localhost:80"); s := &http.Server{Handler: h}; s.Serve(l)'),
		listens: ['localhost:80'],
	},
	{
		why: 'a field that is a server',
		program: main('net/http', 'var a app; run(a)', 'type app struct { server http.Server }'),
		listens: [],
	},
	{
		why: 'a format of constants',
		program: main('net/http fmt', 'http.ListenAndServe(fmt.Sprintf("%s:%d", "localhost", 8080), nil)'),
		listens: ['localhost:…'],
	},
	{
		why: 'a host of which nothing is known',
		program: main('net/http fmt', 'http.ListenAndServe(fmt.Sprintf("%s:80", host()), nil)'),
		listens: ['?'],
	},
	{
		why: 'a host and a port',
		program: main('net/http net', 'http.ListenAndServe(net.JoinHostPort("127.0.0.1", "8080"), nil)'),
		listens: ['127.0.0.1:8080'],
	},
	{
		why: 'a variable of the package',
		program: main('net/http', 'http.ListenAndServe(address, nil)', 'var address = "127.0.0.1:8080"'),
		listens: ['127.0.0.1:8080'],
	},
	{
		why: 'a parameter',
		program: main('net/http', 'serve("127.0.0.1:8080")', 'func serve(address string) { http.ListenAndServe(address, nil) }'),
		listens: ['127.0.0.1:8080'],
	},
	{
		why: 'the default of a flag',
		program: main('net/http flag', 'a := flag.String("a", "127.0.0.1:80", ""); http.ListenAndServe(*a, nil)'),
		listens: ['127.0.0.1:80 unless told otherwise'],
	},
	{ why: 'the environment', program: main('net/http os', 'http.ListenAndServe(os.Getenv("ADDRESS"), nil)'), listens: ['?'] },
	{
		why: 'a configured listener',
		program: main('net context', 'var c net.ListenConfig; c.Listen(context.Background(), "tcp", "127.0.0.1:80")'),
		listens: ['127.0.0.1:80'],
	},
	{ why: 'a socket', program: main('net', 'net.Listen("unix", "/run/x.sock")'), listens: [] },
	{ why: 'a port to talk to oneself', program: main('net', 'net.Listen("tcp", "127.0.0.1:0")'), listens: [] },
	{
		why: 'a framework that is not on disk',
		program: main('github.com/labstack/echo/v4', 'e := echo.New(); e.Start("localhost:8080")'),
		listens: ['localhost:8080'],
	},
	{
		why: 'the profiler',
		program: main('net/http net/http/pprof', 'http.ListenAndServe("localhost:6060", nil)').replace(
			'"net/http/pprof"',
			'_ "net/http/pprof"',
		),
		listens: ['localhost:6060 profiler'],
	},
	{
		why: 'the profiler beside what the program handles',
		program: main('net/http net/http/pprof', 'http.HandleFunc("/", h); http.ListenAndServe("localhost:6060", nil)').replace(
			'"net/http/pprof"',
			'_ "net/http/pprof"',
		),
		listens: ['localhost:6060'],
	},
	{
		why: 'the profiler on a mux of its own',
		program: main(
			'net/http net/http/pprof',
			'debug()',
			'func debug() { m := http.NewServeMux(); m.HandleFunc("/debug/pprof/", pprof.Index); http.ListenAndServe("localhost:6060", m) }',
		),
		listens: ['localhost:6060 profiler'],
	},
	{
		why: 'the answer to a log-in',
		program: main('net/http golang.org/x/oauth2', 'http.ListenAndServe("localhost:8085", nil)'),
		listens: ['localhost:8085 log-in'],
	},
	{
		why: 'a dependency that listens',
		program: `import "example.org/metrics"
			func main() { metrics.Serve() }
			-- example.org/metrics/metrics.go --
			package metrics
			import "net/http"
			func Serve() { http.ListenAndServe(":9090", nil) }`,
		listens: [':9090'],
	},
];

describe('listeners', () => {
	for (const { why, program, listens } of CASES) {
		it(why, async () => {
			const { listeners } = await evidenceOf(program);
			assert.deepEqual(
				listeners.map(
					({ address = '?', given, purpose }) =>
						`${address}${given ? ' unless told otherwise' : ''}${purpose === 'service' ? '' : ` ${purpose}`}`,
				),
				listens,
			);
		});
	}

	it('may be elsewhere where a dependency has code to listen', async () => {
		const elsewhere = async (dependency: string) =>
			(
				await evidenceOf(`import ("net/http"; "example.org/router")
					func main() { router.New(); http.ListenAndServe("localhost:80", nil) }
					-- example.org/router/router.go --
					package router
					${dependency}`)
			).mayListenElsewhere;
		assert.equal(
			await elsewhere('import "net/http"\nfunc New() {}\n// New, then http.ListenAndServe(":3000", r).\ntype Handler http.Handler'),
			false,
		);
		assert.equal(
			await elsewhere('import "net/http"\nfunc New() {}\n/* http.ListenAndServe(":3000", r) */\ntype Handler http.Handler'),
			false,
		);
		assert.equal(await elsewhere('import "net/http"\nfunc New() {}\nfunc Run() { http.ListenAndServe(":3000", nil) }'), true);
	});

	it('are not sought behind a framework that a table describes', async () => {
		const { mayListenElsewhere } = await evidenceOf(`import "github.com/gin-gonic/gin"
			func main() { e := gin.New(); e.Run("localhost:80") }
			-- github.com/gin-gonic/gin/gin.go --
			package gin
			import "example.org/quic"
			type Engine struct{}
			func New() *Engine { return &Engine{} }
			func (*Engine) Run(a string) {}
			func (*Engine) RunQUIC(a string) { quic.Listen(a) }
			-- example.org/quic/quic.go --
			package quic
			import "net"
			func Listen(a string) { net.ListenPacket("udp", a); x.Listen(a) }`);
		assert.equal(mayListenElsewhere, false);
	});

	it('may be elsewhere where modules are not on disk', async () => {
		const program = main('net/http example.org/router', 'router.New(); http.ListenAndServe("localhost:80", nil)');
		assert.equal((await evidenceOf(program)).mayListenElsewhere, true);
	});
});
