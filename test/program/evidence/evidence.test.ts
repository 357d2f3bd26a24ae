import assert from 'node:assert/strict';
import { createEvidenceCache, findEvidence } from '../../../server/program/evidence/evidence.ts';
import type { Closure } from '../../../server/program/package.ts';
import { closureOf, evidenceOf, filesOf } from './programs.ts';

/** A program and what it shows: `need symbol`, in the order in which evidence is given. */
interface Case {
	readonly why: string;
	readonly program: string;
	readonly shows: readonly string[];
}

/** The body of main in a program with these imports. */
const main = (imports: string, body: string) =>
	`${imports
		.split(' ')
		.map((path) => `import "${path}"`)
		.join('\n')}\nfunc main() {\n${body}\n}`;

/** A field that has the name of one in a type of another package, which is hidden there. */
const OF_ANOTHER_TYPE = `import ("example.com/app/site"; "os")
	type config struct { Root string }
	func main() { c := load(); if len(os.Args) > 1 { c.Root = os.Args[1] }; site.Pages(); os.MkdirAll(c.Root, 0o755) }
	-- site/site.go --
	package site
	type view struct { Root string }
	func Pages() any { return view{Root: "../"} }`;

const CASES: readonly Case[] = [
	// Certificate roots.
	{ why: 'a request over TLS', program: main('net/http', 'http.Get("https://example.com")'), shows: ['certificate-roots http.Get'] },
	{ why: 'an address from outside', program: main('net/http os', 'http.Get(os.Args[1])'), shows: ['certificate-roots http.Get'] },
	{ why: 'a server', program: main('net/http', 'http.ListenAndServe(":80", nil)'), shows: [] },
	{ why: 'a request that is only made ready', program: main('net/http', 'http.NewRequest("GET", "https://x", nil)'), shows: [] },
	{ why: 'a constant address without TLS', program: main('net/http', 'http.Get("http://backend/x")'), shows: [] },
	{
		why: 'an address without TLS through constants of two packages',
		program: `import "net/http"
			import "example.com/app/urls"
			const health = urls.Base + "/health"
			func main() { http.Get(health) }
			-- urls/urls.go --
			package urls
			const Base = "http://" + host
			const host = "backend"`,
		shows: [],
	},
	{ why: 'an address that begins without TLS', program: main('net/http fmt', 'http.Get(fmt.Sprintf("http://%s/", x))'), shows: [] },
	{ why: 'a health check of this very host', program: main('net/http', 'http.Get("https://localhost:8443/health")'), shows: [] },
	{
		why: 'addresses without TLS in a map',
		program: `import "net/http"
			var urls = map[string]string{"a": "http://light:8080/x", "b": "http://fan:8080"}
			func main() { url, ok := urls[pick()]; if ok { http.Post(url, "", nil) } }
			func pick() string { return name }`,
		shows: [],
	},
	{
		why: 'an address with TLS in a map',
		program: `import "net/http"
			var urls = map[string]string{"a": "http://light:8080/x", "b": "https://fan.example.com"}
			func main() { url, ok := urls[pick()]; if ok { http.Post(url, "", nil) } }
			func pick() string { return name }`,
		shows: ['certificate-roots http.Post'],
	},
	{
		why: 'a map of addresses that gets others',
		program: `import "net/http"
			var urls = map[string]string{"a": "http://light:8080/x"}
			func main() { urls["b"] = read(); url, ok := urls[pick()]; if ok { http.Post(url, "", nil) } }`,
		shows: ['certificate-roots http.Post'],
	},
	{
		why: 'a directory that a function returns, or an error',
		program: `import ("os"; "path/filepath")
			func directory() (string, error) { d := os.Getenv("STATE"); if d == "" { return "", missing }; return filepath.Join(d, "app"), nil }
			func main() { d, err := directory(); if err == nil { os.WriteFile(filepath.Join(d, "state"), nil, 0o600) } }`,
		shows: [],
	},
	{
		why: 'a program that a function says is there',
		program: `import "os/exec"
			func has(name string) bool { _, err := exec.LookPath(name); return err == nil }
			func main() { if !has("git") { return }; exec.Command("git", "status").Run(); exec.Command("make").Run() }`,
		shows: ['executable exec.Command("make")'],
	},
	{
		why: 'a program that is started before it is asked for, and in another function',
		program: `import "os/exec"
			func has(name string) bool { _, err := exec.LookPath(name); return err == nil }
			func main() { exec.Command("git").Run(); if has("git") { other() } }
			func other() { exec.Command("make").Run(); if has("make") { return } }`,
		shows: ['executable exec.Command("git")', 'executable exec.Command("make")'],
	},
	{ why: 'a local constant', program: main('net/http', 'url := "http://backend"; http.Get(url)'), shows: [] },
	{
		why: 'a local variable that changes',
		program: main('net/http', 'url := "http://backend"; if x { url = y }; http.Get(url)'),
		shows: ['certificate-roots http.Get'],
	},
	{
		why: 'a client that only asks without TLS',
		program: main('net/http', 'c := &http.Client{}; r, _ := http.NewRequest("GET", "http://backend", nil); c.Do(r)'),
		shows: [],
	},
	{
		why: 'a client of the package that only asks without TLS',
		program: `import "net/http"
			var client = http.Client{Timeout: 5}
			func main() { client.Get("http://127.0.0.1:8080/health") }`,
		shows: [],
	},
	{
		why: 'a client whose addresses are not known',
		program: main('net/http', 'c := &http.Client{}; c.Do(request())'),
		shows: ['certificate-roots http.Client'],
	},
	{ why: 'a zero client', program: main('net/http', 'var c http.Client; c.Do(request())'), shows: ['certificate-roots http.Client'] },
	{ why: 'a new client', program: main('net/http', 'c := new(http.Client); c.Do(request())'), shows: ['certificate-roots http.Client'] },
	{ why: 'a client type', program: main('net/http', 'var c *http.Client; switch x.(type) { case *http.Client: }; _ = c'), shows: [] },
	{
		why: 'a client that trusts anyone',
		program: main(
			'net/http crypto/tls',
			'c := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}; c.Do(r)',
		),
		shows: [],
	},
	{
		why: 'a client that trusts its own roots',
		program: main(
			'net/http crypto/tls crypto/x509',
			'pool := x509.NewCertPool(); cfg := &tls.Config{RootCAs: pool}; t := &http.Transport{TLSClientConfig: cfg}; c := http.Client{Transport: t}; c.Do(r)',
		),
		shows: [],
	},
	{
		why: 'a transport that verifies',
		program: main('net/http crypto/tls', 'run(&http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}})'),
		shows: ['certificate-roots http.Transport'],
	},
	{
		why: 'a transport over a socket',
		program: main(
			'net/http net context',
			'run(&http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return net.Dial("unix", "/run/x.sock") }})',
		),
		shows: [],
	},
	{ why: 'roots of the system', program: main('crypto/x509', 'x509.SystemCertPool()'), shows: ['certificate-roots x509.SystemCertPool'] },
	{ why: 'a TLS connection', program: main('crypto/tls', 'tls.Dial("tcp", "x:443", nil)'), shows: ['certificate-roots tls.Dial'] },
	{
		why: 'mail',
		program: main('net/smtp', 'smtp.SendMail("mail.example.com:587", nil, "", nil, nil)'),
		shows: ['certificate-roots smtp.SendMail'],
	},
	{
		why: 'credentials of a client, whose module is not on disk',
		program: main('google.golang.org/grpc/credentials', 'credentials.NewClientTLSFromCert(nil, "")'),
		shows: ['certificate-roots credentials.NewClientTLSFromCert'],
	},
	{
		why: 'credentials of a server',
		program: main('google.golang.org/grpc/credentials crypto/tls', 'credentials.NewTLS(&tls.Config{Certificates: c})'),
		shows: [],
	},
	{
		why: 'a known library that is not on disk',
		program: main('github.com/aws/aws-sdk-go-v2/service/s3', 's3.NewFromConfig(cfg)'),
		shows: ['certificate-roots s3.NewFromConfig (AWS SDK)'],
	},
	{
		why: 'an import of a known library without a client',
		program: main('github.com/aws/aws-sdk-go-v2/service/s3', 'var x s3.Options; _ = x'),
		shows: [],
	},
	{
		why: 'a Kubernetes client inside the cluster',
		program: `import "k8s.io/client-go/rest"
			func main() { rest.InClusterConfig() }
			-- k8s.io/client-go/rest/config.go --
			package rest
			import "net/http"
			func InClusterConfig() { c := &http.Client{}; c.Do(nil) }`,
		shows: [],
	},
	{
		why: 'a server of gRPC, whose transport could also be a client',
		program: `import "google.golang.org/grpc"
			func main() { grpc.NewServer().Serve(l) }
			-- google.golang.org/grpc/server.go --
			package grpc
			import "crypto/tls"
			type Server struct{}
			func NewServer() *Server { return &Server{} }
			func (*Server) Serve(l any) { tls.Client(nil, nil) }`,
		shows: [],
	},
	// Reach.
	{
		why: 'a function that nothing calls',
		program: 'import "net/http"\nfunc unused() { http.Get(x) }\nfunc main() {}',
		shows: [],
	},
	{
		why: 'an init function',
		program: 'import "net/http"\nfunc init() { http.Get(x) }\nfunc main() {}',
		shows: ['certificate-roots http.Get'],
	},
	{
		why: 'a package variable that is computed',
		program: 'import "net/http"\nvar page = load()\nfunc load() int { http.Get(x); return 1 }\nfunc main() {}',
		shows: ['certificate-roots http.Get'],
	},
	{
		why: 'the file of settings that a library reads if it is given none',
		program: main('github.com/joho/godotenv', 'godotenv.Load(); godotenv.Load("conf/app.env")'),
		shows: ['default-file godotenv.Load(".env")', 'runtime-file godotenv.Load("conf/app.env")'],
	},
	{
		why: 'a method by its name, through an interface',
		program: `import "example.com/app/remote"
			type loader interface { Load() }
			func main() { var l loader = remote.New(); l.Load() }
			-- remote/remote.go --
			package remote
			import "net/http"
			type remote struct{}
			func New() *remote { return &remote{} }
			func (r *remote) Load() { http.Get(r.url) }
			func (r *remote) Save() { http.Post(r.url, "", nil) }`,
		shows: ['certificate-roots http.Get'],
	},
	{
		why: 'a method of a type that nothing mentions',
		program: `import "net/http"
			type unused struct{}
			func (unused) Load() { http.Get(x) }
			func main() { x.Load() }`,
		shows: [],
	},
	{
		why: 'a method that the standard library calls',
		program: `import "net/http"
			type proxy struct{}
			func (proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.Get(r.URL.String()) }
			func main() { http.ListenAndServe(":80", proxy{}) }`,
		shows: ['certificate-roots http.Get'],
	},
	{
		why: 'a client of a dependency where every address that the program can know is a plain one',
		program: `import "example.org/lib"
			func main() { lib.Register("http://plugins:8081") }
			-- example.org/lib/lib.go --
			package lib
			import "net/http"
			func Register(address string) { c := http.Client{}; r, _ := http.NewRequest("POST", address, nil); c.Do(r) }`,
		shows: [],
	},
	{
		why: 'the same where the address may come from outside',
		program: `import ("example.org/lib"; "os")
			func main() { address := "http://plugins:8081"; if len(os.Args) > 1 { address = os.Args[1] }; lib.Register(address) }
			-- example.org/lib/lib.go --
			package lib
			import "net/http"
			func Register(address string) { c := http.Client{}; r, _ := http.NewRequest("POST", address, nil); c.Do(r) }`,
		shows: ['certificate-roots http.Client'],
	},
	{
		why: 'the same where another address is not plain',
		program: `import "example.org/lib"
			func main() { lib.Register("http://plugins:8081"); lib.Register("https://example.com") }
			-- example.org/lib/lib.go --
			package lib
			import "net/http"
			func Register(address string) { c := http.Client{}; r, _ := http.NewRequest("POST", address, nil); c.Do(r) }`,
		shows: ['certificate-roots http.Client'],
	},
	{
		why: 'a method of a dependency that may be another of its name',
		program: `import ("example.org/lib"; "example.com/app/jobs")
			func main() { jobs.Start(); lib.Name(lib.Client{}) }
			-- jobs/jobs.go --
			package jobs
			type job struct{}
			func (job) Run() {}
			func Start() { job{}.Run() }
			-- example.org/lib/lib.go --
			package lib
			import "net/http"
			type Client struct{}
			func Name(Client) {}
			func (Client) Run() { http.Get(x) }`,
		shows: [],
	},
	{
		why: 'a method of a dependency on a value that the package was handed',
		program: `import "example.com/app/remote"
			func main() { remote.Open().Fetch() }
			-- remote/remote.go --
			package remote
			import "example.org/lib"
			func Open() *lib.Client { return &lib.Client{} }
			-- example.org/lib/lib.go --
			package lib
			import "net/http"
			type Client struct{}
			func (*Client) Fetch() { http.Get(x) }`,
		shows: ['certificate-roots http.Get'],
	},
	{
		why: 'a method of the workspace that a dependency calls',
		program: `import "example.org/queue"
			type worker struct{}
			func (worker) HandleMessage() { load() }
			func (worker) unused() { load() }
			func load() { panic("x") }
			func main() { queue.Run(worker{}) }
			-- load.go --
			package main
			import "net/http"
			func (worker) HandleOther() { http.Get(x) }
			func load() { http.Head(x) }
			-- example.org/queue/queue.go --
			package queue
			func Run(h interface{ HandleMessage() }) { go func() { h.HandleMessage() }() }`,
		shows: ['certificate-roots http.Head'],
	},
	{
		why: 'a method that only templates name',
		program: `import ("text/template"; "time")
			type functions struct{}
			func (functions) In(zone string) { time.LoadLocation(zone) }
			func main() { template.New("x").Execute(nil, functions{}) }`,
		shows: ['zone-data time.LoadLocation'],
	},
	{
		why: 'no method of a package that those who run templates know nothing of',
		program: `import ("example.com/app/files"; "example.com/app/pages")
			func main() { files.New(); pages.Show() }
			-- example.com/app/pages/pages.go --
			package pages
			import "html/template"
			func Show() { template.New("x").Execute(nil, nil) }
			-- example.com/app/files/files.go --
			package files
			import "os"
			type Files struct{}
			func New() *Files { return &Files{} }
			func (*Files) CreateTemporary() { os.CreateTemp("", "x") }`,
		shows: [],
	},
	{
		why: 'a local name that hides the package',
		program: main('net/http time', 'var http client; http.Get(x); func(time clock) { time.LoadLocation("Europe/Berlin") }(c)'),
		shows: [],
	},
	{
		why: 'a name that hides the package only inside a condition',
		program: main('net/http', 'if http, ok := x.(client); ok { http.Get(x) } else { http.Head(x) }\nhttp.Post(x, "", nil)'),
		shows: ['certificate-roots http.Post'],
	},
	{
		why: 'an alias, a dot import and a package whose name is not that of its path',
		program: `import web "net/http"
			import . "time"
			import "example.org/go-remote"
			func main() { web.Get(x); LoadLocation("Asia/Tokyo"); far.Load() }
			-- example.org/go-remote/x.go --
			package far
			import "net/http"
			func Load() { http.Head(x) }`,
		shows: ['certificate-roots http.Get', 'zone-data time.LoadLocation("Asia/Tokyo")', 'certificate-roots http.Head'],
	},
	// Zone data.
	{ why: 'a zone', program: main('time', 'time.LoadLocation("Europe/Berlin")'), shows: ['zone-data time.LoadLocation("Europe/Berlin")'] },
	{
		why: 'zones without data',
		program: main('time', 'time.LoadLocation("UTC"); time.LoadLocation("Local"); time.LoadLocation("")'),
		shows: [],
	},
	{ why: 'a zone that is not constant', program: main('time', 'time.LoadLocation(name)'), shows: ['zone-data time.LoadLocation'] },
	// Temporary files.
	{
		why: 'the default directory',
		program: main('os', 'f, err := os.CreateTemp("", "x*"); _ = f'),
		shows: ['temporary-directory os.CreateTemp'],
	},
	{
		why: 'the default directory by name',
		program: main('os', 'os.MkdirTemp(os.TempDir(), "x")'),
		shows: ['temporary-directory os.MkdirTemp', 'temporary-directory os.TempDir'],
	},
	{
		why: 'explicit directories, as when a program is renewed or a file formatted',
		program: main('os path/filepath', 'os.CreateTemp(filepath.Dir(path), "x"); os.CreateTemp(dir, "x")'),
		shows: [],
	},
	{ why: '/tmp by its name', program: main('os', 'os.CreateTemp("/tmp", "x")'), shows: ['temporary-directory os.CreateTemp'] },
	{
		why: 'a file of a fixed name below /tmp',
		program: main('os path/filepath', 'os.WriteFile(filepath.Join(os.TempDir(), "state.json"), nil, 0o600)'),
		shows: ['temporary-directory os.WriteFile', 'temporary-directory os.TempDir'],
	},
	{
		why: 'an explicit directory that is the root',
		program: main('os', 'os.CreateTemp("/", "x")'),
		shows: ['writable-directory os.CreateTemp("/")'],
	},
	{ why: 'a form with files', program: main('net/http', 'var r http.Request; r.FormFile("x")'), shows: ['temporary-directory FormFile'] },
	{
		why: 'a form of a request that a framework hands over',
		program: main('github.com/labstack/echo/v4', 'func(c echo.Context) { c.Request().ParseMultipartForm(1 << 20) }(nil)'),
		shows: ['temporary-directory ParseMultipartForm'],
	},
	{ why: 'a form of something else', program: main('example.org/forms', 'forms.New().FormFile("x")'), shows: [] },
	// Users.
	{
		why: 'the user',
		program: main('os/user', 'u, err := user.Current(); if err != nil { panic(err) }; _ = u'),
		shows: ['user-database user.Current'],
	},
	{ why: 'a user that may be missing', program: main('os/user', 'if u, err := user.Current(); err == nil { name = u.Name }'), shows: [] },
	{ why: 'a variable called user', program: main('os/user', 'user := find(); user.Lookup("x")'), shows: [] },
	// Programs.
	{
		why: 'a program',
		program: main('os/exec', 'exec.Command("firewall-cmd", "--reload").Run()'),
		shows: ['executable exec.Command("firewall-cmd")'],
	},
	{
		why: 'a program with a context',
		program: main('os/exec context', 'exec.CommandContext(context.Background(), "go", "list")'),
		shows: ['executable exec.CommandContext("go")'],
	},
	{ why: 'a program of the person who starts it', program: main('os/exec os', 'exec.Command(os.Args[1], os.Args[2:]...)'), shows: [] },
	{
		why: 'a program that is looked for',
		program: main('os/exec', 'if _, err := exec.LookPath("git"); err != nil { return fmt.Errorf("no git") }'),
		shows: ['executable exec.LookPath("git")'],
	},
	{
		why: 'a program that may be missing',
		program: main('os/exec', 'if _, err := exec.LookPath("git"); err == nil { useGit() }'),
		shows: [],
	},
	{ why: 'a browser', program: main('os/exec', 'exec.Command("xdg-open", url).Start()'), shows: [] },
	{
		why: 'a program by system',
		program: main('os/exec runtime', 'switch runtime.GOOS { case "linux": exec.Command("ip", "addr").Run() }'),
		shows: [],
	},
	{
		why: 'a program of a dependency',
		program: `import "example.org/lib"
			func main() { lib.Open() }
			-- example.org/lib/lib.go --
			package lib
			import "os/exec"
			func Open() { exec.Command("sh").Run() }`,
		shows: [],
	},
	// Files.
	{
		why: 'files beside the program',
		program: main(
			'html/template net/http',
			'template.ParseFiles("templates/a.html", "templates/b.html"); http.FileServer(http.Dir("./static"))',
		),
		shows: [
			'runtime-file template.ParseFiles("templates/a.html")',
			'runtime-file template.ParseFiles("templates/b.html")',
			'runtime-file http.Dir("./static")',
		],
	},
	{ why: 'files at absolute places', program: main('os', 'os.Open("/etc/app.conf")'), shows: [] },
	{
		why: 'a file that may be missing',
		program: main('os', 'if b, err := os.ReadFile("config.json"); err == nil { use(b) }'),
		shows: ['default-file os.ReadFile("config.json")'],
	},
	{
		why: 'templates that are compiled in',
		program: main('example.org/vfstemplate', 'vfstemplate.ParseGlob(assets, "templates/*.html")'),
		shows: [],
	},
	{
		why: 'files that are embedded and read from disk only by developers',
		program: `import ("embed"; "os"; "io/fs")
			//go:embed all:dist
			var content embed.FS
			func main() { var f fs.FS = content; if dev { f = os.DirFS("./public") } else if live { f = os.DirFS("./dist") }; _ = f }`,
		shows: [],
	},
	{
		why: 'a web framework, whose module is not on disk',
		program: main('github.com/gin-gonic/gin', 'r := gin.Default(); r.LoadHTMLGlob("templates/*"); r.Static("/assets", "./assets")'),
		shows: ['runtime-file LoadHTMLGlob("templates/*")', 'runtime-file Static("./assets")'],
	},
	// Directories.
	{
		why: 'files below fixed directories',
		program: main('os', 'os.MkdirAll("/data/cache", 0755); os.Create("/var/lib/app/db"); os.WriteFile("/data/"+name, b, 0644)'),
		shows: [
			'writable-directory os.MkdirAll("/data/cache")',
			'writable-directory os.Create("/var/lib/app")',
			'writable-directory os.WriteFile("/data")',
		],
	},
	{
		why: 'a file that is opened to write',
		program: main('os', 'os.OpenFile("/logs/x", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0644); os.OpenFile("/etc/x", os.O_RDONLY, 0)'),
		shows: ['writable-directory os.OpenFile("/logs")'],
	},
	...['syscall', 'golang.org/x/sys/unix'].map((system) => ({
		why: `a file that ${system} opens to write`,
		program: main(
			`os ${system}`,
			[
				'SYS.Open("/logs/x", SYS.O_WRONLY|SYS.O_CREAT, 0o644); SYS.Open("/etc/x", SYS.O_RDONLY, 0)',
				'os.OpenFile("/state/x", SYS.O_RDWR|SYS.O_CREAT, 0o600); SYS.Rename("/logs/x", "/old/x")',
			]
				.join('; ')
				.replaceAll('SYS', system === 'syscall' ? 'syscall' : 'unix'),
		),
		shows: [
			`writable-directory ${system.replace(/.*\//, '')}.Open("/logs")`,
			'writable-directory os.OpenFile("/state")',
			`writable-directory ${system.replace(/.*\//, '')}.Rename("/old")`,
		],
	})),
	{
		why: 'what is not known or always there',
		program: main('os', 'os.MkdirAll(dir, 0755); os.Create("/dev/null")'),
		shows: [],
	},
	{
		why: 'a path that gets its beginning elsewhere',
		program: `${main('os', 'o := options{Output: ""}; parse(&o); os.Create(o.Output + ".tmp")')}
			type options struct { Output string }
			func parse(o *options) {}`,
		shows: [],
	},
	{
		why: 'a program that is sought first: the search shows it',
		program: main('os os/exec', 'path, _ := exec.LookPath("helper"); os.Create(path); os.ReadFile(path); exec.Command(path).Run()'),
		shows: ['executable exec.LookPath("helper")'],
	},
	{
		why: 'embedded databases',
		program: main(
			'database/sql gorm.io/driver/sqlite',
			'sql.Open("sqlite", "file:/data/notes.db?mode=rwc"); sql.Open("postgres", "/x"); sqlite.Open("app.db"); sqlite.Open(":memory:")',
		),
		shows: [
			'writable-directory sql.Open("/data")',
			'database-directory sql.Open("/data")',
			'writable-directory sqlite.Open(".")',
			'database-directory sqlite.Open(".")',
		],
	},
	{
		why: 'the working directory itself, and a name that is not set',
		program: main('os path/filepath', 'p := ""; os.MkdirAll(filepath.Dir(p), 0o755); os.MkdirAll(".", 0o755)'),
		shows: [],
	},
	// Values that are followed.
	{
		why: 'a helper that starts what it is told to',
		program: `import "os/exec"
			func run(name string, args ...string) error { return exec.Command(name, args...).Run() }
			func main() { run("git", "clone"); run("make") }`,
		shows: ['executable run("git")', 'executable run("make")'],
	},
	{
		why: 'a helper of another package, by a method',
		program: `import "example.com/app/shell"
			func main() { s := shell.New(); s.Start(1, "tar") }
			-- shell/shell.go --
			package shell
			import "os/exec"
			type Shell struct{}
			func New() *Shell { return &Shell{} }
			func (s *Shell) Start(count int, name string) error { return exec.Command(name).Run() }`,
		shows: ['executable Start("tar")'],
	},
	{
		why: 'a variable that nothing changes',
		program: 'import "os/exec"\nvar git = "git"\nfunc main() { exec.Command(git).Run() }',
		shows: ['executable git = "git"'],
	},
	{
		why: 'each program of a list',
		program: main('os/exec', 'for _, tool := range []string{"git", "tar"} { exec.LookPath(tool) }'),
		shows: ['executable exec.LookPath("git")', 'executable exec.LookPath("tar")'],
	},
	{
		why: 'the first of a command line',
		program: main('os/exec', 'args := []string{"git", "status"}; exec.Command(args[0], args[1:]...).Run()'),
		shows: ['executable exec.Command("git")'],
	},
	{
		why: 'a field of a literal',
		program: `import ("os"; "path/filepath")
			type settings struct { directory string }
			func main() { c := settings{directory: "/var/lib/app"}; os.MkdirAll(filepath.Join(c.directory, "keys"), 0o700) }`,
		shows: ['writable-directory os.MkdirAll("/var/lib/app/keys")'],
	},
	{
		why: 'a field that is set elsewhere',
		program: `import "os"
			type store struct { path string }
			func (s *store) save() { os.WriteFile(s.path, nil, 0o600) }
			func main() { s := &store{}; s.path = "/data/x"; s.save() }`,
		shows: ['writable-directory path = "/data/x"'],
	},
	{
		why: 'a field of a type that the package which sets it cannot name',
		program: OF_ANOTHER_TYPE,
		shows: [],
	},
	{
		why: 'the default of a flag',
		program: main('flag os', 'd := flag.String("data", "/data", ""); flag.Parse(); os.MkdirAll(*d, 0o755)'),
		shows: ['writable-directory os.MkdirAll("/data")'],
	},
	{
		why: 'the default of the environment',
		program: `import "os"
			func env(key, fallback string) string { if v := os.Getenv(key); v != "" { return v }; return fallback }
			func main() { os.MkdirAll(env("DATA", "/data"), 0o755) }`,
		shows: ['writable-directory os.MkdirAll("/data")'],
	},
	{
		why: 'a name that a person gives below a constant directory',
		program: main('html/template os', 'template.ParseFiles("templates/" + os.Args[1])'),
		shows: ['runtime-file template.ParseFiles("templates/*")'],
	},
	{
		why: 'a directory and a certificate',
		program: main('path/filepath crypto/tls', 'filepath.WalkDir("locales", f); tls.LoadX509KeyPair("certs/a.pem", "certs/a.key")'),
		shows: [
			'runtime-file filepath.WalkDir("locales")',
			'runtime-file tls.LoadX509KeyPair("certs/a.pem")',
			'runtime-file tls.LoadX509KeyPair("certs/a.key")',
		],
	},
	{
		why: 'certificates of servers',
		program: main(
			'net/http',
			's := &http.Server{}; s.ServeTLS(l, "a.pem", "a.key"); s.ListenAndServeTLS("b.pem", "b.key"); http.ServeTLS(l, h, "c.pem", "c.key")',
		),
		shows: ['a.pem', 'a.key', 'b.pem', 'b.key']
			.map((file, at) => `runtime-file ${at < 2 ? 'ServeTLS' : 'ListenAndServeTLS'}("${file}")`)
			.concat('runtime-file http.ServeTLS("c.pem")', 'runtime-file http.ServeTLS("c.key")'),
	},
	{
		why: 'a method whose name several types have',
		program: `import "os/exec"
			type a struct{}
			type b struct{}
			func (a) Do(name string) { exec.Command(name).Run() }
			func (b) Do(name string) { println(name) }
			func main() { a{}.Do("git"); b{}.Do("hello") }`,
		shows: [],
	},
	// Privileges.
	{ why: 'a mount', program: main('syscall', 'syscall.Mount("a", "b", "tmpfs", 0, "")'), shows: ['privilege syscall.Mount'] },
	{
		why: 'raw sockets',
		program: main('golang.org/x/net/icmp', 'icmp.ListenPacket("ip4:icmp", "0.0.0.0")'),
		shows: ['privilege icmp.ListenPacket'],
	},
	{ why: 'pings without privileges', program: main('golang.org/x/net/icmp', 'icmp.ListenPacket("udp4", "0.0.0.0")'), shows: [] },
	{
		why: 'the socket of a container runtime as the default of a flag',
		program: main('flag', 'flag.String("endpoint", "/var/run/cri-dockerd.sock", "the runtime")'),
		shows: ['privilege cri-dockerd.sock'],
	},
	{
		why: 'the socket of Docker',
		program: main('net', 'net.Dial("unix", "/var/run/docker.sock")'),
		shows: ['privilege docker.sock'],
	},
	{
		why: 'the socket of Docker as a word',
		program: main('fmt', 'fmt.Println(map[string]string{"/var/run/docker.sock": "the engine"})'),
		shows: [],
	},
	{
		why: 'the socket of Docker beside a word',
		program: main('net', 'net.Dial("unix", map[string]string{"docker": "/var/run/docker.sock"}["docker"])'),
		shows: ['privilege docker.sock'],
	},
];

