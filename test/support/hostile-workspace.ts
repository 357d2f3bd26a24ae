import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HOSTILE_DOCKERFILE, HOSTILE_GO_MOD, HOSTILE_PROGRAM, IMAGE } from './hostile-texts.ts';

/**
 * A workspace made to do harm: to whoever reads it, to the terminal, the editor and the workflow that show what is said of it, and to what
 * lies beside it. It needs POSIX; what the system or the user is not allowed to make is left out.
 */

/** What a terminal, a runner or a shell takes for more than text. */
const PIECES = [
	IMAGE.replaceAll('/', '\u2215'),
	`\u001b]52;c;eA==\u0007`,
	'\r\u001b[2K',
	'\n::error file=main.go,line=1::forged',
	'a\n::stop-commands::t\nb',
	'##[error]forged',
	'$(id)',
	'a;id',
	'a && id',
	'`id`',
	"it's",
	'say "x"',
	'a b',
	'-rf',
	'--help',
	'*',
	'[a',
	'back\\slash',
	'](x',
	'%2e%2e',
	'\u202edlrow',
	'\u2066x\u2069',
	'zero\u200bwidth',
	'\ufeffmark',
	'~',
	'#x',
	'CON',
	'...',
	'x'.repeat(240),
];

/** Every control character that a name may hold, and those of C1. */
const CONTROLS = [...Array.from({ length: 31 }, (_, index) => index + 1), 127, ...Array.from({ length: 32 }, (_, index) => 128 + index)];

const PLAIN = 'FROM golang:1.22\nCOPY . .\nRUN go build -o /app .\nCMD /app\n';

