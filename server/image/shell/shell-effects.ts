// Long because it is a table of commands with a short function for each.

import { added } from '../../dockerfile/expand.ts';
import { parseShell } from '../../dockerfile/shell.ts';
import type { ShellNode } from '../../dockerfile/shell-syntax.ts';
import { DEBIAN_BUNDLE } from '../../knowledge/base-files.ts';
import type { Range } from '../../text/text.ts';
import { basename, dirname, join } from '../../workspace/paths.ts';
import { afford } from '../expansion.ts';
import { madeBy } from '../stage-run.ts';
import { createVariables } from '../variables.ts';
import { addGroup, addUser, changeAccounts } from './account-commands.ts';
import { assign, type Call, forgetVariables, octal, operands, resolve, type Shell, unknownProgram, writeText } from './call.ts';
import { runGo } from './go-command.ts';
import { installPackages } from './package-commands.ts';
import { type ExpandedWord, UNKNOWN_PIECE } from './shell-words.ts';

/** What a command leaves behind, written into the stage; the result is what it prints, where that is known. */
type Effect = (call: Call) => string | undefined;

/** Follows one command. What is not in the table may have written anything. */
export function effectOf(call: Call): string | undefined {
	const effect = EFFECTS.get(call.name);
	return effect === undefined ? unknownProgram(call) : effect(call);
}

const nothing: Effect = () => undefined;

/** Anything may have been written to the directory that the command runs in. */
const unknownHere: Effect = (call) => {
	call.shell.run.tree.makeUnknown(call.shell.directory ?? '/');
	return undefined;
};

const changeDirectory: Effect = ({ shell, words }) => {
	const { plain } = operands(words);
	const target = plain[0];
	if (target === undefined) shell.directory = shell.variables.get('HOME')?.value ?? '/root';
	else shell.directory = target.value === undefined || target.value === '-' || target.pattern ? undefined : resolve(shell, target.value);
	return '';
};

/** `export NAME=VALUE …`, `export NAME`, and bash's `declare`, of which only `-x` exports. */
const declareVariables: Effect = ({ shell, name: command, words }) => {
	const options = words.filter(({ text }) => text.startsWith('-')).map(({ text }) => text);
	const exports = command === 'export' ? !options.some((option) => option.includes('n')) : options.some((option) => option.includes('x'));
	for (const word of words) {
		if (word.text.startsWith('-')) continue;
		const equals = word.text.indexOf('=');
		const name = equals < 0 ? word.text : word.text.slice(0, equals);
		if (equals > 0) assign(shell, name, { value: word.value?.slice(equals + 1), instruction: shell.instruction });
		const setting = shell.variables.get(name);
		if (exports) {
			shell.exportedNames = new Set([...shell.exportedNames, name]);
			if (setting !== undefined) shell.exported.set(name, setting);
		} else if (command === 'export') hide(shell, name);
	}
	return '';
};

/** `set -a` and `set -o allexport`, and their counterparts with a plus; other options change nothing here. */
const setOptions: Effect = ({ shell, words }) => {
	for (const [index, { text }] of words.entries()) {
		if (text === '--') break;
		const all = /^[-+][a-z]*a/.test(text) || (/^[-+][a-z]*o$/.test(text) && words[index + 1]?.text === 'allexport');
		if (all) shell.exportsAll = text.startsWith('-');
		const stops = /^[-+][a-z]*e/.test(text) || (/^[-+][a-z]*o$/.test(text) && words[index + 1]?.text === 'errexit');
		if (stops) shell.stopsOnError = text.startsWith('-');
	}
	return undefined;
};

const unsetVariables: Effect = ({ shell, words }) => {
	for (const { value } of words) {
		if (value === undefined || value.startsWith('-')) continue;
		shell.variables.unset(value);
		hide(shell, value);
	}
	return '';
};

/** Programs do not see the variable any more, whatever is assigned to it. */
function hide(shell: Shell, name: string): void {
	shell.exported.unset(name);
	shell.exportedNames = new Set([...shell.exportedNames].filter((each) => each !== name));
}

