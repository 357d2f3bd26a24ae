import fc from 'fast-check';

/** Dockerfiles as people write them for Go: the usual, the odd and the broken, put together from parts that mostly fit. */

type Lines = readonly string[];

const lines = (...choices: readonly (string | Lines)[]): fc.Arbitrary<Lines> =>
	fc.constantFrom(...choices.map((choice) => (typeof choice === 'string' ? [choice] : choice)));

const together = (...parts: readonly fc.Arbitrary<Lines>[]): fc.Arbitrary<Lines> => fc.tuple(...parts).map((chosen) => chosen.flat());

/** The lines, or none, as often as `weight` out of ten. */
const often = (weight: number, part: fc.Arbitrary<Lines>): fc.Arbitrary<Lines> =>
	fc.oneof({ arbitrary: fc.constant<Lines>([]), weight: 10 - weight }, { arbitrary: part, weight });

const COMMENTS = lines('# What follows is explained here.', ['', '# A comment', '# of two lines.'], '', '#', '#no space', '   # indented');

const HEADER = lines(
	[],
	'# syntax=docker/dockerfile:1',
	['# syntax=docker/dockerfile:1', '# check=skip=all', ''],
	'# a comment at the top',
	'',
	'# go-scratch ignore-file=missing-dockerignore',
);

const GLOBAL_ARGUMENTS = lines('ARG GO_VERSION=1.22', ['ARG GO_VERSION="1.21"', 'ARG VARIANT=alpine'], 'ARG TARGETARCH=arm64');

const BUILDER = lines(
	'FROM golang:1.22 AS build',
	'FROM golang:1.22-alpine AS build',
	'FROM golang AS build',
	'FROM golang:alpine as build',
	'FROM golang:1.20 AS build',
	'FROM golang:1.22.3-alpine3.19 AS build',
	'FROM --platform=$BUILDPLATFORM golang:1.22 AS build',
	'FROM --platform=linux/arm64 golang:1.24 AS build',
	'FROM golang:${GO_VERSION} AS build',
	'FROM golang:${GO_VERSION}-${VARIANT} AS build',
	'FROM golang:1.22-bookworm@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef AS build',
	'FROM docker.io/library/golang:1.22-bullseye AS build',
	'FROM registry.example.com/go:1 AS build',
	'FROM mcr.microsoft.com/oss/go/microsoft/golang:1.22 AS build',
	'FROM golang:1.22',
	['FROM golang:1.22 AS base', 'WORKDIR /src', 'FROM base AS build'],
	['FROM golang:1.22 \\', '    AS build'],
	['FROM alpine:3.20 AS build', 'RUN apk add --no-cache go git'],
	['FROM debian:12 AS certs', 'RUN apt-get update && apt-get install -y ca-certificates', '', 'FROM golang:1.22 AS build'],
);

const BUILD_DIRECTORY = lines(
	'WORKDIR /src',
	[],
	'WORKDIR /app',
	'WORKDIR /go/src/example.com/app',
	'WORKDIR src',
	['WORKDIR /src', 'WORKDIR app'],
	['ENV APP=/app', 'WORKDIR $APP'],
);

const BUILD_SETTINGS = lines(
	'ENV CGO_ENABLED=0',
	'ENV CGO_ENABLED 1',
	'ARG TARGETOS TARGETARCH',
	'ARG VERSION=dev',
	'ENV GOFLAGS=-mod=vendor',
	'ENV GOFLAGS="-trimpath -tags=netgo"',
	['ENV GO111MODULE=on \\', '    CGO_ENABLED=0 \\', '    GOOS=linux'],
	'ENV GOTOOLCHAIN=auto',
	'RUN apk add --no-cache git ca-certificates tzdata',
	'RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates gcc',
	'RUN adduser -D -u 10001 app',
	'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
	'USER nobody',
	'ARG TARGETARCH=arm64',
);