/** Makes the workspace in a directory that is empty. */
export function makeHostileWorkspace(root: string): void {
	const write = (path: string, text: string | Buffer) => {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	};
	const link = (path: string, target: string) => {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		symlinkSync(target, join(root, path));
	};

	write('Dockerfile', HOSTILE_DOCKERFILE);
	write('go.mod', HOSTILE_GO_MOD);
	write('main.go', HOSTILE_PROGRAM);
	write('nl\nRUN id', '');

	// Names.
	for (const [index, piece] of [...PIECES, ...CONTROLS.map((code) => `c${String.fromCharCode(code)}c`)].entries()) {
		const directory = `names/${index}/${piece}`;
		write(`${directory}/Dockerfile`, PLAIN);
		write(`${directory}/main.go`, 'package main\n\nfunc main() {}\n');
	}
	for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf5, 0x80]]) {
		attempt(() => {
			mkdirSync(join(root, 'bytes'), { recursive: true });
			const directory = Buffer.concat([Buffer.from(`${root}/bytes/x`), Buffer.from(bytes)]);
			mkdirSync(directory);
			writeFileSync(Buffer.concat([directory, Buffer.from('/Dockerfile')]), PLAIN);
			writeFileSync(Buffer.concat([Buffer.from(`${root}/bytes/Dockerfile.`), Buffer.from(bytes)]), PLAIN);
		});
	}
	write(`deep/${`${'d'.repeat(60)}/`.repeat(45)}Dockerfile`, PLAIN);

	// Links.
	link('links/loop/Dockerfile', 'Dockerfile');
	link('links/pair/Dockerfile', 'other');
	link('links/pair/other', 'Dockerfile');
	link('links/dangling/Dockerfile', 'nowhere');
	link('links/dangling/.dockerignore', 'nowhere');
	link('links/up', '..');
	link('links/root', '/');
	link('links/outside/Dockerfile', '../../../outside/Dockerfile');
	link('links/outside/main.go', '../../../outside/secret');
	link('links/outside/go.mod', '../../../outside/secret');

	// What is no file, in the place of every file that is read.
	for (const name of [
		'Dockerfile',
		'.dockerignore',
		'.gitignore',
		'.go-scratch.json',
		'go.mod',
		'go.sum',
		'main.go',
		'compose.yaml',
		'Makefile',
	]) {
		const besides = name === 'Dockerfile' ? [] : ['Dockerfile'];
		for (const kind of ['zero', 'fifo', 'directory', 'device']) {
			const place = `odd/${kind}-${name.replace('.', '')}`;
			for (const other of besides) {
				write(`${place}/${other}`, PLAIN);
			}
			mkdirSync(join(root, place), { recursive: true });
			const path = join(root, place, name);
			if (kind === 'zero') {
				symlinkSync('/dev/zero', path);
			} else if (kind === 'directory') {
				mkdirSync(path);
			} else if (kind === 'fifo') {
				make('mkfifo', path);
			} else {
				make('mknod', path, 'c', '1', '5');
			}
		}
	}

	// Much of everything.
	write('much/ignore/.gitignore', '*.a*b*c*d?e\n'.repeat(700_000).slice(0, 8 * 1024 * 1024));
	write('much/ignore/Dockerfile', PLAIN);
	write('much/docker/.dockerignore', '**/a/**/b\n'.repeat(50_000));
	write('much/docker/Dockerfile', PLAIN);
	write('much/settings/.go-scratch.json', '['.repeat(8000) + ']'.repeat(8000));
	write('much/settings/Dockerfile', PLAIN);
	write('much/bake/docker-bake.json', '{"target":'.repeat(8000) + '1' + '}'.repeat(8000));
	write('much/bake/Dockerfile', PLAIN);
	write(
		'much/hcl/docker-bake.hcl',
		`target "a" ${'{'.repeat(8000)}${'}'.repeat(8000)}\ntarget "b" {\n  args = ${'['.repeat(8000)}${']'.repeat(8000)}\n}\n`,
	);
	write('much/hcl/Dockerfile', PLAIN);
	write('much/blanks/docker-bake.hcl', `target "a" {\n  context = a${' '.repeat(120_000)}b\n}\n`);
	write('much/blanks/Dockerfile', PLAIN);
	write('much/make/Makefile', `a:\n\tdocker build ${'$('.repeat(120_000)}\n`);
	write('much/make/Dockerfile', PLAIN);
	write('much/compose/compose.yaml', `a: ${'['.repeat(8000)}${']'.repeat(8000)}\n`);
	write('much/compose/docker-compose.yml', aliases());
	write('much/compose/Dockerfile', PLAIN);
	write('much/inherits/docker-bake.hcl', `target "a" {\n  inherits = [${Array(12).fill('"a"').join(', ')}]\n}\n`);
	write('much/inherits/Dockerfile', PLAIN);
	write('much/variables/Dockerfile', doubling());
	write('much/shell/Dockerfile', `FROM golang:1.22\nRUN ${'('.repeat(8000)}id${')'.repeat(8000)}\nRUN ${'$('.repeat(20_000)}\nCMD ["x"]\n`);
	write('much/go/main.go', `package main\n\nvar x = ${'('.repeat(50_000)}1${')'.repeat(50_000)}\n\nfunc main() {}\n`);
	write('much/go/go.mod', `module example.com/x\n\nreplace (${'\n\ta => ../..'.repeat(20_000)}\n)\n`);
	write('much/go/Dockerfile', PLAIN);
	write('much/large/Dockerfile', Buffer.alloc(9 * 1024 * 1024, 'RUN x\n'));
	write('much/binary/Dockerfile', Buffer.from([0, 1, 2, 0xff, 0xfe]));

	// A baseline that forges what is said of it.
	write(
		'baseline.json',
		JSON.stringify({
			version: 1,
			findings: [{ file: 'gone\u001b[2K/Dockerfile', code: 'x\n::error file=main.go,line=1::forged', text: '\r::error::forged' }],
		}),
	);

	// Not for everybody.
	write('closed/directory/Dockerfile', PLAIN);
	write('closed/file/Dockerfile', PLAIN);
	chmodSync(join(root, 'closed/directory'), 0);
	chmodSync(join(root, 'closed/file/Dockerfile'), 0);
}

/** Twelve variables, each four times the one before. */
function doubling(): string {
	return `FROM golang:1.22\nENV A="x x x x"\n${'ENV A="$A $A $A $A"\n'.repeat(12)}RUN go build $A\nCMD ["x"]\n`;
}

/** YAML whose aliases stand for a billion values. */
function aliases(): string {
	const lines = Array.from({ length: 10 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`);
	return `a0: &a0 x\n${lines.join('\n')}\nservices: *a10\n`;
}

function make(command: string, ...words: string[]): void {
	spawnSync(command, words);
}

function attempt(work: () => void): void {
	try {
		work();
	} catch {
		// The file system takes no such name.
	}
}
