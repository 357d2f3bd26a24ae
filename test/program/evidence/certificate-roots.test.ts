import assert from 'node:assert/strict';
import { evidenceOf } from './programs.ts';

/** A program, and what shows that it verifies TLS with the roots of the system. */
interface Case {
	readonly why: string;
	readonly program: string;
	readonly shows: readonly string[];
}

const main = (imports: string, body: string, more = '') =>
	`${imports
		.split(' ')
		.map((path) => `import "${path}"`)
		.join('\n')}\nfunc main() {\n${body}\n}\n${more}`;

const CONFIGURATIONS: readonly Case[] = [
	{
		why: 'a flag that turns verification off',
		program: main(
			'net/http crypto/tls flag',
			'insecure := flag.Bool("insecure", false, ""); t := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: *insecure}}; run(t)',
		),
		shows: ['http.Transport'],
	},
	{
		why: 'a field that turns verification off',
		program: main('net/http crypto/tls', 'run(&http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: options.Insecure}})'),
		shows: ['http.Transport'],
	},
	{
		why: 'a flag that turns verification off by default',
		program: main(
			'net/http crypto/tls flag',
			'insecure := flag.Bool("insecure", true, ""); run(&http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: *insecure}})',
		),
		shows: [],
	},
	{
		why: 'a parameter that callers leave to a flag',
		program: main(
			'net/http crypto/tls flag',
			'var insecure bool; flag.BoolVar(&insecure, "insecure", false, ""); run(transport(insecure))',
			'func transport(insecure bool) *http.Transport { return &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: insecure}} }',
		),
		shows: ['http.Transport'],
	},
	{
		why: 'a parameter that a caller makes true',
		program: main(
			'net/http crypto/tls',
			'run(transport(true))',
			'func transport(insecure bool) *http.Transport { return &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: insecure}} }',
		),
		shows: [],
	},
	{
		why: 'a field that is true in every case',
		program: main(
			'net/http crypto/tls',
			'o := options{insecure: true}; run(&http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: o.insecure}})',
		),
		shows: [],
	},
	{
		why: 'roots in a field that are loaded in every case',
		program: main(
			'net/http crypto/tls',
			'o := &options{roots: load()}; run(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: o.roots}})',
		),
		shows: [],
	},
	{
		why: 'a field that turns verification on',
		program: main('net/http crypto/tls', 'run(&http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: !options.Verify}})'),
		shows: [],
	},
	{
		why: 'verification that is turned off under a condition',
		program: main(
			'net/http crypto/tls',
			'c := &tls.Config{}; if options.Insecure { c.InsecureSkipVerify = true }; run(&http.Transport{TLSClientConfig: c})',
		),
		shows: ['http.Transport'],
	},
	{
		why: 'verification that is turned off unless something is set',
		program: main(
			'net/http crypto/tls',
			'c := &tls.Config{}; if !verify { c.InsecureSkipVerify = true }; run(&http.Transport{TLSClientConfig: c})',
		),
		shows: [],
	},
	{
		why: 'verification that is turned off in the branch for no setting',
		program: main(
			'net/http crypto/tls',
			'c := &tls.Config{}; if options.Verify { log() } else { c.InsecureSkipVerify = true }; run(&http.Transport{TLSClientConfig: c})',
		),
		shows: [],
	},
	{
		why: 'roots that are nil until a flag names some',
		program: main(
			'net/http crypto/tls crypto/x509',
			'var pool *x509.CertPool; if *ca != "" { pool = x509.NewCertPool() }; run(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}})',
		),
		shows: ['http.Transport'],
	},
	{
		why: 'roots that are nil no longer',
		program: main(
			'net/http crypto/tls crypto/x509',
			'var pool *x509.CertPool; pool = x509.NewCertPool(); run(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}})',
		),
		shows: [],
	},
	{
		why: 'roots that a function of the program loads',
		program: main('net/http crypto/tls', 'c := &tls.Config{}; c.RootCAs = load(); run(&http.Transport{TLSClientConfig: c})'),
		shows: [],
	},
	{
		why: 'roots that a function of the program loads, as one of two results',
		program: main('net/http crypto/tls', 'pool, err := load(); run(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}})'),
		shows: [],
	},
	{
		why: 'credentials from a function with conditions only',
		program: main(
			'google.golang.org/grpc/credentials crypto/tls',
			'run(credentials.NewTLS(config(*insecure)))',
			'func config(insecure bool) *tls.Config { var c tls.Config; if insecure { c.InsecureSkipVerify = true }; return &c }',
		),
		shows: ['credentials.NewTLS'],
	},
	{
		why: 'a connection whose configuration comes from callers that trust anyone',
		program: main('crypto/tls', 'dial(&tls.Config{InsecureSkipVerify: true})', 'func dial(c *tls.Config) { tls.Dial("tcp", "x:443", c) }'),
		shows: [],
	},
	{
		why: 'a connection whose configuration comes from a caller that trusts the system',
		program: main(
			'crypto/tls',
			'dial(&tls.Config{MinVersion: tls.VersionTLS12})',
			'func dial(c *tls.Config) { tls.Dial("tcp", "x:443", c) }',
		),
		shows: ['tls.Dial'],
	},
	{
		why: 'a connection whose configuration a library makes',
		program: main('crypto/tls example.org/settings', 'c, err := settings.TLS(); tls.Dial("tcp", "x:443", c)'),
		shows: ['tls.Dial'],
	},
	{
		why: 'the configuration of a server',
		program: main(
			'net/http crypto/tls',
			's := &http.Server{Addr: ":443", TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}}; s.Serve(l)',
		),
		shows: [],
	},
	{
		why: 'the name of a server, in a configuration that goes its own way',
		program: main('crypto/tls', 'start(&tls.Config{ServerName: host})'),
		shows: ['tls.Config'],
	},
	{
		why: 'the name of a server whose certificate nobody verifies',
		program: main('crypto/tls', 'start(&tls.Config{ServerName: host, InsecureSkipVerify: true})'),
		shows: [],
	},
	{
		why: 'a configuration in a field, which a function gives',
		program: main(
			'net/http crypto/tls',
			'o := options{tls: config(*insecure)}; run(&http.Transport{TLSClientConfig: o.tls})',
			'func config(insecure bool) *tls.Config { return &tls.Config{InsecureSkipVerify: insecure, Certificates: load()} }',
		),
		shows: ['http.Transport'],
	},
	{
		why: 'a field that is handed from one type to another of the same name for it',
		program: main(
			'net/http crypto/tls',
			'p := parser{}; c := config{insecure: p.insecure}; run(&http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: c.insecure}})',
		),
		shows: ['http.Transport'],
	},
	{
		why: 'the same for one that trusts anyone',
		program: main(
			'net/http crypto/tls',
			'o := options{tls: config()}; run(&http.Transport{TLSClientConfig: o.tls})',
			'func config() *tls.Config { return &tls.Config{InsecureSkipVerify: true, Certificates: load()} }',
		),
		shows: [],
	},
	{
		why: 'a configuration that is handed to a client of another module',
		program: main(
			'github.com/redis/go-redis/v9 crypto/tls',
			'redis.NewClient(&redis.Options{TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}})',
		),
		shows: ['tls.Config'],
	},
	{
		why: 'a configuration that is handed to a server of another module',
		program: main('example.org/web crypto/tls', 'web.Run(&web.ServerOptions{TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}})'),
		shows: [],
	},
	{
		why: 'a connection by a function of another module',
		program: main('github.com/emersion/go-imap/client', 'client.DialTLS("mail.example.com:993", nil)'),
		shows: ['client.DialTLS'],
	},
	{
		why: 'one whose configuration trusts anyone',
		program: main('github.com/go-ldap/ldap/v3 crypto/tls', 'ldap.DialTLS("tcp", x, &tls.Config{InsecureSkipVerify: true})'),
		shows: [],
	},
	{
		why: 'STARTTLS',
		program: main('net/smtp crypto/tls', 'c, _ := smtp.Dial(x); c.StartTLS(&tls.Config{MinVersion: tls.VersionTLS12})'),
		shows: ['StartTLS'],
	},
	{
		why: 'a test for Windows',
		program: main('net/http runtime', 'if runtime.GOOS == "windows" { http.Get("https://x.example") }'),
		shows: [],
	},
	{
		why: 'a test for everything but Windows',
		program: main('net/http', 'if !isWindows() { http.Get("https://x.example") }'),
		shows: ['http.Get'],
	},
	{
		why: 'a constant that is true on Windows',
		program: main('net/http', 'if onWindows { http.Get("https://x.example") }; if runningOnDarwin() { http.Head("https://x.example") }'),
		shows: [],
	},
	{
		why: 'the system that a switch leaves',
		program: main(
			'net/http runtime',
			'switch runtime.GOOS { case "darwin": http.Get("https://x.example"); default: http.Head("https://x.example") }',
		),
		shows: ['http.Head'],
	},
];

