import type { NeedId } from './need-ids.ts';

/** A module whose clients are known, so that the use of its names in the workspace tells even where the module is not on disk. */
export interface KnownModule {
	/** The import path, or what it begins with up to a slash. */
	readonly path: string;
	readonly need: NeedId;
	/** The names that make a client; every exported function that begins so. */
	readonly names: RegExp;
	/** Where only some packages below the path have clients. */
	readonly packages?: RegExp;
	/** How a person calls it. */
	readonly title: string;
}

const client = (title: string, path: string, names = /^(?:New|Dial|Connect)/, packages?: RegExp): KnownModule => ({
	path,
	need: 'certificate-roots',
	names,
	packages,
	title,
});

/** Client libraries of services that are reached over TLS. */
export const KNOWN_MODULES: readonly KnownModule[] = [
	client('AWS SDK', 'github.com/aws/aws-sdk-go-v2/config', /^LoadDefaultConfig$/),
	client('AWS SDK', 'github.com/aws/aws-sdk-go-v2/service', /^New(?:FromConfig)?$/, /\/service\/[^/]+$/),
	client('AWS SDK', 'github.com/aws/aws-sdk-go/service', /^New$/, /\/service\/[^/]+$/),
	client('AWS SDK', 'github.com/aws/aws-sdk-go/aws/session', /^(?:New|Must$)/),
	client('Google Cloud client', 'cloud.google.com/go', /^New(?:REST|[A-Z]\w*)?Client/),
	client('Google API client', 'google.golang.org/api', /^New(?:Service)?$/, /\/v\d+(?:alpha\d*|beta\d*)?$/),
	client('Firebase client', 'firebase.google.com/go', /^NewApp$/),
	client('Azure SDK', 'github.com/Azure/azure-sdk-for-go/sdk/azidentity', /^New\w*Credential$/),
	client('Azure SDK', 'github.com/Azure/azure-sdk-for-go/sdk', /^New\w*Client/),
	client('GitHub client', 'github.com/google/go-github', /^NewClient|^NewTokenClient/),
	client('GitHub client', 'github.com/shurcooL/githubv4', /^NewClient$/),
	client('GitLab client', 'gitlab.com/gitlab-org/api/client-go', /^New\w*Client$/),
	client('GitLab client', 'github.com/xanzy/go-gitlab', /^New\w*Client$/),
	client('Slack client', 'github.com/slack-go/slack', /^(?:New|PostWebhook\w*)$/),
	client('Discord client', 'github.com/bwmarrin/discordgo', /^New$/),
	client('Telegram client', 'github.com/go-telegram-bot-api/telegram-bot-api', /^NewBotAPI/),
	client('Telegram client', 'gopkg.in/telebot.v3', /^NewBot$/),
	client('Telegram client', 'gopkg.in/tucnak/telebot.v2', /^NewBot$/),
	client('Telegram client', 'github.com/go-telegram/bot', /^New$/),
	client(
		'Stripe client',
		'github.com/stripe/stripe-go',
		/^New(?:$|Client|Params)?/,
		/stripe-go(?:\/v\d+)?(?:\/(?:client|customer|charge|checkout\/session|paymentintent|subscription|price|product|refund))?$/,
	),
	client('Twilio client', 'github.com/twilio/twilio-go', /^NewRestClient/),
	client('SendGrid client', 'github.com/sendgrid/sendgrid-go', /^(?:NewSendClient|API|MakeRequest\w*)$/),
	client('Mailgun client', 'github.com/mailgun/mailgun-go', /^NewMailgun/),
	client('Sentry client', 'github.com/getsentry/sentry-go', /^(?:Init|NewClient)$/, /sentry-go$/),
	client('OpenAI client', 'github.com/sashabaranov/go-openai', /^NewClient$/),
	client('OpenAI client', 'github.com/openai/openai-go', /^NewClient$/),
	client('Anthropic client', 'github.com/anthropics/anthropic-sdk-go', /^NewClient$/),
	client('Cloudflare client', 'github.com/cloudflare/cloudflare-go', /^New/),
	client('DigitalOcean client', 'github.com/digitalocean/godo', /^New/),
	client('Hetzner Cloud client', 'github.com/hetznercloud/hcloud-go', /^NewClient$/),
	client('Linode client', 'github.com/linode/linodego', /^NewClient$/),
	client('ACME client', 'golang.org/x/crypto/acme/autocert', /^(?:NewListener|Manager)$/),
	client('ACME client', 'github.com/go-acme/lego', /^NewClient$/),
	client('ACME client', 'github.com/caddyserver/certmagic', /^(?:HTTPS|TLS|Listen|New|NewDefault|ManageSync)$/),
	client('Spotify client', 'github.com/zmb3/spotify', /^New/),
	client('Twitter client', 'github.com/dghubble/go-twitter', /^NewClient$/),
	client('Datadog client', 'github.com/DataDog/datadog-api-client-go', /^NewAPIClient$/),
	client('OIDC client', 'github.com/coreos/go-oidc', /^NewProvider$/),
	client('OAuth2 client', 'golang.org/x/oauth2', /^NewClient$/, /oauth2$/),
	client('Google ID token client', 'google.golang.org/api/idtoken', /^New|^Validate$/),
	client('OAuth2 of Google', 'golang.org/x/oauth2/google', /^(?:FindDefaultCredentials\w*|DefaultClient|DefaultTokenSource)$/),
	client('Snowflake driver', 'github.com/snowflakedb/gosnowflake', /^(?:Open|NewConnector)$/),
	{ path: 'github.com/docker/docker/client', need: 'privilege', names: /^New/, title: 'Docker client' },
	{ path: 'github.com/moby/moby/client', need: 'privilege', names: /^New/, title: 'Docker client' },
	{ path: 'github.com/fsouza/go-dockerclient', need: 'privilege', names: /^New/, title: 'Docker client' },
	{ path: 'github.com/containerd/containerd', need: 'privilege', names: /^New$/, title: 'containerd client' },
	{ path: 'github.com/vishvananda/netlink', need: 'privilege', names: /^/, title: 'netlink' },
	{ path: 'github.com/google/gopacket/pcap', need: 'privilege', names: /^Open/, title: 'packet capture' },
	{ path: 'github.com/gopacket/gopacket/pcap', need: 'privilege', names: /^Open/, title: 'packet capture' },
	{ path: 'github.com/google/gopacket/afpacket', need: 'privilege', names: /^New/, title: 'packet capture' },
	{ path: 'github.com/coreos/go-iptables/iptables', need: 'privilege', names: /^New/, title: 'iptables' },
	{ path: 'github.com/google/nftables', need: 'privilege', names: /^New/, title: 'nftables' },
	{ path: 'github.com/cilium/ebpf', need: 'privilege', names: /^(?:New|Load)/, title: 'eBPF' },
	// What mounts volumes for the kubelet.
	{ path: 'k8s.io/mount-utils', need: 'privilege', names: /^New/, title: 'mounts' },
	{ path: 'k8s.io/utils/mount', need: 'privilege', names: /^New/, title: 'mounts' },
	{ path: 'github.com/opencontainers/runc/libcontainer', need: 'privilege', names: /^(?:New|Create|Load)/, title: 'libcontainer' },
];

