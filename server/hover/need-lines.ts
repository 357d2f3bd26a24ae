import { fixedPart } from '../image/context/glob.ts';
import type { PictureNeed, PicturePlace } from '../picture/model.ts';
import { MARKS } from '../picture/words.ts';
import { bold, code, link, type Markdown, markdown } from '../text/markdown.ts';

/** More lines than this hide what comes after them. */
const MOST_LINES = 12;

/** The needs of a target's programs, one line each: what the image does not meet comes first. */
export function needLines(needs: readonly PictureNeed[], uriOf: (path: string) => string): Markdown[] {
	const listed = withoutCovered(needs);
	const lines = listed.slice(0, MOST_LINES).map((need) => needLine(need, uriOf));
	if (listed.length > MOST_LINES) lines.push(markdown`- and ${listed.length - MOST_LINES} more`);
	return lines;
}

/** Without a directory of which the list has a pattern (`migrations` beside `migrations/*.sql`): they are the same files. */
function withoutCovered(needs: readonly PictureNeed[]): PictureNeed[] {
	return needs.filter(({ id }) => !needs.some((other) => other.id !== id && fixedPart(other.id) === id));
}

/** `- ✗ **CA certificates** — http.Get at main.go:9`. */
function needLine({ title, state, embedded, places }: PictureNeed, uriOf: (path: string) => string): Markdown {
	const [first] = places;
	const name = state === 'unmet' ? bold(title) : markdown`${title}`;
	const reason = embedded ? markdown`embedded in the program` : first === undefined ? undefined : placeOf(first, uriOf);
	const line = markdown`- ${MARKS[state]} ${name}`;
	return reason === undefined ? line : markdown`${line} — ${reason}`;
}

function placeOf({ symbol, way, path, name, line }: PicturePlace, uriOf: (path: string) => string): Markdown {
	const shown = code(way === undefined ? symbol : `${symbol}, ${way}`);
	if (path === undefined || line === undefined) return shown;
	return markdown`${shown} at ${link(`${name ?? path}:${line}`, `${uriOf(path)}#L${line}`)}`;
}