const CLIENTS: readonly Case[] = [
	{
		why: 'a client by value in a field',
		program: main('net/http', 'var a api; a.client.Get("https://x.example")', 'type api struct { client http.Client }'),
		shows: ['http.Client'],
	},
	{
		why: 'a client that is embedded',
		program: main('net/http', 'var a api; a.Get("https://x.example")', 'type api struct {\nhttp.Client\n}'),
		shows: ['http.Client'],
	},
	{
		why: 'a client by value that gets a transport',
		program: main(
			'net/http crypto/tls',
			'a := api{client: http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}}; a.client.Get(x)',
			'type api struct { client http.Client }',
		),
		shows: [],
	},
	{
		why: 'a client by value that asks without TLS',
		program: main('net/http', 'var a api; a.client.Get("http://backend/")', 'type api struct { client http.Client }'),
		shows: [],
	},
	{
		why: 'a client that asks for an address without TLS in a field',
		program: main(
			'net/http',
			'a := api{base: "http://127.0.0.1:" + port}; r, _ := http.NewRequest("GET", a.base + "/x", nil); c := http.Client{}; c.Do(r)',
			'type api struct { base string }',
		),
		shows: [],
	},
	{
		why: 'a client behind a pointer in a field',
		program: main('net/http', 'var a api; run(a)', 'type api struct { client *http.Client; server http.Server }'),
		shows: [],
	},
	{
		why: 'a proxy for a backend over TLS',
		program: main(
			'net/http/httputil net/url',
			'u, _ := url.Parse("https://backend.example.com"); run(httputil.NewSingleHostReverseProxy(u))',
		),
		shows: ['httputil.NewSingleHostReverseProxy'],
	},
	{
		why: 'a proxy for a backend over TLS unless the environment names another',
		program: main(
			'net/http/httputil net/url',
			'u, _ := url.Parse(environment("BACKEND", "https://backend.example.com")); run(&httputil.ReverseProxy{Rewrite: to(u)})',
			'func environment(name, otherwise string) string { return otherwise }',
		),
		shows: ['httputil.ReverseProxy'],
	},
	{
		why: 'a proxy whose backend is not known',
		program: main('net/http/httputil net/url os', 'u, _ := url.Parse(os.Getenv("BACKEND")); run(httputil.NewSingleHostReverseProxy(u))'),
		shows: [],
	},
	{
		why: 'a proxy for a backend without TLS',
		program: main('net/http/httputil net/url', 'run(&httputil.ReverseProxy{Director: to(&url.URL{Scheme: "http", Host: "backend"})})'),
		shows: [],
	},
	{
		why: 'a client that asks URLs made without TLS',
		program: main(
			'net/http net/url',
			'u := url.URL{Scheme: "http", Host: host}; r, _ := http.NewRequest("GET", u.String(), nil); http.DefaultClient.Do(r)',
		),
		shows: [],
	},
	{
		why: 'a client that asks URLs whose scheme is set to do without TLS',
		program: main(
			'net/http net/url',
			'u, _ := url.Parse(x); u.Scheme = "http"; r, _ := http.NewRequest("GET", u.String(), nil); http.DefaultClient.Do(r)',
		),
		shows: [],
	},
	{
		why: 'a client that does without TLS only where the address has no scheme',
		program: main(
			'net/http net/url',
			'u, _ := url.Parse(x); if u.Scheme == "" { u.Scheme = "http" }; r, _ := http.NewRequest("GET", u.String(), nil); http.DefaultClient.Do(r)',
		),
		shows: ['http.DefaultClient'],
	},
	{
		why: 'mail to a host that no public authority knows',
		program: main('net/smtp', 'smtp.SendMail("mailhog:1025", nil, "", nil, nil)'),
		shows: [],
	},
	{
		why: 'mail to a host of the cluster',
		program: main('net/smtp', 'smtp.SendMail("mail.prod.svc.cluster.local:" + port, nil, "", nil, nil)'),
		shows: [],
	},
	{
		why: 'a host whose name is not all known',
		program: main('net/smtp', 'smtp.SendMail("mail" + domain, nil, "", nil, nil)'),
		shows: ['smtp.SendMail'],
	},
];