/** A program and what its source does not say: `kind symbol detail`. */
const OPEN: readonly { readonly why: string; readonly program: string; readonly open: readonly string[] }[] = [
	{ why: 'a constant file is a need', program: main('os', 'os.Open("data.json")'), open: [] },
	{ why: 'a computed name', program: main('os', 'os.Open(name())'), open: ['file os.Open'] },
	{ why: 'an absolute file', program: main('os', 'os.ReadFile("/etc/os-release")'), open: ['file os.ReadFile /etc/os-release'] },
	{ why: 'what every container has', program: main('os', 'os.ReadFile("/proc/" + pid()); os.Open("/etc/hosts")'), open: [] },
	{ why: 'a function that is handed on', program: main('os', 'walk(os.ReadFile)'), open: ['file os.ReadFile'] },
	{ why: 'a program without a constant name', program: main('os/exec', 'exec.Command(name()).Run()'), open: ['program exec.Command'] },
	{
		why: 'files that a person names',
		program: main('os', 'os.Open(os.Args[1]); os.Open(os.Getenv("X"))'),
		open: [],
	},
	{
		why: 'a program that a person names, which the image has to hold',
		program: main('os/exec flag', 'exec.Command(flag.Arg(0))'),
		open: ['program exec.Command'],
	},
	{
		why: 'a helper that is handed on as well as called',
		program: `import "os/exec"
			func run(name string) { exec.Command(name).Run() }
			func main() { run("git"); each(names(), run) }
			func each(list []string, f func(string)) { for _, one := range list { f(one) } }`,
		open: ['program exec.Command'],
	},
	{
		why: 'a variable that is set to what is not known',
		program: 'import "os/exec"\nvar tool = "git"\nfunc main() { tool = find(); exec.Command(tool).Run() }',
		open: ['program exec.Command'],
	},
	{
		why: 'a text that is added to',
		program: main('os/exec', 'name := "git"; name += suffix(); exec.Command(name).Run()'),
		open: ['program exec.Command'],
	},
	{
		why: 'functions that call each other',
		program: `import "os/exec"
			func a(n string) { b(n + "x") }
			func b(n string) { a(n + "y"); a(n); exec.Command(n).Run() }
			func main() { a("git") }`,
		open: ['program exec.Command'],
	},
	{
		why: 'a setting whose default stands where it is defined',
		program: `import ("github.com/urfave/cli/v2"; "os")
			func main() { app := cli.App{Action: func(c *cli.Context) { os.ReadFile(c.String("page")) }}; app.Run() }
			-- github.com/urfave/cli/v2/cli.go --
			package cli
			type Context struct{}
			func (c *Context) String(name string) string { return look(name) }`,
		open: ['file os.ReadFile'],
	},
	{
		why: 'a method of the workspace that is called as settings are',
		program: `import "os"
			type config struct { values map[string]string }
			func (c config) GetString(key string) string { return c.values[key] }
			func main() { c := config{values: read()}; os.ReadFile(c.GetString("page")) }`,
		open: ['file os.ReadFile'],
	},
	{
		why: 'a variable that is set through its address',
		program: `import "os/exec"
			var tool = "git"
			func configure(target *string) { *target = find() }
			func main() { configure(&tool); exec.Command(tool).Run() }`,
		open: ['program exec.Command'],
	},
	{
		why: 'a local variable that is set through its address',
		program: main('os/exec', 'tool := "git"; configure(&tool); exec.Command(tool).Run()'),
		open: ['program exec.Command'],
	},
	{
		why: 'a structure that is decoded into, in another',
		program: `import ("encoding/json"; "os")
			type config struct { Page string }
			type server struct { config config }
			func (s *server) run() { os.ReadFile(s.config.Page) }
			func main() { c := config{Page: "/etc/hosts"}; json.Unmarshal(text(), &c); s := &server{config: c}; s.run() }`,
		open: ['file os.ReadFile'],
	},
	{
		why: 'a structure whose pointer a library is handed',
		program: `import ("example.org/env"; "os")
			type config struct { Page string }
			func main() { c := &config{Page: "/etc/hosts"}; env.Parse(c); os.ReadFile(c.Page) }
			-- example.org/env/env.go --
			package env`,
		open: ['file os.ReadFile'],
	},
	{
		why: 'a variable of the package whose pointer a library is handed',
		program: `import ("encoding/json"; "os")
			type config struct { Page string }
			var settings = &config{Page: "/etc/hosts"}
			func main() { json.Unmarshal(text(), settings); os.ReadFile(settings.Page) }`,
		open: ['file os.ReadFile'],
	},
	{
		why: 'a variable of the package that is read alone',
		program: `import "os"
			type config struct { Page string }
			var settings = &config{Page: "/etc/hosts"}
			func main() { os.ReadFile(settings.Page) }`,
		open: [],
	},
	{
		why: 'a field of a type that the package which sets it cannot name',
		program: OF_ANOTHER_TYPE,
		open: ['created-file os.MkdirAll'],
	},
	{
		why: 'a field whose address is handed on',
		program: `import "os"
			type config struct { page string }
			func main() { c := config{page: "/etc/hosts"}; set(&c.page); os.ReadFile(c.page) }`,
		open: ['file os.ReadFile'],
	},
	{
		why: 'a structure that nobody else is handed',
		program: `import "os"
			type config struct { page string }
			func main() { c := config{page: "/etc/hosts"}; os.ReadFile(c.page) }`,
		open: [],
	},
	{
		why: 'an element that is set',
		program: main('os/exec', 'args := []string{"git", "status"}; args[0] = find(); exec.Command(args[0]).Run()'),
		open: ['program exec.Command'],
	},
	{
		why: 'a result that has a name',
		program: `import "os/exec"
			func tool() (name string) { if a { return "git" }; name = find(); return }
			func main() { exec.Command(tool()).Run() }`,
		open: ['program exec.Command'],
	},
	{
		why: 'a method that the standard library calls too',
		program: `import ("net/http"; "os")
			type files struct{}
			func (f files) Open(name string) (http.File, error) { return os.Open(name) }
			func main() { f := files{}; f.Open("/etc/hosts"); http.ListenAndServe(":80", http.FileServer(f)) }`,
		open: ['file os.Open'],
	},
	{ why: 'a text that a verb changes', program: main('fmt os', 'os.Open(fmt.Sprintf("/etc/%x", "a"))'), open: ['file os.Open /etc/'] },
	{ why: 'a program in a literal', program: main('os/exec', 'c := exec.Cmd{Path: name()}; c.Run()'), open: ['program exec.Cmd'] },
	{
		why: 'a program that a dependency starts',
		program:
			'import "example.org/lib"\nfunc main() { lib.Load() }\n-- example.org/lib/lib.go --\npackage lib\nimport "os/exec"\nfunc Load() error { return exec.Command("go", "list").Run() }',
		open: ['program exec.Command go'],
	},
	{
		why: 'a method of a dependency that several types there have, of which one is in use',
		program: `import "example.org/files"
			func main() { files.Write(files.New(), "x") }
			-- example.org/files/files.go --
			package files
			import "os"
			type Files interface { Make(name string) error }
			func Write(in Files, name string) error { return in.Make(name) }
			func New() Files { return &disk{} }
			type disk struct{}
			func (*disk) Make(name string) error { return os.MkdirAll(name, 0o755) }
			type a struct{}
			func (a) Make(name string) error { return os.Chdir(name) }
			type b struct{}
			func (b) Make(name string) error { return nil }
			type c struct{}
			func (c) Make(name string) error { return nil }
			type d struct{}
			func (d) Make(name string) error { return nil }
			type e struct{}
			func (e) Make(name string) error { return nil }`,
		open: ['created-file os.MkdirAll'],
	},
	{ why: 'a file that is made', program: main('os', 'os.MkdirAll("data", 0o755)'), open: ['created-file os.MkdirAll data'] },
	{ why: 'a link', program: main('os', 'os.Symlink("/app", "/current")'), open: ['created-file os.Symlink /current'] },
	{ why: 'a temporary file', program: main('os', 'os.Create("/tmp/x"); os.CreateTemp("", "x")'), open: [] },
	{
		why: 'files that are there and are changed',
		program: main(
			'os syscall',
			'if err := os.Chmod("app.db", 0o600); err != nil { panic(err) }; if err := os.RemoveAll("/srv/cache"); err != nil { panic(err) }; if err := syscall.Truncate("log", 0); err != nil { panic(err) }',
		),
		open: ['changed-file os.Chmod app.db', 'changed-file os.RemoveAll /srv/cache', 'changed-file syscall.Truncate log'],
	},
	{
		why: 'a file that is removed although it need not be there, and one that was made before',
		program: main(
			'os',
			'os.Remove("app.sock")\ndefer os.RemoveAll("work")\nf, _ := os.CreateTemp("", "x"); if err := os.Remove(f.Name()); err != nil { panic(err) }',
		),
		open: [],
	},
	{
		why: 'a directory below which the methods of a Root work',
		program: main('os', 'root, err := os.OpenRoot("data"); if err != nil { panic(err) }; root.Create("a")'),
		open: ['changed-file os.OpenRoot data'],
	},
	{
		why: 'all that the working directory or the root directory holds',
		program: main(
			'io/fs net/http os path/filepath',
			'http.FileServer(http.Dir("./")); fs.Sub(os.DirFS("/"), "srv"); filepath.WalkDir(".", visit); if _, err := os.Stat("."); err != nil { panic(err) }',
		),
		open: ['file http.Dir ./', 'file os.DirFS /', 'file filepath.WalkDir .'],
	},
	{
		why: 'a program that a package of the standard library starts',
		program: main('go/build net/http/cgi', 'build.Import("fmt", "", 0); h := cgi.Handler{Path: "/srv/page.sh"}; serve(h)'),
		open: ['program build.Import go'],
	},
	{
		why: 'a Unix socket at an address',
		program: main('net', 'net.ListenUnixgram("unixgram", &net.UnixAddr{Name: "/run/app.sock"})'),
		open: ['created-file net.ListenUnixgram'],
	},
	{
		why: 'a socket',
		program: main('net', 'net.Listen("unix", "/run/app.sock"); net.Listen("tcp", ":80")'),
		open: ['created-file net.Listen /run/app.sock'],
	},
	{
		why: 'flags that tell making from reading',
		program: main('os', 'os.OpenFile("/x", os.O_RDWR|os.O_CREATE, 0o600); os.OpenFile("/y", os.O_RDONLY, 0)'),
		open: ['created-file os.OpenFile /x', 'file os.OpenFile /y'],
	},
	{
		why: 'files in the home directory',
		program: main(
			'os os/exec path/filepath',
			[
				'home, err := os.UserHomeDir(); if err != nil { panic(err) }',
				'os.MkdirAll(filepath.Join(home, ".app"), 0o700)',
				'os.WriteFile(filepath.Join(os.Getenv("HOME"), ".app", "state.json"), nil, 0o600)',
				'dir, _ := os.UserConfigDir(); os.Create(dir + "/app/" + name)',
				'os.ReadFile(home + "/.netrc")',
				'exec.Command(home + "/bin/tool").Run()',
			].join('; '),
		),
		open: [
			'created-file os.MkdirAll $HOME/.app',
			'created-file os.WriteFile $HOME/.app/state.json',
			'created-file os.Create $HOME/.config/app/',
			'file os.ReadFile $HOME/.netrc',
			'program exec.Command $HOME/bin/tool',
		],
	},
	{ why: 'a plugin', program: main('plugin', 'plugin.Open("a.so")'), open: ['plugin plugin.Open a.so'] },
	{ why: 'a user by name', program: main('os/user', 'user.Lookup("www-data")'), open: ['user user.Lookup www-data'] },
	{
		why: 'files beside the source',
		program: main('os path/filepath runtime', '_, f, _, _ := runtime.Caller(0); os.ReadFile(filepath.Join(filepath.Dir(f), "x"))'),
		open: ['source-path runtime.Caller', 'file os.ReadFile'],
	},
	{
		why: 'a logger that is told of no file',
		program: `import "go.uber.org/zap"
			func main() { zap.NewProduction() }
			-- go.uber.org/zap/zap.go --
			package zap
			import "os"
			func NewProduction() { open(paths()) }
			func open(path string) { os.OpenFile(path, flags(), 0o644) }`,
		open: [],
	},
	{
		why: 'a logger that is told of a file',
		program: `import "go.uber.org/zap"
			func main() { c := zap.Config{}; c.OutputPaths = []string{"/var/log/app.log"}; c.Build() }
			-- go.uber.org/zap/zap.go --
			package zap
			import "os"
			type Config struct { OutputPaths []string }
			func (c Config) Build() { os.OpenFile(c.OutputPaths[0], flags(), 0o644) }`,
		open: ['file os.OpenFile'],
	},
	{ why: 'a logger that asks who called', program: main('runtime', '_, f, _, _ := runtime.Caller(1); println(f)'), open: [] },
];

