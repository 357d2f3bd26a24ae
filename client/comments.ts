import { CompletionItem, CompletionItemKind, type Disposable, Hover, languages, Position, Range, type TextDocument } from 'vscode';
import { readDirectives } from '../server/dockerfile/directives.ts';
import type { RuleSummary } from './rule-pages.ts';

/** A comment for go-scratch up to the cursor: `# go-scratch ignore=root-user,`. */
const COMMENT = /^\s*#\s*go-scratch\s+(?:(ignore|ignore-file|target)=([\w.,-]*)|[\w-]*)$/;

interface Meaning {
	/** In a few words, which a list does not cut. */
	readonly brief: string;
	readonly full: string;
}

const DIRECTIVES: ReadonlyMap<string, Meaning> = new Map([
	['ignore', { brief: 'rules, for the instruction below', full: 'Disable rules for the instruction below: ignore=CODE[,CODE] reason' }],
	[
		'ignore-file',
		{ brief: 'rules, for this file', full: 'Disable rules for this file, above the first FROM: ignore-file=CODE[,CODE] reason' },
	],
	['target', { brief: 'the stage that is built', full: 'The stage that is built: target=STAGE' }],
]);

const DOCKERFILES = [{ language: 'dockerfile' }, { pattern: '**/*{ockerfile,ontainerfile}*' }];

/** Completes comments for go-scratch, and says what their words mean. */
export function explainComments(rules: ReadonlyMap<string, RuleSummary>): Disposable[] {
	return [
		languages.registerCompletionItemProvider(
			DOCKERFILES,
			{ provideCompletionItems: (document, position) => complete(document, position, rules) },
			'=',
			',',
			' ',
		),
		languages.registerHoverProvider(DOCKERFILES, { provideHover: (document, position) => describe(document, position, rules) }),
	];
}

function complete(document: TextDocument, position: Position, rules: ReadonlyMap<string, RuleSummary>): CompletionItem[] {
	const match = COMMENT.exec(document.lineAt(position.line).text.slice(0, position.character));
	if (match === null) return [];
	const [, directive, values = ''] = match;
	if (directive === undefined) {
		const above = document.getText(new Range(new Position(0, 0), position));
		// Below the first FROM, a comment for the file has no effect.
		const possible = [...DIRECTIVES].filter(([name]) => name !== 'ignore-file' || !/^[ \t]*FROM[ \t]/im.test(above));
		return possible.map(([name, { brief, full }]) => {
			const item = new CompletionItem({ label: name, description: brief }, CompletionItemKind.Keyword);
			Object.assign(item, { documentation: full });
			item.insertText = `${name}=`;
			item.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
			item.range = wordBefore(position, /(?<![\w-])[\w-]*$/.exec(match[0])?.[0] ?? '');
			return item;
		});
	}
	const written = values.split(',');
	const range = wordBefore(position, written.at(-1) ?? '');
	if (directive === 'target') {
		return stagesOf(document).map((name) => {
			const item = new CompletionItem(name, CompletionItemKind.Value);
			item.range = range;
			return item;
		});
	}
	const reported = codesReported(document);
	return [...rules]
		.filter(([code]) => !written.slice(0, -1).includes(code))
		.map(([code, { severity, summary }]) => {
			const isReported = reported.has(code);
			const item = new CompletionItem({ label: code, description: isReported ? 'reported here' : severity }, CompletionItemKind.EnumMember);
			return Object.assign(item, { documentation: summary.replaceAll('`', ''), range, sortText: `${isReported ? 0 : 1}${code}` });
		});
}

/** The rules with findings in the document: one of these is meant, as a rule. */
function codesReported({ uri }: TextDocument): Set<string> {
	const own = languages.getDiagnostics(uri).filter(({ source }) => source === 'go-scratch');
	return new Set(own.map(({ code }) => String(typeof code === 'object' ? code.value : code)));
}

function wordBefore({ line, character }: Position, word: string): Range {
	return new Range(line, character - word.length, line, character);
}

function stagesOf(document: TextDocument): string[] {
	const names = [...document.getText().matchAll(/^[ \t]*FROM[ \t].*?[ \t]AS[ \t]+([\w.-]+)/gim)].map((match) => match[1] as string);
	return [...new Set(names)];
}

function describe(document: TextDocument, position: Position, rules: ReadonlyMap<string, RuleSummary>): Hover | undefined {
	const { text } = document.lineAt(position.line);
	const [directive] = readDirectives(text, [0]);
	// After its end comes a reason, whose words are a person's own.
	if (!directive?.wellFormed || position.character > directive.range.end) return undefined;
	const value = directive.values.find(({ range }) => range.start <= position.character && position.character <= range.end);
	const range = document.getWordRangeAtPosition(position, /[\w-]+/);
	// Both are our own texts: nothing of the repository is in them.
	if (value === undefined) {
		const meaning = range === undefined ? undefined : DIRECTIVES.get(document.getText(range));
		return meaning === undefined ? undefined : new Hover(meaning.full, range);
	}
	const code = value.text.toLowerCase();
	const rule = directive.name === 'target' ? undefined : rules.get(code);
	return rule === undefined ? undefined : new Hover(`**${code}** (${rule.severity}): ${rule.summary}`, range);
}
