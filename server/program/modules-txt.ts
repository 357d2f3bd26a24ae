/** What `vendor/modules.txt` lists. */
export interface VendoredModules {
	/** Whether it was made by `go work vendor`. */
	readonly workspace: boolean;
	/** The module (`path@version`, or the path alone where a directory replaces it) that each vendored package belongs to. */
	readonly packages: ReadonlyMap<string, string>;
}

/** Parses a `vendor/modules.txt`; lines of another form are passed over. */
export function parseModulesTxt(text: string): VendoredModules {
	const packages = new Map<string, string>();
	let module = '';
	for (const line of text.split('\n')) {
		const words = line.trim().split(/\s+/);
		const [first, path, version] = words;
		if (first === '#' && path !== undefined) module = version === undefined || version === '=>' ? path : `${path}@${version}`;
		else if (words.length === 1 && first !== undefined && first !== '' && !first.startsWith('#')) packages.set(first, module);
	}
	return { workspace: /^## workspace\s*$/m.test(text.slice(0, 200)), packages };
}