describe('evidence', () => {
	for (const { why, program, shows } of CASES) {
		it(why, async () => {
			const { evidence } = await evidenceOf(program);
			assert.deepEqual(
				evidence.map(({ need, symbol }) => `${need} ${symbol}`),
				shows,
			);
		});
	}

	it('gives the place of the identifier and the way to it', async () => {
		const { evidence } = await evidenceOf(`package main

import "example.com/app/internal/app"

func main() { app.Run() }
-- internal/app/app.go --
package app
import "example.com/app/internal/remote"
func Run() { remote.Load() }
-- internal/remote/remote.go --
package remote

import "net/http"

func Load() {
	/* two
	lines */ http.Get("https://example.com")
}`);
		assert.deepEqual(evidence, [
			{
				need: 'certificate-roots',
				path: 'internal/remote/remote.go',
				line: 6,
				character: 15,
				length: 3,
				symbol: 'http.Get',
				detail: undefined,
				given: false,
				package: 'example.com/app/internal/remote',
				own: true,
				chain: ['example.com/app', 'example.com/app/internal/app', 'example.com/app/internal/remote'],
			},
		]);
	});

	it('sees what the program embeds', async () => {
		const embedded = async (program: string, tags: readonly string[] = []) => [...(await evidenceOf(program, { tags })).embedded];
		assert.deepEqual(await embedded('import _ "time/tzdata"\nfunc main() {}'), ['zone-data']);
		assert.deepEqual(await embedded('func main() {}', ['timetzdata']), ['zone-data']);
		assert.deepEqual(await embedded('import _ "golang.org/x/crypto/x509roots/fallback"\nfunc main() {}'), ['certificate-roots']);
		assert.deepEqual(await embedded('import "time"\nfunc main() { time.Now() }', ['other']), []);
	});

	describe('what the source leaves open', () => {
		for (const { why, program, open } of OPEN) {
			it(why, async () => {
				const { unknowns } = await evidenceOf(program);
				assert.deepEqual(
					unknowns.map(({ kind, symbol, detail }) => [kind, symbol, ...(detail === undefined ? [] : [detail])].join(' ')),
					open,
				);
			});
		}
	});

	it('ends where everything is defined by everything', async () => {
		const fields = Array.from({ length: 60 }, (_, at) => `f${at}`);
		const assignments = fields.flatMap((field) => fields.map((other) => `x.${field} = y.${other} + z.${field} + v`));
		const { unknowns } = await evidenceOf(`import "os"
			var v = x.f0 + x.f1
			func main() {
				${assignments.join('\n')}
				${fields.map((field) => `os.Open(x.${field}); os.Open(w(x.${field}))`).join('\n')}
			}
			func w(a string) string { return w(a + x.f2) + w(x.f3) + a }`);
		assert.ok(unknowns.every(({ kind }) => kind === 'file'));
		assert.ok(unknowns.length > 0);
	});

	it('bounds names that double each other', async () => {
		const doubled = Array.from({ length: 60 }, (_, at) => `const c${at + 1} = c${at} + c${at}`).join('\n');
		const { unknowns } = await evidenceOf(`import "os"\nconst c0 = "abc"\n${doubled}\nfunc main() { os.Open(c60) }`);
		assert.ok(unknowns.every(({ detail }) => (detail ?? '').length <= 4096));
	});

	it('knows the paths that libraries are given', async () => {
		const { namedFiles } = await evidenceOf(`import "example.org/lib"
			import "strings"
			func own(path string) {}
			func main() {
				lib.Open("file://migrations")
				lib.New("a.conf", "https://example.com/x", "some words: %s", "/etc/x")
				lib.New().Load("fonts/a.ttf").Name("plain")
				own("own.txt")
				strings.ToUpper("a.txt")
			}
			-- example.org/lib/lib.go --
			package lib`);
		assert.deepEqual(
			namedFiles.map(({ detail }) => detail),
			['migrations', 'a.conf', 'fonts/a.ttf'],
		);
	});

	it('tells whether the program keeps files', async () => {
		const keeps = async (body: string) => (await evidenceOf(main('os path/filepath', body))).keepsFiles;
		assert.equal(await keeps('os.WriteFile(name, nil, 0o600)'), true);
		assert.equal(await keeps('os.MkdirAll(filepath.Join("data", name), 0o700)'), true);
		assert.equal(await keeps('os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)'), true);
		assert.equal(await keeps('os.OpenFile(name, os.O_RDONLY, 0); os.Open(name)'), false);
		assert.equal(await keeps('os.Create("/tmp/" + name); os.CreateTemp("", name)'), false);
		assert.equal((await evidenceOf('import _ "modernc.org/sqlite"\nfunc main() {}')).keepsFiles, true);
		assert.equal((await evidenceOf('import _ "github.com/lib/pq"\nfunc main() {}')).keepsFiles, false);
	});

	it('keeps five places of a need, the nearest first, own ones before others', async () => {
		const calls = Array.from({ length: 9 }, () => 'http.Get(x)').join('\n');
		const { evidence } = await evidenceOf(`import ("net/http"; "example.org/lib")
			func main() { lib.Load(); far.Load() }
			-- example.org/lib/lib.go --
			package lib
			import "net/http"
			func Load() { ${calls} }
			-- zz.go --
			package main
			import "net/http"
			func init() { http.Get(x) }`);
		assert.deepEqual(
			evidence.map(({ own }) => own),
			[true, false, false, false, false],
		);
	});

	it('reads again what changed, and only that', async () => {
		const cache = createEvidenceCache();
		const files: Record<string, string> = { ...filesOf('func main() { load() }\n-- load.go --\npackage main\nfunc load() {}') };
		const read: string[] = [];
		const ask = async () => {
			const readText = async (path: string) => {
				read.push(path);
				return files[path];
			};
			const { evidence } = await findEvidence({ closure: closureOf(files), readText, tags: [], cache });
			return evidence.map(({ symbol }) => symbol);
		};
		assert.deepEqual(await ask(), []);
		files['load.go'] = 'package main\nimport "net/http"\nfunc load() { http.Get(x) }';
		assert.deepEqual(await ask(), ['http.Get']);
		files['main.go'] = 'package main\nfunc main() {}';
		assert.deepEqual(await ask(), []);
		assert.deepEqual(read, ['main.go', 'load.go', 'load.go', 'main.go']);
	});

	it('follows dependencies that have not changed wherever the own code leads now', async () => {
		const cache = createEvidenceCache();
		const dependency = `-- example.org/b/b.go --
package b
import ("net/http"; "os")
func Fetch() { http.Get(x) }
func Keep() { os.CreateTemp("", "x") }
type Worker struct{}
func (Worker) Work() { os.MkdirTemp("", "y") }`;
		let before: Closure | undefined;
		const ask = async (main: string) => {
			const files = filesOf(`import "example.org/b"\n${main}\n${dependency}`);
			const closure = closureOf(files);
			const kept = before?.packages.get('example.org/b');
			const packages = new Map(closure.packages);
			// The reader gives the same package for as long as none of its files changes.
			if (kept !== undefined) packages.set('example.org/b', kept);
			before = { ...closure, packages };
			const ask = { closure: before, readText: async (path: string) => files[path], tags: [] };
			const { evidence } = await findEvidence({ ...ask, cache });
			assert.deepEqual(evidence, (await findEvidence({ ...ask, cache: createEvidenceCache() })).evidence, main);
			return evidence.map(({ symbol }) => symbol.replace(/\(.*/, ''));
		};
		assert.deepEqual(await ask('func main() { b.Fetch() }'), ['http.Get']);
		assert.deepEqual(await ask('func main() { b.Fetch(); print() }'), ['http.Get']);
		assert.deepEqual(await ask('func main() { b.Fetch(); b.Keep() }'), ['http.Get', 'os.CreateTemp']);
		assert.deepEqual(await ask('func main() { b.Keep() }'), ['os.CreateTemp']);
		assert.deepEqual(await ask('func main() { var w b.Worker; _ = w }'), []);
		assert.deepEqual(await ask('func main() { var w b.Worker; w.Work() }'), ['os.MkdirTemp']);
		assert.deepEqual(await ask('func main() { b.Fetch() }'), ['http.Get']);
	});

	it('stops where it is told to', async () => {
		const files = filesOf('func main() {}');
		const request = { closure: closureOf(files), readText: async (path: string) => files[path], tags: [], cache: createEvidenceCache() };
		await assert.rejects(findEvidence({ ...request, signal: AbortSignal.abort(new Error('enough')) }), /enough/);
	});

	it('goes on after text that is not Go', async () => {
		const { evidence } = await evidenceOf(`import "net/http"
func broken( { if x { "
func main() { http.Get(x) }
-- unreadable.go --
package main
`);
		assert.deepEqual(
			evidence.map(({ symbol }) => symbol),
			['http.Get'],
		);
	});
});
