import { lastStage } from './build.ts';
import { assertFiles } from './expected-files.ts';

/** Each case: a Dockerfile, the files around it, and what is said of paths in its last stage. */
const cases: readonly { name: string; text: string; files?: Record<string, string>; yes?: string[]; no?: string[]; unknown?: string[] }[] =
	[
		{ name: 'scratch holds nothing', text: 'FROM scratch', no: ['/tmp', '/etc/passwd', '/bin/sh', '/x'], yes: ['/'] },
		{
			name: 'an image nobody has heard of may hold anything',
			text: 'FROM corp.example/base:1',
			unknown: ['/app', '/bin/sh', '/etc/passwd'],
		},
		{
			name: 'alpine holds a shell, no git and nothing of ours',
			text: 'FROM alpine:3.20',
			yes: ['/bin/sh', '/tmp', '/etc/ssl/certs/ca-certificates.crt', '/etc/passwd'],
			no: ['/app', '/usr/bin/git', '/usr/local/bin/app', '/usr/share/zoneinfo', '/usr/bin/gcc'],
			unknown: ['/etc/foo', '/usr/share/foo'],
		},
		{
			name: 'debian holds no roots',
			text: 'FROM debian:bookworm-slim',
			no: ['/etc/ssl/certs/ca-certificates.crt', '/app'],
			yes: ['/bin/bash', '/usr/bin/bash', '/usr/share/zoneinfo'],
		},
		{
			name: 'distroless static has no shell',
			text: 'FROM gcr.io/distroless/static:nonroot',
			no: ['/bin/sh', '/app'],
			yes: ['/etc/passwd', '/tmp', '/usr/share/zoneinfo'],
		},
		{ name: 'distroless debug has one in /busybox', text: 'FROM gcr.io/distroless/base-debian12:debug', yes: ['/busybox/sh'] },
		{
			name: 'COPY of a directory brings what is in it, as the context has it',
			text: 'FROM scratch\nCOPY . /src',
			files: { 'go.mod': '', 'cmd/api/main.go': '' },
			yes: ['/src/go.mod', '/src/cmd/api/main.go', '/src/cmd'],
			no: ['/src/go.sum', '/src/cmd/web', '/go.mod'],
		},
		{
			name: 'COPY of a named directory brings its contents, not itself',
			text: 'FROM scratch\nCOPY cmd /src',
			files: { 'cmd/api/main.go': '' },
			yes: ['/src/api/main.go'],
			no: ['/src/cmd'],
		},
		{
			name: 'what .dockerignore leaves out does not arrive, but for exceptions',
			text: 'FROM scratch\nCOPY . .',
			files: { '.dockerignore': 'bin\ndocs\n!docs/keep\n*.md\n', 'bin/app': '', 'a.md': '', 'docs/a': '', 'docs/keep': '', 'main.go': '' },
			yes: ['/main.go', '/docs', '/docs/keep'],
			no: ['/bin', '/bin/app', '/a.md', '/docs/a'],
		},
		{
			name: 'several sources go into the destination',
			text: 'FROM scratch\nCOPY go.mod go.sum ./app/',
			files: { 'go.mod': '', 'go.sum': '' },
			yes: ['/app/go.mod', '/app/go.sum'],
			no: ['/go.mod'],
		},
		{
			name: 'a file without a slash becomes the destination',
			text: 'FROM scratch\nCOPY go.mod /app',
			files: { 'go.mod': '' },
			yes: ['/app'],
			no: ['/app/go.mod'],
		},
		{
			name: 'a file goes into a directory that is there',
			text: 'FROM scratch\nWORKDIR /app\nCOPY go.mod /app',
			files: { 'go.mod': '' },
			yes: ['/app/go.mod'],
		},
		{
			name: 'wildcards match names',
			text: 'FROM scratch\nCOPY go.* /s/\nCOPY */main.go /m/',
			files: { 'go.mod': '', 'a/main.go': '' },
			yes: ['/s/go.mod', '/m/main.go'],
			no: ['/s/go.sum'],
		},
		{
			name: '--parents keeps the path',
			text: 'FROM scratch\nCOPY --parents cmd/api/main.go x/./y/z.go /src/',
			files: { 'cmd/api/main.go': '', 'x/y/z.go': '' },
			yes: ['/src/cmd/api/main.go', '/src/y/z.go'],
			no: ['/src/main.go', '/src/x'],
		},
		{
			name: '--exclude leaves out what it matches',
			text: 'FROM scratch\nCOPY --exclude=*.md . /s/',
			files: { 'a.md': '', 'b.go': '' },
			yes: ['/s/b.go'],
			no: ['/s/a.md'],
		},
		{ name: 'a heredoc is a file', text: 'FROM scratch\nCOPY <<EOF /etc/motd\nhello\nEOF', yes: ['/etc/motd'], no: ['/etc/passwd'] },
		{
			name: 'COPY --from by name, index and of a directory',
			text: 'FROM alpine AS a\nRUN mkdir -p /out/x && touch /out/x/f /g\nFROM scratch\nCOPY --from=a /out /o\nCOPY --from=0 /g /h\nCOPY --from=A /g /d/',
			yes: ['/o/x/f', '/h', '/d/g'],
			no: ['/out', '/g', '/o/y'],
		},
		{ name: 'a stage inherits files', text: 'FROM scratch AS a\nCOPY f /f\nFROM a', files: { f: '' }, yes: ['/f'] },
		{ name: 'what a later stage writes is not in the earlier', text: 'FROM alpine AS a\nFROM a AS b\nRUN touch /f\nFROM a', no: ['/f'] },
		{
			name: 'an unknown program may have written anything',
			text: 'FROM alpine\nRUN make',
			files: {},
			unknown: ['/app', '/x/y'],
			yes: ['/bin/sh'],
		},
		{ name: 'what is written after it is known', text: 'FROM alpine\nRUN make\nRUN mkdir /d && rm -rf /gone', yes: ['/d'] },
		{
			name: 'doubt travels with a copy',
			text: 'FROM alpine AS a\nRUN mkdir /out && ./build.sh\nFROM scratch\nCOPY --from=a /out /out',
			yes: ['/out'],
			unknown: ['/out/app'],
			no: ['/app'],
		},
		{
			name: 'a script that is copied to a known program is still a script',
			text: 'FROM alpine\nWORKDIR /s\nRUN ./test',
			unknown: ['/app'],
		},
		{ name: 'reading programs write nothing', text: 'FROM alpine\nRUN ls -la && test -f /x; true && du -sh / | sort', no: ['/app'] },
		{ name: 'rm takes away', text: 'FROM alpine\nRUN mkdir /d && touch /d/f && rm -rf /d', no: ['/d', '/d/f'] },
		{
			name: 'what is moved to where nobody knows is gone from where it was',
			text: 'FROM alpine\nRUN ./script && touch /srv/a && mv /srv/a /opt/b',
			unknown: ['/opt/b'],
			no: ['/srv/a'],
		},
		{
			name: 'mv moves a file, and a directory into one',
			text: 'FROM alpine\nRUN touch /a && mv /a /b && mkdir /d /e && touch /e/f && mv /e /d',
			yes: ['/b', '/d/e/f'],
			no: ['/a', '/e'],
		},
		{
			name: 'mv takes nothing into itself',
			text: 'FROM alpine\nRUN mkdir -p /d/e && touch /d/f && mv / /d && mv /d /d/e && mv /d/.. /d',
			yes: ['/d/e', '/d/f'],
			no: ['/d/d', '/d/e/d', '/d/e/e'],
		},
		{
			name: 'cp copies files and directories',
			text: 'FROM alpine\nRUN mkdir -p /a/b /c && touch /a/b/f && cp -r /a /c && cp -r /a/. /z && cp /a/b/f /g',
			yes: ['/c/a/b/f', '/z/b/f', '/g'],
		},
		{
			name: 'links are followed',
			text: 'FROM alpine\nRUN mkdir -p /opt/v1 && touch /opt/v1/f && ln -s /opt/v1 /opt/cur && ln -s v1/f /opt/l',
			yes: ['/opt/cur/f', '/opt/l'],
			no: ['/opt/cur/g'],
		},
		{
			name: 'an option names the file that gpg and upx write',
			text: 'FROM debian:12\nWORKDIR /k\nRUN touch /k/a.asc /k/app && gpg -o a.pgp --dearmor a.asc && upx --output=/srv/small app && gpg --verify a.asc',
			yes: ['/k/a.asc'],
			no: ['/k/b.pgp', '/srv/large'],
			unknown: ['/k/a.pgp', '/srv/small'],
		},
		{
			name: 'gpg --dearmor of a file writes one beside it',
			text: 'FROM debian:12\nWORKDIR /k\nRUN touch a.asc && gpg --dearmor a.asc',
			unknown: ['/k/a.asc.gpg'],
		},
		{
			name: 'a package from a file may bring anything, and a question about packages brings nothing',
			text: 'FROM debian:12\nRUN dpkg --print-architecture && dpkg -s tzdata\nRUN curl -fsSLo /a.deb https://example.com/a.deb && dpkg -i /a.deb',
			unknown: ['/usr/bin/tool'],
		},
		{
			name: 'dpkg that only tells writes nothing',
			text: 'FROM debian:12\nRUN dpkg --print-architecture && dpkg -l',
			no: ['/usr/local/bin/tool'],
		},
		{
			name: 'an alternative is a link',
			text: 'FROM debian:12\nRUN update-alternatives --install /usr/local/bin/editor editor /usr/bin/vim 1',
			unknown: ['/usr/local/bin/editor'],
		},
		{ name: 'a link in a circle ends', text: 'FROM alpine\nRUN ln -s /b /a && ln -s /a /b', unknown: ['/a/x'] },
		{ name: 'a branch leaves doubt', text: 'FROM alpine\nRUN if [ -f /x ]; then touch /y; else touch /z; fi', unknown: ['/y', '/z'] },
		{
			name: '|| leaves doubt about its right side only',
			text: 'FROM alpine\nRUN touch /a || touch /b\nRUN touch /c || exit 1\nRUN false || { echo no; exit 1; } && touch /d',
			yes: ['/a', '/c', '/d'],
			unknown: ['/b'],
		},
		{
			name: 'cd holds to the end of the RUN, but not out of a subshell',
			text: 'FROM alpine\nWORKDIR /w\nRUN (cd /opt && touch a) && touch b && cd /srv; touch c\nRUN touch d',
			yes: ['/opt/a', '/w/b', '/srv/c', '/w/d'],
		},
		{
			name: 'a loop over known words is followed',
			text: 'FROM alpine\nRUN for n in a b; do mkdir /$n; done',
			yes: ['/a', '/b'],
			no: ['/c'],
		},
		{
			name: 'a cache mount keeps what is written to it',
			text: 'FROM alpine\nRUN --mount=type=cache,target=/c touch /c/f /g',
			yes: ['/g'],
			unknown: ['/c'],
		},
		{
			name: 'nothing lies below what a mount leaves, which may be nothing',
			text: 'FROM alpine\nRUN --mount=type=cache,target=/c touch /c/f\nRUN mkdir -p /c && touch /c/g\nRUN --mount=type=tmpfs,target=/d touch /d/f',
			yes: ['/c/g'],
			no: ['/c/f', '/d/f'],
			unknown: ['/d'],
		},
		{
			name: 'a later program may have made what a mount left empty',
			text: 'FROM alpine\nRUN --mount=type=cache,target=/c touch /c/f\nRUN make',
			unknown: ['/c', '/c/f'],
		},
		{
			name: 'a mount covers and uncovers',
			text: 'FROM alpine\nRUN mkdir /c && touch /c/own\nRUN --mount=type=tmpfs,target=/c touch /c/f',
			yes: ['/c/own'],
			no: ['/c/f'],
		},
		{
			name: 'a bind mount shows the context while the RUN runs',
			text: 'FROM alpine\nWORKDIR /s\nRUN --mount=type=bind,target=. cp go.mod /kept',
			files: { 'go.mod': '' },
			yes: ['/kept'],
			no: ['/s/go.mod'],
		},
		{
			name: 'apk add of known packages says what is there',
			text: 'FROM alpine:3.20\nRUN apk add --no-cache tzdata git',
			yes: ['/usr/share/zoneinfo', '/usr/bin/git', '/usr/share/zoneinfo'],
			no: ['/usr/bin/gcc', '/app'],
		},
		{
			name: 'apt-get install brings what it depends on',
			text: 'FROM debian:12\nRUN apt-get update && apt-get install -y ca-certificates',
			yes: ['/etc/ssl/certs/ca-certificates.crt'],
			unknown: ['/usr/bin/perl5'],
			no: ['/app'],
		},
		{
			name: 'ADD of an archive unpacks it',
			text: 'FROM scratch\nADD a.tar.gz /d/',
			files: { 'a.tar.gz': '' },
			yes: ['/d'],
			unknown: ['/d/x'],
			no: ['/x'],
		},
		{ name: 'ADD of an address is a file', text: 'FROM scratch\nADD https://example.com/x/tool /bin/', yes: ['/bin/tool'] },
		{
			name: 'curl -o and wget write where they say',
			text: 'FROM alpine\nRUN wget -O /a https://x/y && curl -sSLo /b https://x && wget -q https://x/z -P /opt',
			yes: ['/a', '/b', '/opt/z'],
		},
		{ name: 'VOLUME and WORKDIR make directories', text: 'FROM scratch\nVOLUME ["/data"]\nWORKDIR /a\nWORKDIR b', yes: ['/data', '/a/b'] },
		{
			name: 'variables in paths',
			text: 'FROM scratch\nARG D=/opt\nENV E=$D/x\nWORKDIR ${E:-/y}\nWORKDIR ${UNSET:-/z}',
			yes: ['/opt/x', '/z'],
			no: ['/y'],
		},
		{ name: 'a RUN in a heredoc', text: 'FROM alpine\nRUN <<EOF\nmkdir /a\ntouch /a/b\nEOF', yes: ['/a/b'], no: ['/c'] },
		{ name: 'RUN in exec form', text: 'FROM alpine\nRUN ["mkdir", "/a b"]', yes: ['/a b'] },
		{
			name: 'sh -c and env in front',
			text: 'FROM alpine\nRUN sh -c "mkdir /a" && env X=1 mkdir /b && time mkdir /c',
			yes: ['/a', '/b', '/c'],
		},
		{ name: 'ONBUILD runs in the stage that builds on it', text: 'FROM alpine AS a\nONBUILD RUN mkdir /x\nFROM a', yes: ['/x'] },
		{
			name: 'git clone makes a directory of unknown contents',
			text: 'FROM alpine\nWORKDIR /w\nRUN git clone --depth 1 https://github.com/o/r.git',
			yes: ['/w/r'],
			unknown: ['/w/r/go.mod'],
			no: ['/w/x'],
		},
		{
			name: 'a source that is missing leaves no false absence behind',
			text: 'FROM alpine AS a\nFROM scratch\nCOPY --from=a /nope /app',
			yes: ['/app'],
		},
	];

describe('the files of a stage', () => {
	for (const { name, text, files, ...expected } of cases) {
		it(name, async () => {
			assertFiles((await lastStage(text, files)).files, expected);
		});
	}
});