const DEPENDENCIES: readonly Case[] = [
	{
		why: 'a known client by an older path, and by the name of its package',
		program: main('gopkg.in/telegram-bot-api.v4', 'tgbotapi.NewBotAPI("token")'),
		shows: ['telegram-bot-api.NewBotAPI (Telegram client)'],
	},
	{
		why: 'roots that a dependency takes only where it is told to',
		program: `import "example.org/db"
			func main() { db.Open(x) }
			-- example.org/db/db.go --
			package db
			import "crypto/x509"
			func Open(setting string) { switch setting { case "system": x509.SystemCertPool() } }`,
		shows: [],
	},
	{
		why: 'roots that a dependency takes unless it is told otherwise',
		program: `import "example.org/db"
			func main() { db.Open(x) }
			-- example.org/db/db.go --
			package db
			import "crypto/x509"
			func Open(roots *x509.CertPool) { if roots == nil { roots, _ = x509.SystemCertPool() } }`,
		shows: ['x509.SystemCertPool'],
	},
	{
		why: 'a client in a variable of a dependency that nothing asks with',
		program: `import "example.org/git"
			func main() { git.Open(".") }
			-- example.org/git/git.go --
			package git
			import "net/http"
			var client = newClient(nil)
			func newClient(c *http.Client) *http.Client { if c == nil { c = http.DefaultClient }; return c }
			func Open(path string) {}
			func Clone(url string) { r, _ := http.NewRequest("GET", url, nil); client.Do(r) }`,
		shows: [],
	},
	{
		why: 'the same where the program asks with it',
		program: `import "example.org/git"
			func main() { git.Clone(x) }
			-- example.org/git/git.go --
			package git
			import "net/http"
			var client = newClient(nil)
			func newClient(c *http.Client) *http.Client { if c == nil { c = http.DefaultClient }; return c }
			func Clone(url string) { r, _ := http.NewRequest("GET", url, nil); client.Do(r) }`,
		shows: ['http.DefaultClient'],
	},
	{
		why: 'a dependency that is handed an address without TLS',
		program: `import "example.org/search"
			import "os"
			func main() { search.New(search.Config{Addresses: []string{"http://search:9200"}, Password: os.Getenv("PASSWORD")}) }
			-- example.org/search/search.go --
			package search
			import "net/http"
			type Config struct { Addresses []string; Password string }
			func New(c Config) { client := http.Client{}; r, _ := http.NewRequest("GET", c.Addresses[0], nil); client.Do(r) }`,
		shows: [],
	},
	{
		why: 'a dependency that is handed an address with TLS too',
		program: `import "example.org/search"
			import "os"
			func main() { search.New("http://search:9200"); search.New("https://search.example.com") }
			-- example.org/search/search.go --
			package search
			import "net/http"
			func New(address string) { client := http.Client{}; r, _ := http.NewRequest("GET", address, nil); client.Do(r) }`,
		shows: ['http.Client'],
	},
	{
		why: 'mail by a dependency that turns to TLS by itself',
		program: `import "example.org/mail"
			func main() { mail.Send(&mail.Dialer{Host: "mail.example.com"}) }
			-- example.org/mail/mail.go --
			package mail
			import ("crypto/tls"; "net/smtp")
			type Dialer struct { Host string; TLS *tls.Config }
			func Send(d *Dialer) { c, _ := smtp.Dial(d.Host); if ok, _ := c.Extension("STARTTLS"); ok { c.StartTLS(config(d)) } }
			func config(d *Dialer) *tls.Config { if d.TLS == nil { return &tls.Config{ServerName: d.Host} }; return d.TLS }`,
		shows: ['tls.Config'],
	},
];

