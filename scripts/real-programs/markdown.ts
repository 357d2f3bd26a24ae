import type { Verdict } from './result.ts';

/** A table. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
	return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

export function inCode(text: string): string {
	return text === '' ? '' : `\`${withoutChance(text).replaceAll('`', "'")}\``;
}

/** The words without what is another in each run: times, and the names that the engine gives. */
function withoutChance(words: string): string {
	return words
		.replace(/\b\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)? /g, '')
		.replace(/\btime="?\d{4}-\d\d-\d\dT[\d:.]+Z?"? /g, '')
		.replace(/"(?:ts|time)":"?[\d.:TZ-]+"?,/g, '')
		.replace(/(ref )[\w-]+::\w+/, '$1…');
}

export function megabytes(bytes: number | undefined): string {
	return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

export function wentOf(verdict: Verdict | undefined): string {
	if (verdict === undefined) return '';
	if (verdict.outcome === 'runs') return 'runs';
	return verdict.outcome === 'exits' ? `exits ${verdict.code}` : 'fails';
}
