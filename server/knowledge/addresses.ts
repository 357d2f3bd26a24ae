/**
 * What is where on the network. go-scratch is not published yet: nothing here answers before it is, so nothing that users read tells them
 * to fetch something from there. A test compares the files of the repository with this.
 */

const REPOSITORY = 'go-scratch/go-scratch';

/** The page of the project, which reports and manifests name. */
export const PROJECT_PAGE = `https://github.com/${REPOSITORY}`;

/** The file that `npm run package` writes into dist, which npm installs. */
export const PACKAGE_FILE = 'go-scratch.tgz';

/** Where the page of a rule is, for readers of a finding. */
export function documentationOf(code: string): string {
	return `${PROJECT_PAGE}/blob/main/docs/rules/${code}.md`;
}

/** Where a schema of the directory `schemas` is, for editors and programs. */
export function schemaAddress(name: 'settings' | 'report'): string {
	return `https://raw.githubusercontent.com/${REPOSITORY}/main/schemas/${name}.schema.json`;
}