/** The texts of the workspace's own code, with a driver that is not on disk. */
const ADDRESSES: readonly (readonly [driver: string, text: string, shows: string | undefined])[] = [
	['github.com/jackc/pgx/v5', 'postgres://u:p@db:5432/app?sslmode=disable', undefined],
	['github.com/jackc/pgx/v5', 'postgres://u:p@db:5432/app', undefined],
	['github.com/jackc/pgx/v5', 'postgres://u:p@db:5432/app?sslmode=verify-full', '"sslmode=verify-full" (Postgres driver)'],
	['github.com/lib/pq', 'host=db sslmode=verify-ca', '"sslmode=verify-ca" (Postgres driver)'],
	['github.com/lib/pq', 'host=db sslmode=verify-full sslrootcert=/etc/ca.pem', undefined],
	['example.org/other', 'host=db sslmode=verify-full', undefined],
	['github.com/go-sql-driver/mysql', 'u:p@tcp(db:3306)/app?tls=true', '"tls=true" (MySQL driver)'],
	['github.com/go-sql-driver/mysql', 'u:p@tcp(db:3306)/app?tls=skip-verify', undefined],
	['github.com/redis/go-redis/v9', 'rediss://cache.example.com:6379', '"rediss://" (Redis client)'],
	['github.com/redis/go-redis/v9', 'redis://cache:6379', undefined],
	['github.com/redis/go-redis/v9', 'rediss://localhost:6379', undefined],
	['github.com/redis/go-redis/v9', 'rediss://', undefined],
	['go.mongodb.org/mongo-driver/v2/mongo', 'mongodb://mongo:27017', undefined],
	['go.mongodb.org/mongo-driver/v2/mongo', 'mongodb+srv://u:p@cluster.example.net/app', '"mongodb+srv://" (MongoDB driver)'],
	['go.mongodb.org/mongo-driver/mongo', 'mongodb://mongo.example.com/?tls=true', '"tls=true" (MongoDB driver)'],
	['go.mongodb.org/mongo-driver/mongo', 'mongodb+srv://cluster.example.net/?tlsInsecure=true', undefined],
	['github.com/rabbitmq/amqp091-go', 'amqps://u:p@queue.example.com/', '"amqps://" (AMQP client)'],
	['github.com/microsoft/go-mssqldb', 'sqlserver://db.example.com?encrypt=true', '"encrypt=true" (SQL Server driver)'],
	['github.com/microsoft/go-mssqldb', 'sqlserver://db.example.com?encrypt=true&trustServerCertificate=true', undefined],
];

