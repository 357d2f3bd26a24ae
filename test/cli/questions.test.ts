import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useCommandLine } from '../support/command-line.ts';

/** `show`, `needs`, `why` and `explain MESSAGE`, as a process of its own in a directory of its own. */

const FILES = {
	'go.mod': 'module example.com/app\n\ngo 1.26\n',
	'main.go': `package main

import (
	"net/http"
	"os"

	"example.com/app/internal/backup"
)

func main() {
	http.Get("https://example.com/")
	os.ReadFile("page.html")
	backup.Run()
}
`,
	'internal/backup/backup.go': 'package backup\n\nimport "os/exec"\n\nfunc Run() { exec.Command("git", "push").Run() }\n',
	'page.html': '<p>\n',
	Dockerfile: `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app

FROM scratch AS release
COPY page.html /
COPY --from=build /app /app
USER nobody
ENTRYPOINT ["/app"]
`,
};

/** Windows has no such modes. */
const MODE = process.platform === 'win32' ? '' : 'mode 0644, ';

describe('questions at the command line', function () {
	this.timeout(60_000);
	const used = useCommandLine();

	beforeEach(() => {
		for (const [path, text] of Object.entries(FILES)) write(path, text);
	});

	function write(path: string, text: string): void {
		mkdirSync(dirname(join(used.directory, path)), { recursive: true });
		writeFileSync(join(used.directory, path), text);
		chmodSync(join(used.directory, path), 0o644);
	}

	function ask(words: readonly string[], input = '') {
		const env = { ...process.env, GO_SCRATCH_CACHE: join(used.directory, '.cache'), NO_COLOR: '1' };
		const { status, stdout, stderr } = spawnSync(process.execPath, [used.bundle, ...words], {
			cwd: used.directory,
			encoding: 'utf8',
			env,
			input,
		});
		return { code: status, out: stdout, error: stderr };
	}

	describe('show', () => {
		it('leaves out what the base image has below its top directories, unless something was put there', () => {
			write('Dockerfile', 'FROM debian:bookworm\nCOPY page.html /usr/share/page.html\nENTRYPOINT ["/usr/bin/env"]\n');
			const { out } = ask(['show']);
			assert.match(out, /├── etc\/ .* base image/);
			assert.doesNotMatch(out, /── passwd/);
			assert.match(out, /└── usr\/|├── usr\//);
			assert.match(out, /── page\.html .* COPY in line 2/);
			assert.match(out, /\n {2}and \d+ more of the base image, which --format json lists\n/);
		});

		it('shows the image of the Dockerfile that is there', () => {
			const { code, out, error } = ask(['show']);
			assert.deepEqual([code, error], [0, '']);
			assert.match(out, /^Dockerfile \(stage release\)\nscratch · 2 files · needs 1 of 3 · runs as nobody · starts \/app\n/);
			assert.match(
				out,
				/ {2}✗ executable git {2}missing-executable\n {6}exec\.Command\("git"\), main → internal\/backup at internal\/backup\/backup\.go:5\n/,
			);
			assert.match(out, / {2}└── page\.html +(?:0644)? +0 +4 B {2}COPY in line 7\n/);
		});

		it('has the same facts as JSON, HTML and SVG, also in a file', () => {
			const { out } = ask(['show', 'Dockerfile', '--format', 'json']);
			const picture = JSON.parse(out);
			assert.equal(picture.version, 1);
			assert.equal(picture.title.of, 'Dockerfile');
			assert.deepEqual(
				picture.needs.map(({ id, state, code }: { id: string; state: string; code?: string }) => [id, state, code]),
				[
					['certificate-roots', 'unmet', 'missing-ca-certificates'],
					['executable:git', 'unmet', 'missing-executable'],
					['runtime-file:page.html', 'met', undefined],
				],
			);
			assert.ok(!out.includes(used.directory), 'paths are as a person at the command line writes them');
			assert.match(ask(['show', '--format=html']).out, /^<!doctype html>/);
			assert.deepEqual(ask(['show', '--format=svg', '-o', 'image.svg']), { code: 0, out: 'Written: image.svg\n', error: '' });
			assert.match(readFileSync(join(used.directory, 'image.svg'), 'utf8'), /^<svg /);
		});

		it('takes the target that is named, and says which stages there are', () => {
			assert.match(ask(['show', '--target', 'build']).out, /^Dockerfile \(stage build\)\ngolang:1\.26 · /);
			assert.deepEqual(ask(['show', '--target', 'relase']), {
				code: 2,
				out: '',
				error: 'Dockerfile has no stage relase (did you mean release?). Its stages are build, release.\n',
			});
		});

		it('says which Dockerfile to name, and that there is none', () => {
			write('a/Dockerfile', FILES.Dockerfile);
			write('b/Dockerfile', FILES.Dockerfile);
			rmSync(join(used.directory, 'Dockerfile'));
			assert.deepEqual(ask(['show']), {
				code: 2,
				out: '',
				error: 'There are several Dockerfiles; name one of them:\n  a/Dockerfile\n  b/Dockerfile\n',
			});
			assert.equal(ask(['show', 'a']).code, 0);
			const none = ask(['show', 'internal']);
			assert.equal(none.code, 2);
			assert.match(none.error, /There is no Dockerfile in internal\.\n$/);
			assert.match(ask(['show', 'absent']).error, /^absent cannot be read/);
		});
	});

	describe('needs', () => {
		it('lists each need with the Go line and the way to it, without a Dockerfile', () => {
			rmSync(join(used.directory, 'Dockerfile'));
			const { code, out } = ask(['needs']);
			assert.equal(code, 0);
			assert.match(out, /^example\.com\/app \(/);
			assert.match(out, / {2}executable git\n {4}exec\.Command\("git"\), main → internal\/backup at internal\/backup\/backup\.go:5\n/);
		});

		it('names what could not be known', () => {
			write('internal/backup/backup.go', 'package backup\n\nimport _ "example.org/absent"\n\nfunc Run() {}\n');
			write('go.mod', `${FILES['go.mod']}\nrequire example.org/absent v1.0.0\n`);
			assert.match(
				ask(['needs']).out,
				/\? example\.org\/absent@v1\.0\.0 is not on disk, so what it needs is unknown\. Run go mod download\./,
			);
		});

		it('takes a package or a directory, and gives JSON', () => {
			write('cmd/tool/main.go', 'package main\n\nfunc main() {}\n');
			for (const words of [['example.com/app/cmd/tool'], ['cmd/tool'], ['cmd']]) {
				const { programs } = JSON.parse(ask(['needs', ...words, '--format', 'json']).out);
				assert.deepEqual(
					programs.map(({ program, needs }: { program: string; needs: unknown[] }) => [program, needs]),
					[['example.com/app/cmd/tool', []]],
				);
			}
			assert.match(ask(['needs', 'cmd/tool']).out, /Needs\n {2}nothing from the image\n/);
			assert.match(
				ask(['needs', 'nope']).error,
				/^There is no directory and no main package nope\. The main packages are:\n {2}example\.com\/app/,
			);
		});
	});

	describe('why', () => {
		it('says which instruction put a file there, and who would miss it', () => {
			assert.equal(
				ask(['why', '/page.html']).out,
				`/page.html is in the image of Dockerfile, stage release.
  file, ${MODE}owner 0, 4 B
  COPY in line 7 puts it there: COPY page.html /
  It is copied from page.html of the build context.
  It provides: file page.html ✓ (met)
      os.ReadFile("page.html") at main.go:12
`,
			);
			assert.match(ask(['why', '/app']).out, / {2}ENTRYPOINT in line 10 starts it: ENTRYPOINT \["\/app"\]\n$/);
		});

		it('says that a file is not there, or that nobody knows', () => {
			assert.equal(
				ask(['why', '/etc/passwd']).out,
				'/etc/passwd is not in the image of Dockerfile, stage release.\n  USER in line 9 looks up user nobody there: USER nobody\n',
			);
			assert.match(ask(['why', '/srv/page.html']).out, /is not in the image[^\n]*\n {2}There is \/page\.html\.\n/);
			write('Dockerfile', FILES.Dockerfile.replace('FROM scratch', 'FROM example.org/base:1'));
			assert.match(
				ask(['why', '/etc/passwd']).out,
				/^Whether \/etc\/passwd is in the image of Dockerfile, stage release is not known: the files of the base image are not known\.\n/,
			);
		});

		it('says of a need who has it and what provides it', () => {
			for (const word of ['git', 'executable:git', 'missing-executable']) {
				assert.equal(
					ask(['why', word]).out,
					`✗ executable git  missing-executable
    exec.Command("git"), main → internal/backup at internal/backup/backup.go:5
    would be provided by: Install git in the final image
    needed by /app
`,
				);
			}
			assert.equal(ask(['why', 'tzdata']).out, 'No program of this image needs tzdata.\n');
			const wrong = ask(['why', 'gti']);
			assert.equal(wrong.code, 2);
			assert.match(
				wrong.error,
				/^gti is neither an absolute path nor a need of this image\.\nIts needs are:\n {2}certificate-roots {2}\(CA certificates\)\n/,
			);
		});

		it('gives JSON', () => {
			const path = JSON.parse(ask(['why', '/app', '--format', 'json']).out);
			assert.deepEqual(
				[path.version, path.path, path.present, path.entry.from.line, path.usedBy[0].how],
				[1, '/app', 'yes', 8, 'starts it'],
			);
			const need = JSON.parse(ask(['why', 'tls', '--format', 'json']).out);
			assert.deepEqual([need.need, need.needs[0].id, need.needs[0].places[0].path], ['tls', 'certificate-roots', 'main.go']);
		});
	});

	describe('explain MESSAGE', () => {
		it('says what it means, and which cause is true here', () => {
			const { code, out } = ask([
				'explain',
				'docker: Error response from daemon: unable to find user nobody: no matching entries in passwd file.',
			]);
			assert.equal(code, 0);
			assert.match(out, /\n {2}USER is a name, and \/etc\/passwd of the image does not list it\.\n {2}Here:\n {4}USER names a user/);
			assert.match(out, / {6}Dockerfile:9 unknown-user /);
		});

		it('reads a log, and is silent of what it does not know', () => {
			const log = 'starting\r\nexec: "git": executable file not found in $PATH\nsomething else\n';
			const { messages, files } = JSON.parse(ask(['explain', '-', '--format=json'], log).out);
			assert.deepEqual(files, ['Dockerfile']);
			assert.deepEqual(
				messages.map(({ id, number, subject }: { id: string; number: number; subject: string }) => [id, number, subject]),
				[['program-missing-for-program', 2, 'git']],
			);
			assert.deepEqual([messages[0].causes[0].here, messages[0].causes[0].findings[0].code], ['yes', 'missing-executable']);
			const unknown = ask(['explain', 'it', 'does', 'not', 'work']);
			assert.deepEqual(
				[unknown.code, unknown.out],
				[
					1,
					'go-scratch does not know this message. The reason is often in the lines before it: try them, or a whole log with go-scratch explain -.\n',
				],
			);
		});

		it('looks at what starts the image too', () => {
			write('compose.yaml', 'services:\n  app:\n    build: .\n    healthcheck:\n      test: ["CMD", "curl", "localhost:8080"]\n');
			const message = 'exec: "curl": executable file not found in $PATH';
			assert.match(ask(['explain', `OCI runtime exec failed: ${message}`]).out, /\n {6}compose\.yaml:5 missing-probe-program /);
			assert.equal(ask(['show']).code, 0);
		});

		it('works where there is no Dockerfile', () => {
			rmSync(join(used.directory, 'Dockerfile'));
			const { code, out } = ask(['explain', 'exec /app: exec format error']);
			assert.equal(code, 0);
			assert.match(out, /\n {2}Causes:\n {4}- The binary is built for another architecture/);
		});

		it('leaves the codes of rules to the pages of the rules', () => {
			assert.match(ask(['explain', 'root-user']).out, /^root-user\n/);
			assert.equal(ask(['explain', 'root-usr']).code, 2);
			assert.equal(ask(['explain']).code, 2);
		});
	});

	it('have the answers that the documentation shows', function () {
		if (MODE === '') this.skip();
		const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
		const message = 'unable to find user nobody: no matching entries in passwd file';
		for (const words of [['show'], ['needs'], ['why', '/page.html'], ['why', 'git'], ['explain', message]]) {
			const { out } = ask(words);
			// The directory is another one.
			const shown = words[0] === 'needs' ? out.slice(out.indexOf('\n')) : out;
			assert.ok(page.includes(shown), `docs/command-line.md shows another answer to ${words.join(' ')}:\n${shown}`);
		}
	});

	it('writes nothing but what --output names', () => {
		ask(['show']);
		ask(['needs']);
		ask(['why', '/app']);
		assert.ok(!existsSync(join(used.directory, 'image.svg')));
	});
});
