import type { Rule, RuleDocumentation } from '../rules/rule.ts';

/** The page of a rule in Markdown: what docs/rules holds, and what is shown where a page cannot be opened. */
export function rulePage({ code, severity, fixAll, documentation }: Rule): string {
	return [
		`# ${code}`,
		documentation.summary,
		`Default severity: ${severity} (may vary by case) · Fix-all: ${fixAll ? 'yes, if the fix is safe' : 'no'}`,
		'## Why',
		documentation.why,
		'## Example',
		fenced(documentation, 'example'),
		'Instead:',
		fenced(documentation, 'instead'),
		'## When it is reported, and what the fix does',
		documentation.notes,
		'## How to ignore it',
		`Write \`# go-scratch ignore=${code} reason\` on the line above, or \`# go-scratch ignore-file=${code}\` at the top of the file. The setting \`go-scratch.rules\` (or \`.go-scratch.json\`) disables the rule or changes its severity.`,
	].join('\n\n');
}

/** The text of Markdown as the pages have it, without its marks. */
export function plainText(markdown: string): string {
	return markdown
		.replace(/^```.*\n/gm, '')
		.replace(/^#+ /gm, '')
		.replaceAll('`', '');
}

function fenced(documentation: RuleDocumentation, part: 'example' | 'instead'): string {
	const text = documentation[part].trimEnd();
	const language = /^[ \t]*(?:FROM|RUN|COPY|ADD|ENV|ARG|WORKDIR|CMD|USER|\S+ \S+ AS)\b/im.test(text)
		? 'dockerfile'
		: /^\s*(?:http|import|func|package|var)\b/.test(text)
			? 'go'
			: '';
	return `\`\`\`${language}\n${text}\n\`\`\``;
}
