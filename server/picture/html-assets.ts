import { html } from '../text/html.ts';
import type { Asset } from '../text/page.ts';

export const PAGE_STYLE: Asset = {
	markup: html`
:root { color-scheme: light dark; --text: #1f2328; --soft: #57606a; --ground: #fff; --line: #d0d7de; --met: #116329; --unmet: #a40e26; --unknown: #7d4e00; --link: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9da7b3; --ground: #0d1117; --line: #3d444d; --met: #56d364; --unmet: #ff7b72; --unknown: #e3b341; --link: #79b8ff; } }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; color: var(--text); background: var(--ground); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
code, table, .instruction, .stage ol { font-family: ui-monospace, monospace; font-size: .875rem; }
a { color: var(--link); } i, .by, .of, .line, .state { color: var(--soft); }
.needs > li { list-style: none; margin: .5rem 0; } .needs { padding-left: 0; }
.met .mark { color: var(--met); } .unmet .mark, .unmet .state { color: var(--unmet); } .unknown .mark { color: var(--unknown); } .mark { font-weight: bold; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; } th, td { padding: .1rem .75rem .1rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:focus { outline: 2px solid var(--link); outline-offset: -2px; } tr[hidden] { display: none; }
tr[aria-expanded] td:first-child::before { content: '▾ '; } tr[aria-expanded=false] td:first-child::before { content: '▸ '; }
.directory td:first-child { font-weight: 600; }
.depth-1 td:first-child { padding-left: 1rem; } .depth-2 td:first-child { padding-left: 2rem; } .depth-3 td:first-child { padding-left: 3rem; }
.depth-4 td:first-child { padding-left: 4rem; } .depth-5 td:first-child { padding-left: 5rem; } .depth-6 td:first-child { padding-left: 6rem; }
.depth-7 td:first-child { padding-left: 7rem; } .depth-8 td:first-child { padding-left: 8rem; } .depth-9 td:first-child { padding-left: 9rem; }
.depth-10 td:first-child { padding-left: 10rem; } .depth-11 td:first-child { padding-left: 11rem; } .depth-12 td:first-child { padding-left: 12rem; }
.stages { display: flex; flex-wrap: wrap; gap: 1rem; } .stage { flex: 1 1 18rem; border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; overflow-wrap: anywhere; }
.target { border-color: var(--text); border-width: 2px; } :target { outline: 2px solid var(--link); }
@media (forced-colors: active) { .stage { border-color: CanvasText; } }
`,
	hash: 'sha256-dSIANCR893SUP44cifiHajs8BYLhQIVK6yS9exSYXQI=',
};

/** Arrow keys, Home, End and clicks on a directory, as https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/ describes. */
export const PAGE_SCRIPT: Asset = {
	markup: html`
(() => {
	const grid = document.querySelector('[role=treegrid]');
	const rows = [...grid.tBodies[0].rows];
	const level = (row) => Number(row.getAttribute('aria-level'));
	const below = (row) => {
		const next = rows.slice(rows.indexOf(row) + 1);
		const end = next.findIndex((other) => level(other) <= level(row));
		return end < 0 ? next : next.slice(0, end);
	};
	const show = () => {
		let closed = Infinity;
		for (const row of rows) {
			if (level(row) <= closed) closed = Infinity;
			row.hidden = closed < Infinity;
			if (!row.hidden && row.getAttribute('aria-expanded') === 'false') closed = level(row);
		}
	};
	const expand = (row, open) => {
		row.setAttribute('aria-expanded', open);
		show();
	};
	const focus = (row) => {
		if (!row) return;
		for (const other of rows) other.tabIndex = other === row ? 0 : -1;
		row.focus();
	};
	const parent = (row) => rows.slice(0, rows.indexOf(row)).reverse().find((other) => level(other) < level(row));
	grid.addEventListener('keydown', (event) => {
		const row = event.target.closest('tr');
		if (!rows.includes(row) || event.target !== row || event.altKey || event.ctrlKey || event.metaKey) return;
		const seen = rows.filter((other) => !other.hidden);
		const at = seen.indexOf(row);
		const state = row.getAttribute('aria-expanded');
		switch (event.key) {
			case 'ArrowDown': focus(seen[at + 1]); break;
			case 'ArrowUp': focus(seen[at - 1]); break;
			case 'Home': focus(seen[0]); break;
			case 'End': focus(seen[seen.length - 1]); break;
			case 'ArrowRight': if (state === 'false') expand(row, true); else if (state === 'true') focus(below(row)[0]); break;
			case 'ArrowLeft': if (state === 'true') expand(row, false); else focus(parent(row)); break;
			case 'Enter': if (row.querySelector('a')) row.querySelector('a').click(); break;
			default: return;
		}
		event.preventDefault();
	});
	grid.addEventListener('click', (event) => {
		const row = event.target.closest('tr');
		if (!rows.includes(row) || event.target.closest('a')) return;
		if (row.hasAttribute('aria-expanded')) expand(row, row.getAttribute('aria-expanded') === 'false');
		focus(row);
	});
})();
`,
	hash: 'sha256-yYkRcXT7BPnRWiAA0mBKc2aTUMqQJG7AJpZLtL/XsAw=',
};