const SOURCE = lines(
	'COPY . .',
	['COPY go.mod go.sum ./', 'RUN go mod download', 'COPY . .'],
	['COPY go.mod ./', 'RUN go mod download', 'COPY . .'],
	['COPY . .', 'RUN go mod download'],
	['COPY . .', '', '# Modules.', 'RUN go mod download && go mod verify'],
	['COPY go.* ./', 'RUN --mount=type=cache,target=/go/pkg/mod go mod download', 'COPY . ./'],
	['COPY ./ /src/', 'WORKDIR /src'],
	['COPY go.mod go.sum main.go ./', 'RUN go get ./...'],
	['ADD . /app', 'RUN go mod tidy'],
	['COPY ["go.mod", "go.sum", "./"]', 'COPY ["main.go", "."]'],
	['COPY --chown=app:app . .'],
	['COPY --link . .'],
	['COPY cmd ./cmd', 'COPY go.mod ./'],
	['COPY *.go go.mod ./'],
	['COPY app ./app', 'COPY go.work ./'],
	['COPY missing.txt ./'],
	['COPY . \\', '  .'],
	[],
);

const BUILD = lines(
	'RUN go build -o /app .',
	'RUN CGO_ENABLED=0 go build -o /app .',
	'RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/app .',
	'RUN CGO_ENABLED=0 GOOS=linux go build -a -installsuffix cgo -ldflags \'-extldflags "-static"\' -o /app .',
	'RUN go build -ldflags=-s -o app',
	'RUN go build -ldflags "-X main.version=$VERSION" -o /bin/app ./cmd/server',
	'RUN go build ./cmd/server',
	'RUN go build -o /out/ ./...',
	'RUN go build -o /out ./cmd/server ./cmd/client',
	'RUN mkdir /out && go build -o /out .',
	'RUN go install .',
	'RUN go install ./...',
	'RUN go build -tags netgo -o /app .',
	'RUN go build -tags "netgo osusergo" -o /app .',
	"RUN go build -tags='netgo,osusergo' -o /app .",
	['RUN --mount=type=cache,target=/root/.cache/go-build \\', '    --mount=type=cache,target=/go/pkg/mod \\', '    go build -o /app .'],
	['RUN CGO_ENABLED=0 \\', '    GOOS=$TARGETOS GOARCH=$TARGETARCH \\', '    go build -o /app \\', '    # the package', '    .'],
	'RUN cd app && go build -o /app .',
	'RUN cd cmd/server && CGO_ENABLED=0 go build -o /app && ls /app',
	'RUN go test ./... && go build -o /app .',
	'RUN env GOOS=linux GOARCH=amd64 go build -o /app main.go',
	'RUN export CGO_ENABLED=0; go build -o /app .',
	'RUN set -eux; go build -v -o /app . ; strip /app',
	['RUN <<EOF', 'set -e', 'go build -o /app .', 'EOF'],
	['RUN <<-"END"', '\tCGO_ENABLED=0 go build -o /app ./cmd/server', '\tEND'],
	'RUN ["go", "build", "-o", "/app", "."]',
	'RUN go build -buildmode=pie -o /app .',
	'RUN CGO_ENABLED=1 go build -o /app .',
	'RUN CGO_ENABLED=1 go build -ldflags \'-linkmode external -extldflags "-static"\' -o /app .',
	'RUN go build -mod=vendor -o /app .',
	'RUN go build -mod vendor -o /app .',
	'RUN GOARCH=arm64 go build -o /app .',
	'RUN if [ -n "$VERSION" ]; then go build -o /app . ; else go build -tags dev -o /app . ; fi',
	'RUN sh -c "go build -o /app ."',
	'RUN make build',
	'RUN go build -C cmd/server -o /app',
	'RUN go build -o /app ./missing',
	'RUN go build -o=/app -ldflags= .',
	'RUN go build -o "/app" "." # done',
	'RUN go build -o /app .  \\',
	'RUN go get example.com/tool@latest && go build -o /app .',
	['RUN go mod download', 'RUN go build -o /app .'],
	['RUN go build -o /app . \\', '', '    && chmod +x /app'],
	[],
);

