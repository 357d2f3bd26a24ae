/** Where the page of a rule is, for whoever reads a finding. */
export function documentationOf(code: string): string {
	return `https://github.com/go-scratch/go-scratch/blob/main/docs/rules/${code}.md`;
}
