import { type Html, html } from '../text/html.ts';
import { type Asset, pageOf } from '../text/page.ts';
import type { SurveyRow } from './row.ts';
import { COLUMNS, type Column, type SurveySummary, summaryText } from './words.ts';

export const SURVEY_STYLE: Asset = {
	markup: html`
:root { color-scheme: light dark; --text: #1f2328; --soft: #57606a; --ground: #fff; --line: #d0d7de; --bad: #a40e26; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b3; --ground: #0d1117; --line: #3d444d; --bad: #ff7b72; --link: #79b8ff; } }
body { margin: 0; padding: 1rem; color: var(--text); background: var(--ground); font: .9rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; } label { display: block; margin: 1rem 0; } input { font: inherit; padding: .2rem .4rem; min-width: 20rem; max-width: 100%; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } caption { text-align: left; color: var(--soft); }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { position: sticky; top: 0; background: var(--ground); } th button { all: unset; cursor: pointer; font-weight: 600; } th button:focus-visible { outline: 2px solid var(--link); }
th[aria-sort=ascending] button::after { content: ' ▲'; } th[aria-sort=descending] button::after { content: ' ▼'; }
td.bad { color: var(--bad); } td { white-space: nowrap; } td.long { white-space: normal; } tr[hidden] { display: none; }
`,
	hash: 'sha256-cX0ylTHm0xxfkaZfWN5ma+S41Q/YbDSzKlBUJ6LaV14=',
};

/** Without it the page is a table that reads the same. */
export const SURVEY_SCRIPT: Asset = {
	markup: html`
(() => {
	const table = document.querySelector('table');
	const body = table.tBodies[0];
	const rows = [...body.rows];
	const count = document.querySelector('caption');
	const label = document.createElement('label');
	const input = document.createElement('input');
	input.type = 'search';
	label.append('Filter: ', input);
	table.parentElement.before(label);
	const filter = () => {
		const words = input.value.toLowerCase().split(' ').filter((word) => word !== '');
		for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
		count.textContent = rows.filter((row) => !row.hidden).length + ' of ' + rows.length + ' images';
	};
	input.addEventListener('input', filter);
	const heads = [...table.tHead.rows[0].cells];
	const valueOf = (row, column) => {
		const cell = row.cells[column];
		return cell.dataset.number === undefined ? cell.textContent : Number(cell.dataset.number);
	};
	heads.forEach((head, column) => {
		const button = document.createElement('button');
		button.type = 'button';
		button.append(...head.childNodes);
		head.append(button);
		button.addEventListener('click', () => {
			const descending = head.getAttribute('aria-sort') === 'ascending';
			for (const other of heads) other.removeAttribute('aria-sort');
			head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
			const sign = descending ? -1 : 1;
			const compare = (a, b) => typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true });
			rows.sort((a, b) => sign * compare(valueOf(a, column), valueOf(b, column)));
			body.append(...rows);
		});
	});
	filter();
})();
`,
	hash: 'sha256-lRy/sIONXEC6luhSXd4uZmqLAPOet8+ZjUpqurwDJx4=',
};

/** The survey as one file that loads nothing: a table, which a script makes sortable and lets be filtered. */
export function surveyHtml(rows: readonly SurveyRow[], summary: SurveySummary, failures: readonly string[]): string {
	// No column for a policy that no repository has.
	const shown = COLUMNS.filter(({ title, text }) => title !== 'policy' || rows.some((row) => text(row) !== ''));
	const body = html`<h1>Images of Go programs</h1>
<p>${summaryText(summary)}</p>
<div class="wide"><table>
<caption>${rows.length} images</caption>
<thead><tr>${shown.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${shown.map((column) => cellOf(column, row))}</tr>\n`)}</tbody>
</table></div>
${failures.length === 0 ? '' : html`<h2>Not read or analysed</h2>\n<ul>${failures.map((failure) => html`<li>${failure}</li>`)}</ul>`}`;
	return pageOf({ title: 'go-scratch survey', style: SURVEY_STYLE, body, script: SURVEY_SCRIPT });
}

/** What is longer than this, in UTF-16 code units, may take several lines. */
const LONG = 16;

function cellOf({ title, text, number }: Column, row: SurveyRow): Html {
	const isBad =
		(title === 'Go' && row.outdated === 'yes') ||
		(title === 'findings' && row.findings.error > 0) ||
		(title === 'policy' && (row.policy ?? []).length > 0);
	// A line break in `1.22 < 1.25` or `no (cgo)` is hard to read.
	const classes = [...(isBad ? ['bad'] : []), ...(text(row).length > LONG ? ['long'] : [])].join(' ');
	const name = classes === '' ? '' : html` class="${classes}"`;
	const value = number === undefined ? '' : html` data-number="${number(row)}"`;
	return html`<td${name}${value}>${text(row)}</td>`;
}
