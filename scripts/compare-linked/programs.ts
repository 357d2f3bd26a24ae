/** A main package of a released module, as `MODULE@VERSION PACKAGE`. A version never changes on the module proxy. */
export interface LinkedProgram {
	readonly name: string;
	/** Whether it is one of the few that are built with every run of the tests: it is small, and builds in seconds. */
	readonly isSmall: boolean;
}

const small = (name: string): LinkedProgram => ({ name, isSmall: true });
const large = (name: string): LinkedProgram => ({ name, isSmall: false });

/** Programs of different kinds and authors. */
export const PROGRAMS: readonly LinkedProgram[] = [
	// Clients of HTTP, with settings that turn verification off.
	small('github.com/rakyll/hey@v0.1.4 .'),
	large('github.com/tsenart/vegeta/v12@v12.12.0 .'),
	large('github.com/codesenberg/bombardier@v1.2.6 .'),
	large('github.com/fullstorydev/grpcurl@v1.9.1 ./cmd/grpcurl'),
	large('github.com/schollz/croc/v9@v9.6.16 .'),
	large('github.com/containrrr/shoutrrr@v0.8.0 ./shoutrrr'),
	// Servers.
	small('github.com/hashicorp/http-echo@v1.0.0 .'),
	small('github.com/mccutchen/go-httpbin/v2@v2.15.0 ./cmd/go-httpbin'),
	small('github.com/letsencrypt/pebble/v2@v2.10.1 ./cmd/pebble'),
	large('github.com/jpillora/chisel@v1.10.0 .'),
	large('github.com/prometheus/blackbox_exporter@v0.25.0 .'),
	large('github.com/prometheus/pushgateway@v1.9.0 .'),
	large('github.com/air-verse/air@v1.61.0 .'),
	large('github.com/coredns/coredns@v1.11.3 .'),
	// Tools that ask nobody.
	small('github.com/fsnotify/fsnotify@v1.7.0 ./cmd/fsnotify'),
	small('mvdan.cc/sh/v3@v3.9.0 ./cmd/shfmt'),
	small('github.com/itchyny/gojq@v0.12.16 ./cmd/gojq'),
	small('golang.org/x/tools@v0.26.0 ./cmd/stringer'),
	small('google.golang.org/protobuf@v1.35.1 ./cmd/protoc-gen-go'),
];