const verifying = (options: string, more = '') =>
	main(
		'crypto/x509',
		`c, _ := x509.ParseCertificate(data); pool := x509.NewCertPool()\nopts := x509.VerifyOptions{${options}}\n${more}\nc.Verify(opts)`,
	);

const VERIFICATION: readonly Case[] = [
	{ why: 'a certificate that is verified', program: verifying('DNSName: "example.com"'), shows: ['x509.VerifyOptions'] },
	{ why: 'a certificate that is verified without options', program: verifying(''), shows: ['x509.VerifyOptions'] },
	{
		why: 'options in a variable without value',
		program: main('crypto/x509', 'var o x509.VerifyOptions; c.Verify(o)'),
		shows: ['x509.VerifyOptions'],
	},
	{ why: 'a certificate that is verified by a pool', program: verifying('Roots: pool'), shows: [] },
	{ why: 'a certificate that is verified by a pool that is set later', program: verifying('', 'opts.Roots = pool'), shows: [] },
	{
		why: 'options that a function takes',
		program: main('crypto/x509', 'verify(opts)', 'func verify(o x509.VerifyOptions) {}'),
		shows: [],
	},
	{
		why: 'a dependency that verifies',
		program: `${main('example.org/jws', 'jws.Verify()')}
			-- example.org/jws/jws.go --
			package jws
			import "crypto/x509"
			func Verify() { cert.Verify(x509.VerifyOptions{}) }`,
		shows: [],
	},
];