const makeDirectories: Effect = (call) => {
	const { shell, words } = call;
	const { plain, options } = operands(words, '-m --mode');
	const mode = octal((options.get('-m') ?? options.get('--mode'))?.value);
	for (const word of plain) {
		for (const expanded of braces(word)) {
			const path = call.path(expanded);
			if (path === undefined) shell.run.tree.makeUnknown(parentOf(call, word));
			else if (shell.certain) shell.run.tree.makeDirectory(path, madeBy(shell.run, shell.instruction, mode ?? 0o755));
			else if (shell.run.tree.has(path) === 'no') shell.run.tree.writePerhaps(path);
		}
	}
	return '';
};

/** `/a/{b,c}` as the words that bash makes of it. */
function braces(word: ExpandedWord): ExpandedWord[] {
	const match = /^([^{}]*)\{([^{}]+)\}([^{}]*)$/.exec(word.text);
	if (match === null || !word.node.parts.some((part) => part.kind === 'other')) return [word];
	const raw = /^([^{}"'$`]*)\{([^{}"'$`]+)\}([^{}"'$`]*)$/.exec(word.node.raw);
	if (raw === null || !raw[2]?.includes(',')) return [word];
	return raw[2].split(',').map((piece) => ({ ...word, text: raw[1] + piece + raw[3], value: raw[1] + piece + raw[3], pattern: false }));
}

/** The deepest directory that a word of which only the beginning is known may lie in. */
function parentOf(call: Call, word: ExpandedWord): string {
	const known = word.text.split(/[\uFFFC*?[{]/)[0] ?? '';
	const slash = known.lastIndexOf('/');
	const directory = slash < 0 ? '.' : known.slice(0, slash) || '/';
	return resolve(call.shell, directory) ?? '/';
}

const touch: Effect = (call) => {
	const { shell, words } = call;
	for (const word of operands(words, '-d -t -r').plain) {
		const path = call.path(word);
		if (path === undefined) shell.run.tree.makeUnknown(parentOf(call, word));
		else if (shell.run.tree.has(path) !== 'yes') writeText(shell, path, '', false);
	}
	return '';
};

const remove: Effect = (call) => {
	const { tree } = call.shell.run;
	for (const word of operands(call.words).plain) {
		const path = call.path(word);
		// What a pattern takes away is not known; that something is there no rule blames.
		if (path === undefined || tree.has(path) === 'no') continue;
		if (call.shell.certain) tree.remove(path);
		else tree.makeUnknown(path);
	}
	return '';
};

const copy: Effect = (call) => {
	const { options } = operands(call.words, '-t --target-directory -m --mode -o -g');
	transfer(call, options.has('-p') || options.has('-a'));
	return '';
};

const move: Effect = (call) => {
	const { shell, words } = call;
	const { tree } = shell.run;
	const { plain, options } = operands(words, '-t --target-directory');
	const target = options.get('-t') ?? plain.pop();
	const destination = call.path(target);
	if (destination === undefined || plain.some((word) => call.path(word) === undefined) || !shell.certain) {
		tree.makeUnknown(destination ?? (target === undefined ? '/' : parentOf(call, target)));
		for (const word of plain) if (call.path(word) === undefined) tree.makeUnknown(parentOf(call, word));
		return '';
	}
	for (const word of plain) {
		const source = call.path(word) as string;
		const found = tree.find(source);
		const into = tree.find(destination);
		const path =
			into.node?.kind === 'directory' || options.has('-t') || target?.text.endsWith('/')
				? join(destination, basename(source))
				: destination;
		if (found.answer === 'yes' && into.answer !== 'unknown') tree.move(source, path);
		else {
			tree.makeUnknown(into.node?.kind === 'directory' ? path : destination);
			tree.writePerhaps(path);
			// Wherever it went, it is no longer where it was.
			if (found.answer === 'yes') tree.remove(source);
		}
	}
	return '';
};

/** cp, and install without -d. */
function transfer(call: Call, keepsOwner: boolean): void {
	const { shell, words } = call;
	const { tree } = shell.run;
	const { plain, options } = operands(words, '-t --target-directory -m --mode -o -g --owner --group -S');
	const target = options.get('-t') ?? options.get('--target-directory') ?? plain.pop();
	const destination = call.path(target);
	const mode = octal((options.get('-m') ?? options.get('--mode'))?.value) ?? (call.name === 'install' ? 0o755 : undefined);
	if (destination === undefined || options.has('--parents')) {
		tree.makeUnknown(destination ?? (target === undefined ? '/' : parentOf(call, target)));
		return;
	}
	const intoDirectory = plain.length > 1 || target?.text.endsWith('/') === true || options.has('-t');
	if (options.has('-D') && !intoDirectory) tree.makeDirectory(dirname(destination), madeBy(shell.run, shell.instruction, 0o755));
	for (const word of plain) {
		const source = call.path(word);
		const into = tree.find(destination);
		if (source === undefined || into.answer === 'unknown' || !shell.certain) {
			if (into.node?.kind === 'directory' || source === undefined) tree.makeUnknown(destination);
			else tree.writePerhaps(destination);
			if (source !== undefined && into.node?.kind === 'directory')
				tree.writePerhaps(join(destination, basename(source)), candidateOf(call, source));
			else if (source !== undefined) tree.writePerhaps(destination, candidateOf(call, source));
			continue;
		}
		const found = tree.find(source);
		const contents = /(?:^|\/)\.$/.test(word.text) || options.has('-T');
		const path = (into.node?.kind === 'directory' || intoDirectory) && !contents ? join(destination, basename(source)) : destination;
		if (found.answer === 'yes') {
			tree.copy(path, found, { ...madeBy(shell.run, shell.instruction), mode, ...(keepsOwner ? { owner: found.node?.owner } : {}) });
			if (mode === undefined) tree.change(path, { mode: found.node?.mode ?? -1 });
		} else {
			tree.writePerhaps(path);
		}
	}
}

/** What lies at `source` as a file that may be copied. */
function candidateOf(call: Call, source: string) {
	const { node } = call.shell.run.tree.find(source);
	return node === undefined || node.kind === 'directory' ? undefined : node;
}

const install: Effect = (call) => {
	const { shell, words } = call;
	const { plain, options } = operands(words, '-m --mode -o -g --owner --group -t --target-directory');
	if (!options.has('-d') && !options.has('--directory')) {
		transfer(call, false);
		return '';
	}
	const mode = octal((options.get('-m') ?? options.get('--mode'))?.value) ?? 0o755;
	const ownerWord = options.get('-o') ?? options.get('--owner');
	for (const word of plain) {
		const path = call.path(word);
		if (path === undefined) {
			shell.run.tree.makeUnknown(parentOf(call, word));
			continue;
		}
		shell.run.tree.makeDirectory(path, madeBy(shell.run, shell.instruction, mode));
		shell.run.tree.change(path, { mode, ...(ownerWord === undefined ? {} : { owner: uidOf(call, ownerWord.value) }) });
	}
	return '';
};

/** The uid of a user named or numbered; -1, which stands for not known, otherwise. */
function uidOf(call: Call, user: string | undefined): number {
	if (user === undefined) return -1;
	if (/^\d+$/.test(user)) return Number(user);
	const line = call.shell.run.tree
		.get('/etc/passwd')
		?.content?.split('\n')
		.find((entry) => entry.startsWith(`${user}:`));
	const uid = line?.split(':')[2];
	return uid !== undefined && /^\d+$/.test(uid) ? Number(uid) : -1;
}

const changeMode: Effect = (call) => {
	const { plain } = operands(call.words.filter((word) => !/^[-+=][rwxXst]+$/.test(word.text)));
	const symbolic = call.words.some((word) => /^[-+=][rwxXst]+$/.test(word.text));
	const mode = symbolic ? undefined : octal(plain.shift()?.value);
	const recursive = call.words.some((word) => /^-[a-z]*R|^--recursive$/i.test(word.text));
	changeAll(call, plain, { mode: call.shell.certain ? (mode ?? -1) : -1 }, recursive);
	return '';
};

const changeOwner: Effect = (call) => {
	const { plain } = operands(call.words);
	const owner = plain.shift();
	const user = owner?.value?.split(/[:.]/)[0];
	const recursive = call.words.some((word) => /^-[a-z]*R|^--recursive$/i.test(word.text));
	if (user !== '') changeAll(call, plain, { owner: call.shell.certain ? uidOf(call, user) : -1 }, recursive);
	return '';
};

function changeAll(call: Call, words: readonly ExpandedWord[], change: { mode?: number; owner?: number }, recursive: boolean): void {
	const { tree } = call.shell.run;
	for (const word of words) {
		for (const expanded of braces(word)) {
			const path = call.path(expanded);
			if (path === undefined) continue;
			tree.change(path, change);
			if (recursive) tree.changeBelow(path, change);
		}
	}
}

const makeLink: Effect = (call) => {
	const { shell, words } = call;
	const { tree } = shell.run;
	const { plain, options } = operands(words, '-t');
	const [target, place] = plain;
	// It fails where nothing is named.
	if (target === undefined) return '';
	const path = place === undefined ? resolve(shell, basename(target.value ?? '')) : call.path(place);
	if (target.value === undefined || path === undefined || plain.length > 2 || !shell.certain) {
		tree.makeUnknown(path === undefined ? parentOf(call, place ?? target) : dirname(path));
		return '';
	}
	const at =
		tree.find(path).node?.kind === 'directory' && !options.has('-n') && !options.has('-T') ? join(path, basename(target.value)) : path;
	if (options.has('-s') || options.has('--symbolic')) {
		tree.remove(at);
		tree.link(at, target.value);
	} else {
		const source = call.path(target);
		const found = source === undefined ? undefined : tree.find(source);
		if (found?.answer === 'yes') tree.copy(at, found, madeBy(shell.run, shell.instruction));
		else tree.writePerhaps(at);
	}
	return '';
};

const echo: Effect = ({ words }) => {
	let at = 0;
	let newline = '\n';
	let escapes = false;
	for (; /^-[neE]+$/.test(words[at]?.text ?? ''); at++) {
		if (words[at]?.text.includes('n')) newline = '';
		if (words[at]?.text.includes('e')) escapes = true;
	}
	const texts = words.slice(at).map((word) => (word.pattern ? undefined : word.value));
	if (texts.some((text) => text === undefined)) return undefined;
	const text = texts.join(' ');
	// dash and busybox read escapes with and without -e, bash only with it: no passwd line has a backslash that is meant.
	return (escapes || text.includes('\\') ? withoutEscapes(text) : text) + newline;
};

const printf: Effect = ({ words }) => {
	const [format, ...values] = words.map((word) => word.value);
	if (format === undefined || values.some((value) => value === undefined)) return undefined;
	const pieces = withoutEscapes(format).split(/(%%|%[sd])/);
	if (pieces.some((piece) => piece.includes('%') && piece !== '%%' && piece !== '%s' && piece !== '%d')) return undefined;
	const holes = pieces.filter((piece) => piece === '%s' || piece === '%d').length;
	let result = '';
	let used = 0;
	do {
		for (const piece of pieces) result += piece === '%%' ? '%' : piece === '%s' || piece === '%d' ? (values[used++] ?? '') : piece;
	} while (holes > 0 && used < values.length && result.length < 65_536);
	return result;
};

function withoutEscapes(text: string): string {
	return text.replace(/\\(n|t|\\|r|"|')/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
}

const cat: Effect = (call) => {
	const { plain } = operands(call.words);
	if (plain.length === 0) return call.input;
	const texts = plain.map((word) => {
		const path = call.path(word);
		return word.text === '-' ? call.input : path === undefined ? undefined : call.shell.run.tree.get(path)?.content;
	});
	return texts.reduce(added, '');
};

/** `grep nobody /etc/passwd`: a pattern of plain letters, at the start of the line or not. */
const grep: Effect = (call) => {
	const { plain, options } = operands(call.words, '-e -A -B -C -m -f');
	const pattern = plain.shift()?.value;
	const match = /^(\^?)([\w:/ -]+)(\$?)$/.exec(pattern ?? '');
	const path = call.path(plain[0]);
	const content = plain.length === 0 ? call.input : path === undefined ? undefined : call.shell.run.tree.get(path)?.content;
	if (
		match === null ||
		content === undefined ||
		plain.length > 1 ||
		[...options.keys()].some((option) => !/^-[EFw]$/.test(option)) ||
		match[3] !== ''
	) {
		return undefined;
	}
	if (!afford(call.shell.run, content.length)) return unknownProgram(call);
	const text = match[2] as string;
	const lines = content.split('\n').filter((line) => (match[1] === '^' ? line.startsWith(text) : line.includes(text)));
	return lines.map((line) => `${line}\n`).join('');
};

const tee: Effect = (call) => {
	const { plain, options } = operands(call.words);
	for (const word of plain) {
		const path = call.path(word);
		if (path === undefined) call.shell.run.tree.makeUnknown(parentOf(call, word));
		else if (!path.startsWith('/dev/')) writeText(call.shell, path, call.input, options.has('-a'));
	}
	return call.input;
};

const sed: Effect = (call) => {
	const { plain, options } = operands(call.words, '-e -f --expression --file');
	const scripted = ['-e', '-f', '--expression', '--file'].some((option) => options.has(option));
	// `w FILE`, as a command or as a flag of s///, writes what matches.
	for (const { text } of call.words) for (const [, name = ''] of text.matchAll(/[wW]\s+([^\s;}]+)/g)) forgetPath(call, name);
	if (options.has('-f') || options.has('--file')) unknownHere(call);
	if (!call.words.some((word) => /^-[a-zA-Z]*i|^--in-place/.test(word.text))) return undefined;
	for (const word of scripted ? plain : plain.slice(1)) forget(call, word);
	return '';
};

/** `print > "FILE"` writes, `system` and pipes run other programs, and so may a program that lies in a file. */
const awk: Effect = (call) => {
	const texts = call.words.map(({ text }) => text);
	if (texts.some((text) => /^(?:-f|--file)|\bsystem\s*\(|\|/.test(text))) return unknownProgram(call);
	if (texts.includes('inplace')) for (const word of operands(call.words, '-i -v -F').plain.slice(1)) forget(call, word);
	const writing = texts.filter((text) => text.includes('>'));
	if (writing.length > 0) unknownHere(call);
	for (const text of writing) for (const [, name = ''] of text.matchAll(/"((?:\.\.)?\/[^"\s]+)"/g)) forgetPath(call, name);
	return undefined;
};

/** `trap TEXT EXIT` runs the text at the end of the shell, or never. */
const trap: Effect = (call) => {
	const [action] = operands(call.words).plain;
	if (action === undefined || call.words.length < 2 || /^(?:-|\d*)$/.test(action.text)) return undefined;
	if (action.value === undefined) return unknownProgram(call);
	inner({ ...call, shell: { ...call.shell, certain: false } }, action.value, action.node.range);
	return undefined;
};

/** Tools that print what they find, unless an option names a file for it, or tells them to change what they read. */
const report: Effect = (call) => {
	const { tree } = call.shell.run;
	const writes = /^--?(?:o|w|i|inplace|in-place|bundle|out[\w.-]*|report[\w.-]*)(?:=|$)/;
	for (const [index, word] of call.words.entries()) {
		if (!writes.test(word.text)) continue;
		tree.makeUnknown(call.shell.directory ?? '/');
		const equals = word.text.indexOf('=');
		const named = equals < 0 ? call.words[index + 1] : { ...word, text: word.text.slice(equals + 1), value: word.value?.slice(equals + 1) };
		if (named !== undefined && !named.text.startsWith('-')) forget(call, named);
	}
	return undefined;
};

/** `uniq IN OUT` and `xxd -r IN OUT`. */
const filter: Effect = (call) => {
	const output = operands(call.words, '-c -f -g -l -o -s -w').plain[1];
	if (output !== undefined) forget(call, output);
	return undefined;
};

function forgetPath(call: Call, name: string): void {
	const path = resolve(call.shell, name);
	if (path === undefined || name.includes(UNKNOWN_PIECE)) unknownHere(call);
	else if (!path.startsWith('/dev/')) call.shell.run.tree.writePerhaps(path, madeBy(call.shell.run, call.shell.instruction));
}

/** The file is there as before, with a content that is not known. */
function forget(call: Call, word: ExpandedWord): void {
	const path = call.path(word);
	if (path === undefined) call.shell.run.tree.makeUnknown(parentOf(call, word));
	else if (call.shell.run.tree.find(path).node?.kind !== 'directory') call.shell.run.tree.writePerhaps(path);
}

/** Programs that print what they make, unless an option names a file for it; gpg --dearmor FILE names one by itself. */
const writeOutput: Effect = (call) => {
	const { plain, options } = operands(call.words, '-o --output');
	const output = options.get('-o') ?? options.get('--output');
	if (output !== undefined) forget(call, output);
	else if (plain.length > 0 && (options.has('--dearmor') || options.has('--enarmor'))) return unknownHere(call);
	return undefined;
};

/** What lies in a package that is no repository's is not known; the programs that unpack it tell of others as well. */
const unpackPackage: Effect = (call) =>
	call.words.some(({ text }) => /^(?:-[ixXUF]|--(?:install|upgrade|freshen|reinstall|unpack|extract|vextract)$)/.test(text))
		? unknownProgram(call)
		: undefined;

const updateAlternatives: Effect = (call) => {
	for (const word of call.words) if (word.text.startsWith('/')) forget(call, word);
	return undefined;
};

const download: Effect = (call) => {
	const { shell, words } = call;
	const { tree } = shell.run;
	const wget = call.name === 'wget';
	const { plain, options } = operands(
		words,
		wget
			? '-O --output-document -P --directory-prefix -o -t -T -U --header --tries --timeout'
			: '-o --output -D --dump-header -c --cookie-jar -K --config -H -d -u -X -A -m -b -e --header --data --retry --retry-delay --max-time --connect-timeout --output-dir --user-agent --proto',
	);
	// What else it writes: headers, cookies, and whatever a file of options says.
	for (const option of wget ? [] : ['-D', '--dump-header', '-c', '--cookie-jar']) {
		const file = options.get(option);
		if (file !== undefined) forget(call, file);
	}
	if (!wget && (options.has('-K') || options.has('--config'))) return unknownProgram(call);
	const output = wget ? (options.get('-O') ?? options.get('--output-document')) : (options.get('-o') ?? options.get('--output'));
	if (output !== undefined) {
		const path = call.path(output);
		if (output.text === '-') return undefined;
		if (path === undefined) tree.makeUnknown(parentOf(call, output));
		else if (path !== '/dev/null' && path !== '/dev/stdout') writeText(shell, path, undefined, false);
		return '';
	}
	if (wget || ['-O', '--remote-name', '--remote-name-all', '-J'].some((option) => options.has(option))) {
		const directory = resolve(shell, (options.get('-P') ?? options.get('--directory-prefix') ?? options.get('--output-dir'))?.text ?? '.');
		const address = plain.at(-1)?.value ?? '';
		const name = address.slice(Math.max(address.lastIndexOf('/'), address.lastIndexOf('?')) + 1) || undefined;
		if (directory === undefined) tree.makeUnknown('/');
		else if (name === undefined || plain.length > 1 || options.has('-r') || options.has('-i')) tree.makeUnknown(directory);
		else writeText(shell, join(directory, name), undefined, false);
	}
	return undefined;
};

const unpack: Effect = (call) => {
	const { shell, words } = call;
	const first = words[0]?.text ?? '';
	const { plain, options } = operands(
		words[0] !== undefined && !first.startsWith('-') && call.name === 'tar' ? words.slice(1) : words,
		'-C --directory -f --file -d',
	);
	const letters = first.replace(/^-+/, '');
	if (call.name === 'tar' && /^[a-zA-Z]*c/.test(letters) && !first.startsWith('--')) {
		const archive = options.get('-f') ?? plain[0];
		if (archive !== undefined) forget(call, archive);
		else unknownHere(call);
		return undefined;
	}
	if (call.name === 'tar' && /^[a-zA-Z]*t/.test(letters) && !first.startsWith('--')) return undefined;
	const directory = call.name === 'tar' ? (options.get('-C') ?? options.get('--directory')) : options.get('-d');
	const path = directory === undefined ? shell.directory : call.path(directory);
	if (path === undefined) return unknownProgram(call);
	if (call.name === 'unzip' && directory !== undefined) shell.run.tree.makeDirectory(path, madeBy(shell.run, shell.instruction, 0o755));
	shell.run.tree.makeUnknown(path);
	return undefined;
};

/** The directory that git makes of an address: its last name, without `.git`. */
function directoryOfClone(address: string): string | undefined {
	const path = address.endsWith('/') ? address.slice(0, -1) : address;
	const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1);
	return (name.length > '.git'.length && name.endsWith('.git') ? name.slice(0, -'.git'.length) : name) || undefined;
}

const clone: Effect = (call) => {
	const { shell, words } = call;
	const { plain } = operands(words, '-b --branch --depth -c -C -o --origin --reference -j --jobs');
	const subcommand = plain.shift()?.value;
	if (subcommand !== 'clone') {
		if (!/^(?:config|describe|rev-parse|log|status|show|tag|branch|version|ls-files|ls-remote|diff|remote|fetch)$/.test(subcommand ?? ''))
			unknownHere(call);
		return undefined;
	}
	const [url, place] = plain;
	const name = place?.value ?? directoryOfClone(url?.value ?? '');
	const path = place?.pattern || name === undefined ? undefined : resolve(shell, name);
	if (path === undefined) {
		unknownHere(call);
		return '';
	}
	shell.run.tree.makeDirectory(path, madeBy(shell.run, shell.instruction, 0o755));
	shell.run.tree.makeUnknown(path);
	return '';
};

/** A program whose first operand, or whose arguments from somewhere on, are a command of their own. */
function wrapper(values: string, skip = 0): Effect {
	return (call) => {
		const taking = new Set(values.split(' '));
		let at = 0;
		for (; at < call.words.length; at++) {
			const text = (call.words[at] as ExpandedWord).text;
			if (text === '--') {
				at++;
				break;
			}
			if (!text.startsWith('-')) break;
			if (taking.has(text)) at++;
		}
		return startRest(call, at + skip);
	};
}

function startRest(call: Call, from: number, environment = call.environment): string | undefined {
	const rest = call.words.slice(from);
	if (rest.length === 0) return undefined;
	call.shell.depth += 1;
	const output = call.shell.depth > 60 ? unknownProgram(call) : call.start(rest, environment);
	call.shell.depth -= 1;
	return output;
}

const withEnvironment: Effect = (call) => {
	const variables = createVariables(call.environment);
	let at = 0;
	for (; at < call.words.length; at++) {
		const word = call.words[at] as ExpandedWord;
		const equals = word.text.indexOf('=');
		if (word.text === '-u') at++;
		else if (word.text === '-i' || word.text === '-') return startRest(call, at + 1);
		else if (word.text.startsWith('-')) continue;
		else if (equals > 0)
			variables.set(word.text.slice(0, equals), { value: word.value?.slice(equals + 1), instruction: call.shell.instruction });
		else break;
	}
	return startRest(call, at, variables);
};

/** `sh -c TEXT`; a script is unknown. */
const shell: Effect = (call) => {
	const at = call.words.findIndex((word) => /^-[a-z]*c$/.test(word.text));
	const text = call.words[at + 1];
	if (at < 0 && call.words.length === 0 && call.input !== undefined) return inner(call, call.input, call.node.range);
	if (at < 0 || text?.value === undefined) return unknownProgram(call);
	return inner(call, text.value, text.node.range);
};

function inner(call: Call, text: string, place: Range): string | undefined {
	const { shell } = call;
	const below: Shell = {
		...shell,
		variables: createVariables(call.environment),
		exported: createVariables(call.environment),
		exportsAll: false,
		exportedNames: new Set(),
		stopsOnError: call.words.some((word) => /^-[a-z]*e/.test(word.text)),
		depth: shell.depth + 1,
		quoted: true,
	};
	return call.run(below, parseQuoted(call, text, place), call.input);
}

/** Shell text that is written at `place` in some other form: its nodes lie where they stand as they are, else on all of the place. */
function parseQuoted(call: Call, text: string, place: Range): ShellNode {
	const start = place.start + 1;
	const literal = call.shell.run.build.dockerfile.text.startsWith(text, start) && start + text.length <= place.end;
	return literal ? parseShell(text, start) : placed(parseShell(text, 0), place);
}

/** The node and all below it on one range. */
function placed<T>(node: T, range: Range): T {
	if (Array.isArray(node)) return node.map((each) => placed(each, range)) as T;
	if (typeof node !== 'object' || node === null) return node;
	return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'range' ? range : placed(value, range)])) as T;
}

/** Files that are read for something else than Go. */
const NOT_OF_GO = /^\/etc\/(?:os|lsb)-release$|(?:^|\/)(?:nvm\.sh|activate|\.cargo\/env|\.nvm\/\S+)$/;

/** `. FILE`: what the file says runs in this shell. */
const sourced: Effect = (call) => {
	if (!NOT_OF_GO.test(call.words[0]?.text ?? '')) forgetVariables(call.shell);
	return unknownProgram(call);
};

const evaluate: Effect = (call) => {
	const text = call.words.map((word) => word.value);
	if (text.some((piece) => piece === undefined)) return sourced(call);
	call.shell.depth += 1;
	const { start: first, end } = call.node.range;
	const inside: Shell = { ...call.shell, quoted: true };
	const output = call.run(inside, parseQuoted(call, text.join(' '), { start: call.words[0]?.node.range.start ?? first, end }));
	// Unlike `sh -c`, it goes on in the same shell.
	Object.assign(call.shell, {
		directory: inside.directory,
		variables: inside.variables,
		exported: inside.exported,
		exportedNames: inside.exportedNames,
		exportsAll: inside.exportsAll,
		stopsOnError: inside.stopsOnError,
		depth: call.shell.depth - 1,
	});
	return output;
};

const find: Effect = (call) =>
	call.words.some((word) => /^-(?:exec|execdir|delete|fprint|fls|ok)/.test(word.text)) ? unknownProgram(call) : undefined;

const updateCertificates: Effect = (call) => {
	const { run, instruction } = call.shell;
	// Red Hat's images do not have the command.
	if ((run.base?.files.bundle ?? DEBIAN_BUNDLE) !== DEBIAN_BUNDLE) return undefined;
	run.tree.writeFile(DEBIAN_BUNDLE, { instruction, mode: 0o644, owner: 0 });
	run.tree.open('/etc/ssl/certs');
	return undefined;
};

/** By the name of the command. */
export const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
	...names('cd pushd', changeDirectory),
	...names('export declare readonly local typeset', declareVariables),
	['set', setOptions],
	['unset', unsetVariables],
	['mkdir', makeDirectories],
	['touch', touch],
	...names('rm rmdir unlink', remove),
	['cp', copy],
	['mv', move],
	['ln', makeLink],
	['install', install],
	['chmod', changeMode],
	...names('chown chgrp', (call) => (call.name === 'chown' ? changeOwner(call) : '')),
	['echo', echo],
	['printf', printf],
	['cat', cat],
	...names('grep egrep fgrep', grep),
	['tee', tee],
	['sed', sed],
	...names('awk gawk mawk', awk),
	['trap', trap],
	...names('jq yq gofmt golint staticcheck govulncheck golangci-lint cosign tree', report),
	...names('uniq xxd', filter),
	['pwd', ({ shell }) => (shell.directory === undefined ? undefined : `${shell.directory}\n`)],
	['dirname', ({ words }) => (words[0]?.value === undefined ? undefined : `${dirname(words[0].value)}\n`)],
	['basename', ({ words }) => (words.length !== 1 || words[0]?.value === undefined ? undefined : `${basename(words[0].value)}\n`)],
	...names('curl wget', download),
	...names('tar unzip bsdtar', unpack),
	['git', clone],
	// `command -v` asks for a program and does not run it.
	['command', (call) => (/^-[vV]$/.test(call.words[0]?.text ?? '') ? undefined : wrapper('')(call))],
	...names('time nice nohup exec builtin xvfb-run setsid stdbuf busybox', wrapper('-n -o -f')),
	['sudo', wrapper('-u -g')],
	// The first operand is the user.
	...names('gosu su-exec', wrapper('', 1)),
	['timeout', wrapper('-s -k', 1)],
	['env', withEnvironment],
	...names('sh bash ash dash', shell),
	['eval', evaluate],
	...names('. source', sourced),
	['find', find],
	...names('update-ca-certificates update-ca-trust', updateCertificates),
	...names('adduser useradd', addUser),
	...names('addgroup groupadd', addGroup),
	...names('usermod userdel deluser groupmod groupdel delgroup chsh', changeAccounts),
	...names('apk apt-get apt aptitude microdnf dnf yum tdnf zypper', installPackages),
	...names('go xx-go', runGo),
	...names('gpg gpg2 strip upx sort', writeOutput),
	...names('dpkg rpm', unpackPackage),
	['update-alternatives', updateAlternatives],
	...names(
		// They read, wait or change what no rule asks for; what they print is not known.
		`: true false test [ [[ exit return shift wait sleep ls ll file ldd nm readelf objdump du df stat wc head tail cut tr diff cmp md5sum sha1sum sha256sum sha512sum uname hostname id whoami which type hash ps printenv realpath readlink nproc
		getconf seq expr od hexdump base64 getent locale setcap getcap umask ulimit alias shopt kill sync passwd chpasswd
		apt-key apk-info xx-verify xx-info less more
		chcon restorecon ldconfig mktemp yes cal tty clear ssh-keyscan c_rehash fold nl paste join comm rev`,
		nothing,
	),
]);

function names(list: string, effect: Effect): [string, Effect][] {
	return list
		.trim()
		.split(/\s+/)
		.map((name) => [name, effect]);
}
