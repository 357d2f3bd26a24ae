import { symbolOf } from './names.ts';
import { APART, type Failure, type Import, type OpenSighting, type Scan, type Sighting, type SightingForm, STRIDE, use } from './scan.ts';
import { skipped } from './scopes.ts';
import type { Value } from './values.ts';

/** A text that ends so is noted where it is a value: whoever talks to what runs containers needs its rights. */
const RUNTIME_SOCKETS = ['/docker.sock', '/containerd.sock', '/crio.sock', '/cri-dockerd.sock', '/podman.sock'];

/** The socket of what runs containers at the end of a text; `end` is where the text ends. */
export function runtimeSocketBefore(text: string, end: number): string | undefined {
	if (!text.startsWith('.sock', end - '.sock'.length)) return undefined;
	return RUNTIME_SOCKETS.find((socket) => text.startsWith(socket, end - socket.length));
}

export function isRuntimeSocket(name: string): boolean {
	return RUNTIME_SOCKETS.includes(name);
}

/** Texts that tell what the program connects to or which zone it loads: addresses, settings of a connection, names of zones. */
const TELLING = new RegExp(
	[
		'^[a-z][a-z0-9+.-]*://\\S',
		'\\b(?:sslmode|tls|ssl|encrypt|secure|loc|TimeZone)=',
		'^(?:CRON_)?TZ=',
		'^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)/[A-Z]',
	].join('|'),
	'i',
);

/** A longer text is a page or a script, not an address. */
const MAX_TELLING = 1000;

export function noteText(scan: Scan, text: string, start: number, end: number): void {
	if (text.length <= MAX_TELLING && TELLING.test(text)) sight(scan, '', text, 'text', start, end - start);
}

export const NO_ARGUMENTS: readonly (Value | undefined)[] = [];

/** The sightings with their lines. */
export function placed(scan: Scan): Sighting[] {
	let line = 0;
	let lineStart = 0;
	let next = scan.text.indexOf('\n');
	return scan.sightings
		.sort((left, right) => left.offset - right.offset)
		.map(({ offset, ...sighting }) => {
			for (; next >= 0 && next < offset; next = scan.text.indexOf('\n', lineStart)) {
				line++;
				lineStart = next + 1;
			}
			return { ...sighting, line, character: offset - lineStart };
		});
}

/** `variable`: the type of a variable without initial value, which is a zero value of that type. `field`: that of a struct's field. */
export type Place = 'variable' | 'field';

export function noteType(scan: Scan, entry: Import, name: number, offset: number, length: number, place?: Place): void {
	const text = scan.names.texts[name] as string;
	if (place === undefined && scan.options.types !== true) return;
	if (entry.watches?.has(text) !== true) return;
	const form = place === undefined ? 'type' : place === 'field' ? 'field' : 'literal';
	sight(scan, entry.path, text, form, offset, length).fields = form === 'literal' ? new Map() : undefined;
}

/** A name without package: local, of a dot import, or of this package. */
export function plainName(scan: Scan, name: number, start: number, isType: boolean, place?: Place): OpenSighting | undefined {
	if (scan.names.locals[name] !== 0 || skipped(scan, name)) return undefined;
	use(scan, symbolOf(scan.symbols, scan.ownPackage, name));
	if (scan.dotImports.length === 0) return undefined;
	const text = scan.names.texts[name] as string;
	if (!/^\p{Lu}/u.test(text)) return undefined;
	for (const entry of scan.dotImports) {
		use(scan, symbolOf(scan.symbols, entry.number, name));
		if (entry.watches?.has(text) !== true) continue;
		if (isType) noteType(scan, entry, name, start, text.length, place);
		else return sight(scan, entry.path, text, 'value', start, text.length);
	}
	return undefined;
}

export function sight(scan: Scan, inPackage: string, name: string, form: SightingForm, offset: number, length: number): OpenSighting {
	const sighting: OpenSighting = {
		package: inPackage,
		name,
		form,
		offset,
		length,
		declaration: scan.current / STRIDE,
		arguments: NO_ARGUMENTS,
		fields: undefined,
		failure: 'unknown',
		condition: scan.condition,
		switch: scan.switch,
		into: receiverOf(scan),
		section: scan.section,
	};
	scan.sightings.push(sighting);
	return sighting;
}

function receiverOf({ into, symbols, names: { texts } }: Scan): string {
	if (into === APART) return '';
	if (into < APART) return `.${texts[APART - into] as string}`;
	return `${texts[symbols.packages[into] as number] as string}.${texts[symbols.names[into] as number] as string}`;
}

/** Notes what is assigned to a package's variable; `inPackage` is the number of the package. */
export function noteAssignment(scan: Scan, inPackage: number, name: number, offset: number, value: Value | undefined): void {
	const { texts } = scan.names;
	if (texts[inPackage] === 'os' && texts[name] === 'Args') scan.commands.borrowed = true;
	sight(scan, texts[inPackage] as string, texts[name] as string, 'assignment', offset, 0).arguments = [value];
}

/** How far the text around a call is looked at. */
const FAILURE_WINDOW = 1000;

/** Tests for a file that is absent. */
const ABSENT = /(!?)\s*(?:\w+\.)?(?:IsNotExist|Is)\([^)]*\)/;