/** A library that connects over TLS for a setting, and a program that sets `configuration`. */
const queue = (configuration: string, { connects = 'if c.Net.TLS.Enable { tls.Client(conn, c.Net.TLS.Config) }', imports = '' } = {}) =>
	`${main(`example.org/mq/queue ${imports}`.trim(), `${configuration}; queue.New(config)`)}
	-- example.org/mq/queue/queue.go --
	package queue
	import "crypto/tls"
	func NewConfig() *Config { return &Config{} }
	func New(c *Config) { ${connects} }`;

const SWITCHES: readonly Case[] = [
	{ why: 'a setting of a library', program: queue('config := queue.NewConfig(); config.Net.TLS.Enable = true'), shows: ['tls.Client'] },
	{ why: 'a library that is told nothing', program: queue('config := queue.NewConfig()'), shows: [] },
	{ why: 'another setting of the name', program: queue('config := queue.NewConfig(); config.Net.SASL.Enable = true'), shows: [] },
	{ why: 'a setting that is off', program: queue('config := queue.NewConfig(); config.Net.TLS.Enable = false'), shows: [] },
	{
		why: 'a setting of another library',
		program: `${queue('config := queue.NewConfig(); other := web.New(); other.TLS.Enable = true', { imports: 'example.org/web' })}
			-- example.org/web/web.go --
			package web
			func New() *Config { return nil }`,
		shows: [],
	},
	{
		why: 'a setting in a literal',
		program: queue('config := &queue.Config{UseTLS: true}', { connects: 'if c.UseTLS && c.TLSConfig == nil { tls.Dial("tcp", a, nil) }' }),
		shows: ['tls.Dial'],
	},
	{
		why: 'a setting in a literal in a literal',
		program: queue('config := &queue.Config{TLS: &queue.TLSOptions{Enabled: true}}', {
			connects: 'if c.TLS.Enabled { tls.Dial("tcp", a, nil) }',
		}),
		shows: ['tls.Dial'],
	},
	{
		why: 'a setting that needs another',
		program: queue('config := &queue.Config{UseTLS: true}', { connects: 'if c.UseTLS && c.Strict { tls.Dial("tcp", a, nil) }' }),
		shows: [],
	},
	{
		why: 'a setting inside of another',
		program: queue('config := &queue.Config{UseTLS: true}', { connects: 'if c.Strict { if c.UseTLS { tls.Dial("tcp", a, nil) } }' }),
		shows: [],
	},
	{
		why: 'what is done without a setting inside of one',
		program: queue('config := &queue.Config{UseTLS: true}', { connects: 'if c.UseTLS { if c.Config == nil { tls.Dial("tcp", a, nil) } }' }),
		shows: ['tls.Dial'],
	},
	{
		why: 'the contrary of a setting inside of one',
		program: queue('config := &queue.Config{UseTLS: true}', {
			connects: 'if c.UseTLS { if c.Config == nil { plain() } else { tls.Dial("tcp", a, c.Config) } }',
		}),
		shows: [],
	},
	{
		why: 'a setting with roots of its own',
		program: queue('config := queue.NewConfig(); config.Net.TLS.Enable = true; config.Net.TLS.CAFile = "ca.pem"'),
		shows: [],
	},
	{
		why: 'a setting with a configuration that has roots',
		program: queue('config := queue.NewConfig(); config.Net.TLS.Enable = true; config.Net.TLS.Config = &tls.Config{RootCAs: pool()}', {
			imports: 'crypto/tls',
		}),
		shows: [],
	},
	{
		why: 'a setting with a configuration that trusts anyone',
		program: queue('config := queue.NewConfig(); config.Net.TLS.Enable = true; config.Net.TLS.Config.InsecureSkipVerify = true'),
		shows: [],
	},
	{
		why: 'a setting with a configuration that leaves the roots to the system',
		program: queue('config := queue.NewConfig(); config.Net.TLS.Enable = true; config.Net.TLS.Config = &tls.Config{MinVersion: 3}', {
			imports: 'crypto/tls',
		}),
		shows: ['tls.Client'],
	},
];