/** Functions of whichever module by which a program connects over TLS, with the configuration among their arguments. */
export const CONNECTS = /^Dial\w*TLS$/;

/**
 * Modules that the table describes: what a need's evidence inside them would show is left out, because it stands in code that a
 * program reaches by methods of the same name without ever running it, or that trusts roots of its own.
 */
export const DESCRIBED_MODULES: readonly { readonly path: string; readonly needs: readonly NeedId[] }[] = [
	// Over TLS they trust the authority that DOCKER_CERT_PATH names; most often they speak to a socket.
	{ path: 'github.com/docker/docker/client', needs: ['certificate-roots'] },
	{ path: 'github.com/moby/moby/client', needs: ['certificate-roots'] },
	{ path: 'github.com/docker/go-connections', needs: ['certificate-roots'] },
	// Frameworks hold it for those who let it fetch certificates.
	{ path: 'golang.org/x/crypto/acme', needs: ['certificate-roots'] },
	// The address decides; see known-addresses.ts.
	{ path: 'go.mongodb.org/mongo-driver', needs: ['certificate-roots'] },
	{ path: 'github.com/jackc/pgx', needs: ['certificate-roots'] },
	{ path: 'github.com/rabbitmq/amqp091-go', needs: ['certificate-roots'] },
	{ path: 'github.com/streadway/amqp', needs: ['certificate-roots'] },
	// Options decide: Secure, WithInsecure, WithTunneling.
	{ path: 'github.com/minio/minio-go', needs: ['certificate-roots'] },
	{ path: 'go.opentelemetry.io/otel/exporters/otlp', needs: ['certificate-roots'] },
	{ path: 'github.com/kataras/tunnel', needs: ['certificate-roots'] },
	{ path: 'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp', needs: ['certificate-roots'] },
	{ path: 'google.golang.org/grpc', needs: ['certificate-roots', 'listener'] },
	{ path: 'golang.org/x/net', needs: ['certificate-roots', 'listener', 'privilege'] },
	{ path: 'k8s.io/client-go', needs: ['certificate-roots', 'temporary-directory'] },
	{ path: 'k8s.io/apimachinery', needs: ['certificate-roots'] },
	// It reads source only to print it after a panic.
	{ path: 'github.com/gin-gonic/gin', needs: ['certificate-roots', 'temporary-directory', 'listener', 'runtime-file'] },
	{ path: 'github.com/labstack/echo', needs: ['certificate-roots', 'temporary-directory', 'listener'] },
	// Prefork starts the program itself.
	{ path: 'github.com/gofiber/fiber', needs: ['certificate-roots', 'temporary-directory', 'listener', 'executable'] },
	{ path: 'github.com/valyala/fasthttp', needs: ['certificate-roots', 'temporary-directory', 'listener'] },
	// Files of a user that may be absent, or that a connection string names.
	{ path: 'github.com/jackc/pgpassfile', needs: ['runtime-file'] },
	{ path: 'github.com/jackc/pgservicefile', needs: ['runtime-file'] },
	{ path: 'github.com/jackc/pgx', needs: ['runtime-file'] },
	{ path: 'github.com/jackc/pgconn', needs: ['runtime-file'] },
	{ path: 'github.com/lib/pq', needs: ['runtime-file'] },
	{ path: 'github.com/aws/aws-sdk-go', needs: ['runtime-file', 'executable'] },
	{ path: 'github.com/aws/aws-sdk-go-v2', needs: ['runtime-file', 'executable'] },
	// The files that it is given, or .env: see go-evidence.ts.
	{ path: 'github.com/joho/godotenv', needs: ['runtime-file', 'writable-directory'] },
	// Beside the file that it is told of, if it is told of none.
	{ path: 'gopkg.in/natefinch/lumberjack.v2', needs: ['temporary-directory'] },
	// All below /proc and /sys.
	{ path: 'github.com/prometheus/procfs', needs: ['runtime-file'] },
	// Files of certificates that a connection string names; the helper of client-side encryption, and the log that the environment asks for.
	{ path: 'go.mongodb.org/mongo-driver', needs: ['runtime-file', 'executable', 'writable-directory'] },
	// Only where a constant of its source is changed.
	{ path: 'github.com/klauspost/compress', needs: ['writable-directory'] },
];

/** Modules that open no files but those that the workspace's code names in these fields or by these functions. */
export const CONFIGURED_MODULES: readonly {
	readonly path: string;
	readonly fields: readonly string[];
	readonly functions: readonly string[];
}[] = [{ path: 'go.uber.org/zap', fields: ['OutputPaths', 'ErrorOutputPaths'], functions: ['Open'] }];