/** What the text around a call says of its error; `scan` stands at the token after the call. */
export function failureOf(text: string, offset: number, scan: Scan): Failure {
	const end = endOfPrevious(text, scan);
	const window = text.slice(Math.max(0, offset - FAILURE_WINDOW), offset);
	const before = window.slice(window.lastIndexOf('\n') + 1);
	if (/(?:^|[;{])\s*_(?:\s*,\s*_)*\s*:?=\s*[\w.]*$/.test(before)) return 'tolerated';
	if (/\breturn\s+[\w.]*$/.test(before)) return 'passed on';
	const after = text.slice(end, end + FAILURE_WINDOW);
	if (/^\s*(?:defer\s+)?[\w.]*$/.test(before) && /^[ \t]*(?:[;\n}]|\/\/|$)/.test(after)) return 'ignored';
	if (/^[ \t]*[;\n]\s*switch\b[^}]*(?:IsNotExist|ErrNotExist)/.test(after)) return 'tolerated';
	// A function that only says whether it is there.
	if (/^[ \t]*[;\n]\s*return\b[^\n{]*(?:\b\w+\s*[!=]=\s*nil\b|\bIsNotExist\()/.test(after)) return 'tolerated';
	const test = /^[ \t]*[;\n]\s*(?:if\s+)?([^{\n]*)\{/.exec(after);
	if (test === null) return 'unknown';
	const condition = test[1] as string;
	const body = blockAt(after, test[0].length);
	const nil = /\b(\w+)\s*(==|!=)\s*nil\b/.exec(condition);
	const absent = ABSENT.exec(condition);
	if (nil === null && absent === null) return 'unknown';
	// `if f == nil` asks for the value that the call returns with the error.
	const assigned = assignedBefore(before);
	const isValue = nil !== null && assigned.slice(0, -1).includes(nil[1] as string);
	if (nil?.[2] === (isValue ? '!=' : '==')) return 'tolerated';
	// `err != nil && !os.IsNotExist(err)`: an absent file is expected.
	if (absent?.[1] === '!') return 'tolerated';
	const inside = /\bif\s+([^{\n]*)\{/.exec(body);
	const nested = inside === null ? null : ABSENT.exec(inside[1] as string);
	if (inside !== null && nested !== null) {
		const isExpected = nested[1] === '!' || !isPassedOn(blockAt(body, inside.index + inside[0].length), assigned.at(-1), text, offset);
		if (isExpected) return 'tolerated';
	}
	return isPassedOn(body, assigned.at(-1), text, offset) ? 'passed on' : 'tolerated';
}

/**
 * Whether a branch hands the error to its caller or ends the program.
 *
 * @param error The variable that holds it, where it is known.
 */
function isPassedOn(body: string, error: string | undefined, text: string, offset: number): boolean {
	if (/\breturn\b(?:(?!\breturn\b)[^\n])*(?:[eE]rr|fmt\.|status\.)|[fF]atal|[pP]anic|Exit\(|\bMust/.test(body)) return true;
	if (!/\breturn\b/.test(body)) return false;
	if (error !== undefined && error !== '' && new RegExp(`\\breturn\\b[^\\n]*\\b${error}\\b`).test(body)) return true;
	if (/\breturn[ \t]*(?:[;}\n]|$)/.test(body) && returnsErrorByName(text, offset)) return true;
	// A handler passes the error on to whoever asked, and where main returns the program ends.
	return /\bhttp\.Error\(|InternalServerError/.test(body) || isDirectlyInMain(text, offset);
}

/** The variables that an assignment in front of a call gives its results, the error last. */
function assignedBefore(before: string): readonly string[] {
	const equals = before.lastIndexOf('=');
	if (equals < 0 || !/^[ \t]*[\w.]*$/.test(before.slice(equals + 1))) return [];
	const left = before.slice(0, before[equals - 1] === ':' ? equals - 1 : equals);
	// `if f, err`: a keyword or a brace may stand in front of the first.
	return left.split(',').map((part) => /\w+$/.exec(part.trimEnd().slice(-MAX_NAME))?.[0] ?? '');
}

/** A longer name of a variable is not looked for. */
const MAX_NAME = 50;

/** Whether the function around has a result by the name of an error, which a plain `return` returns; by how gofmt writes its first line. */
function returnsErrorByName(text: string, offset: number): boolean {
	const before = text.slice(Math.max(0, offset - MAIN_WINDOW), offset);
	const start = before.lastIndexOf('\nfunc ') + 1;
	const [line = ''] = before.slice(start, start + FAILURE_WINDOW).split('\n', 1);
	return /[(,][ \t]*\w+[ \t]+error\)[ \t]*\{/.test(line);
}

/** The text of the block whose brace stands in front of `start`, up to the brace that ends it; braces in literals count too. */
function blockAt(text: string, start: number): string {
	let depth = 1;
	for (let at = start; at < text.length; at++) {
		const character = text[at];
		if (character === '{') depth++;
		else if (character === '}' && --depth === 0) return text.slice(start, at);
	}
	return text.slice(start);
}

/** A longer function is hardly the one that only starts the rest. */
const MAIN_WINDOW = 16 * 1024;

/** Whether the statement at `offset` is one of the function main itself, by how gofmt indents it. */
function isDirectlyInMain(text: string, offset: number): boolean {
	const before = text.slice(Math.max(0, offset - MAIN_WINDOW), offset);
	const line = before.lastIndexOf('\n') + 1;
	if (!/^\t\S/.test(text.slice(offset - before.length + line, offset - before.length + line + 2))) return false;
	return before.startsWith('func main()', before.lastIndexOf('\nfunc ') + 1);
}

function endOfPrevious(text: string, scan: Scan): number {
	let end = scan.start;
	while (end > 0 && /\s/.test(text.charAt(end - 1))) end--;
	return end;
}