describe('evidence of certificate roots', () => {
	for (const { why, program, shows } of [...CONFIGURATIONS, ...CLIENTS, ...DEPENDENCIES, ...VERIFICATION, ...SWITCHES]) {
		it(why, async () => {
			assert.deepEqual(await rootsOf(program), shows);
		});
	}

	for (const [driver, text, shows] of ADDRESSES) {
		it(`${shows === undefined ? 'none' : 'some'} for ${text} with ${driver}`, async () => {
			const expected = shows === undefined ? [] : [shows];
			assert.deepEqual(await rootsOf(`import "${driver}"\nfunc main() { open("${text}") }`), expected);
			assert.deepEqual(
				await rootsOf(`import "${driver}"\nconst address = "${text}"\nfunc main() { open(address) }`),
				expected,
				'a constant',
			);
			assert.deepEqual(await rootsOf(`import "${driver}"\nvar address = "${text}"\nfunc main() { open(address) }`), expected, 'a variable');
			assert.deepEqual(await rootsOf(`import "${driver}"\nconst address = "${text}"\nfunc main() {}`), [], 'that nothing uses');
		});
	}

	it('tells addresses that a person gives from those of the program', async () => {
		const given = async (program: string) =>
			(await evidenceOf(program)).evidence.filter(({ need }) => need === 'certificate-roots').map((each) => each.given);
		assert.deepEqual(await given(main('net/http os', 'http.Get(os.Args[1])')), [true]);
		assert.deepEqual(await given(main('net/http os', 'http.Get(os.Getenv("URL") + "/health")')), [true]);
		assert.deepEqual(await given(main('net/http flag', 'u := flag.String("url", "http://backend", ""); http.Get(*u)')), [true]);
		assert.deepEqual(await given(main('net/http flag', 'u := flag.String("url", "https://example.com", ""); http.Get(*u)')), [false]);
		assert.deepEqual(await given(main('net/http', 'http.Get(next())')), [false]);
		const switched = 'config := queue.NewConfig(); config.Net.TLS.Enable = true';
		assert.deepEqual(await given(queue(switched)), [false]);
		assert.deepEqual(await given(queue('config := queue.NewConfig(); if *secure { config.Net.TLS.Enable = true }')), [true]);
		assert.deepEqual(await given(main('net/http', 'a := api{base: "http://backend"}; http.Get(a.base + "/x")')), []);
		assert.deepEqual(await given(main('net/http', 'http.Get(base + "/x")', 'var base = "http://backend"')), []);
	});

	it('quotes no password', async () => {
		const [shown] = await rootsOf(
			'import "github.com/rabbitmq/amqp091-go"\nfunc main() { amqp091.Dial("amqps://user:secret@queue.example.com/") }',
		);
		assert.equal(shown?.includes('secret'), false);
	});
});

async function rootsOf(program: string): Promise<string[]> {
	const { evidence } = await evidenceOf(program);
	return evidence.filter(({ need }) => need === 'certificate-roots').map(({ symbol }) => symbol);
}
