/**
 * Released modules whose zip holds Dockerfiles, by what those Dockerfiles show. A version never changes on the module proxy, so a
 * snapshot changes only where go-scratch does.
 */
export const MODULES: readonly string[] = [
	// A binary that is built elsewhere and copied.
	'github.com/prometheus/blackbox_exporter@v0.25.0',
	'github.com/prometheus/node_exporter@v1.8.2',
	'github.com/charmbracelet/glow@v1.5.1',
	'github.com/wagoodman/dive@v0.12.0',
	// One stage, in GOPATH mode.
	'github.com/mailhog/MailHog@v1.0.1',
	'github.com/jwilder/dockerize@v0.6.1',
	'github.com/kelseyhightower/confd@v0.16.0',
	// A scratch image.
	'github.com/jpillora/chisel@v1.10.0',
	'github.com/fullstorydev/grpcurl@v1.9.1',
	// A distroless image.
	'github.com/coredns/coredns@v1.11.3',
	'github.com/mccutchen/go-httpbin/v2@v2.15.0',
	'sigs.k8s.io/metrics-server@v0.7.2',
	// An Alpine image.
	'github.com/hashicorp/http-echo@v1.0.0',
	'github.com/mikefarah/yq/v4@v4.44.3',
	'github.com/schollz/croc/v9@v9.6.16',
	'github.com/terraform-linters/tflint@v0.53.0',
	// Built by make.
	'github.com/genuinetools/reg@v0.16.1',
	'github.com/ncabatoff/process-exporter@v0.8.3',
	'miniflux.app/v2@v2.2.0',
	// With cgo.
	'github.com/benbjohnson/litestream@v0.3.13',
	'github.com/gotify/server/v2@v2.5.0',
	// Several Dockerfiles for several programs.
	'github.com/golang-migrate/migrate/v4@v4.17.1',
	'github.com/stefanprodan/podinfo@v1.8.0',
	'github.com/tsenart/vegeta/v12@v12.12.0',
];