const BASE = lines(
	'FROM scratch',
	'FROM alpine',
	'FROM alpine:3.20',
	'FROM debian:bookworm-slim',
	'FROM gcr.io/distroless/static',
	'FROM gcr.io/distroless/static:nonroot',
	'FROM gcr.io/distroless/base-debian12',
	'FROM busybox:musl',
	'FROM golang:1.22-alpine',
	'FROM cgr.dev/chainguard/static',
	'FROM ubuntu:24.04 AS final',
	'FROM registry.example.com/base:1',
	'FROM --platform=linux/amd64 scratch AS ship',
	'FROM ${BASE:-scratch}',
	'FROM build',
);

const FINAL_SETTINGS = lines(
	'WORKDIR /',
	'WORKDIR /app',
	'WORKDIR /data',
	'ENV TZ=Europe/Berlin',
	'ENV PORT 8080',
	'ENV SSL_CERT_FILE=/certs/ca.crt',
	'ENV USER=app',
	'EXPOSE 8080',
	'LABEL org.opencontainers.image.title="app" version=1',
	'VOLUME /data',
	'RUN mkdir -p /data /tmp',
	'RUN apk add --no-cache ca-certificates',
	'RUN apt-get update && apt-get install -y ca-certificates tzdata && rm -rf /var/lib/apt/lists/*',
	'RUN adduser -D app',
	'RUN addgroup -S app && adduser -S -G app app',
	'RUN chmod +x /app',
	'RUN ["/app", "--check"]',
	'RUN update-ca-certificates',
	['RUN <<EOF', 'mkdir /data', 'EOF'],
	'COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/',
	'COPY --from=build /etc/passwd /etc/passwd',
	'COPY --from=alpine:3.20 /etc/ssl/certs /etc/ssl/certs',
	'COPY --from=certs /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt',
	'COPY templates ./templates',
	'COPY --from=nowhere /x /y',
	'STOPSIGNAL SIGTERM',
);

const BINARY = lines(
	'COPY --from=build /app /app',
	'COPY --from=build /out/app /app',
	'COPY --from=0 /app /app',
	'COPY --from=build /app /app/',
	'COPY --from=build /src/app /usr/local/bin/app',
	'COPY --from=build /src/app /usr/local/bin/',
	'COPY --from=build /go/bin/server /server',
	'COPY --from=build /go/bin/app /app',
	'COPY --from=build --chown=app:app /app /app',
	'COPY --from=build --chmod=755 /app .',
	'COPY --from=build /out /out',
	'COPY --from=builder /app /app',
	'COPY --from=build --chown=65534:65534 /bin/app /app',
	'COPY app /app',
	['COPY --from=build \\', '    /app \\', '    /app'],
	[],
);

const USER = lines(
	'USER nobody',
	'USER 65534',
	'USER 65534:65534',
	'USER app',
	'USER root',
	'USER app:app',
	'USER 0',
	'USER nonroot:nonroot',
	'USER $UID',
	'USER 1000',
);

const HEALTHCHECK = lines(
	'HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1',
	'HEALTHCHECK --interval=30s CMD ["/app", "health"]',
	'HEALTHCHECK CMD /app health',
	['HEALTHCHECK --interval=5s \\', '  CMD wget -q -O- localhost:8080'],
	'HEALTHCHECK NONE',
);

const COMMAND = lines(
	'ENTRYPOINT ["/app"]',
	'CMD ["/app"]',
	'CMD /app',
	'ENTRYPOINT /app',
	'ENTRYPOINT exec /app',
	'CMD ["./app"]',
	'CMD ["app"]',
	'ENTRYPOINT ["/app/app"]',
	'ENTRYPOINT ["/usr/local/bin/app"]',
	"CMD ['/app']",
	'CMD ["/app",]',
	'CMD ["/app --port 8080"]',
	'CMD ["/app", "--port", "$PORT"]',
	'CMD /app --port $PORT',
	'CMD /app --name "a b" \'c\'',
	['ENTRYPOINT /app', 'CMD ["--port", "8080"]'],
	['ENTRYPOINT ["/app"]', 'CMD --help'],
	['CMD ["/app", \\', '  "-v"]'],
	['CMD /app \\', '    --port \\', '    # the port', '    8080'],
	['CMD /other', 'CMD /app'],
	'CMD ["sh", "-c", "/app"]',
	'CMD ["go", "run", "."]',
	'CMD go run .',
	'ENTRYPOINT ["/server"]',
	'ENTRYPOINT ["/missing"]',
	'CMD',
	'CMD []',
	'ENTRYPOINT [ "/app" ]  ',
	[],
);

const ODD = lines(
	'ONBUILD RUN go build -o /app .',
	'MAINTAINER somebody',
	'FRO',
	'RUN',
	'COPY',
	'ENV',
	'USER',
	'RUN echo "an open quote',
	'RUN cat <<EOF',
	['RUN cat <<A <<B', 'a', 'A', 'b', 'B'],
	'# go-scratch ignore=root-user',
	'# go-scratch target=build',
	'INCLUDE other',
);

/** Lines between any others, now and then. */
const noise = often(2, fc.oneof(COMMENTS, COMMENTS, ODD));

const buildStage = together(
	BUILDER,
	noise,
	often(9, BUILD_DIRECTORY),
	often(3, BUILD_SETTINGS),
	noise,
	SOURCE,
	often(3, BUILD_SETTINGS),
	noise,
	BUILD,
	often(2, BUILD),
);

const finalSettings = often(4, FINAL_SETTINGS);

const run = together(finalSettings, often(5, USER), noise, often(2, HEALTHCHECK), often(9, COMMAND));

const finalStage = together(
	often(4, lines('', ['', '# The image that ships.'])),
	BASE,
	finalSettings,
	noise,
	finalSettings,
	often(9, BINARY),
	often(1, BINARY),
	run,
);

const body = together(
	HEADER,
	often(3, GLOBAL_ARGUMENTS),
	buildStage,
	fc.oneof({ arbitrary: finalStage, weight: 7 }, { arbitrary: run, weight: 2 }, { arbitrary: together(finalStage, finalStage), weight: 1 }),
);

/** How the lines are written down. */
interface Style {
	readonly newline: string;
	readonly lower: boolean;
	readonly indentation: string;
	readonly last: boolean;
	readonly spaced: boolean;
	readonly mark: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
	newline: fc.constantFrom('\n', '\n', '\r\n'),
	lower: rarely(),
	indentation: fc.constantFrom('', '', '', '', '  ', '\t'),
	last: fc.constantFrom(true, true, false),
	spaced: rarely(),
	mark: rarely(),
});

function rarely(): fc.Arbitrary<boolean> {
	return fc.integer({ min: 0, max: 9 }).map((number) => number === 9);
}

function write(lines: Lines, { newline, lower, indentation, last, spaced, mark }: Style): string {
	let heredoc: string | undefined;
	let continued = false;
	const written = lines.flatMap((line) => {
		if (heredoc !== undefined) {
			if (line.replace(/^\t+/, '') === heredoc) heredoc = undefined;
			return [line];
		}
		const starts = !continued && line !== '' && !line.startsWith('#');
		heredoc = /^RUN <<-?"?(\w+)"?$/.exec(line)?.[1];
		continued = line.startsWith('#') || (continued && line.trim() === '') ? continued : /\\\s*$/.test(line);
		if (!starts) return [line];
		const cased = lower ? line.replace(/^[A-Z]+/, (word) => word.toLowerCase()) : line;
		return spaced ? ['', indentation + cased] : [indentation + cased];
	});
	return (mark ? '\uFEFF' : '') + written.join(newline) + (last ? newline : '');
}

/** The text of a whole Dockerfile. */
export const dockerfiles: fc.Arbitrary<string> = fc.tuple(body, style).map(([lines, chosen]) => write(lines, chosen));
