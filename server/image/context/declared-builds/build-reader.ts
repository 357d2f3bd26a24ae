import type { DECLARING } from '../../../knowledge/files-that-matter.ts';
import { nestsDeeplyInYaml } from '../../../text/nesting.ts';
import { bakeBuilds } from './bake.ts';
import { composeBuilds } from './compose.ts';
import { commandBuilds } from './docker-commands.ts';
import type { Build } from './model.ts';
import { expandNames, makeVariables } from './names.ts';
import { skaffoldBuilds } from './skaffold.ts';
import { workflowBuilds } from './workflow.ts';

/** Gives what a file declares. */
export type BuildReader = (path: string, kind: (typeof DECLARING)[number], text: string) => Promise<readonly Build[]>;

/** So many files are remembered. */
const MAX_REMEMBERED = 500;

/** Remembers what each file declares as long as its text stays: all Dockerfiles of a repository have the same files around them. */
export function createBuildReader(): BuildReader {
	const known = new Map<string, { readonly text: string; readonly builds: Promise<readonly Build[]> }>();
	return (path, kind, text) => {
		const found = known.get(path);
		if (found?.text === text) {
			return found.builds;
		}
		if (known.size >= MAX_REMEMBERED) {
			known.clear();
		}
		const builds = buildsIn(kind, text);
		known.set(path, { text, builds });
		return builds;
	};
}

async function buildsIn(kind: (typeof DECLARING)[number], text: string): Promise<Build[]> {
	try {
		switch (kind) {
			case 'compose':
				return (await yamlDocuments(text)).flatMap(composeBuilds);
			case 'bake':
				return bakeBuilds(text);
			case 'workflow':
				return /docker|podman|buildah/.test(text) ? (await yamlDocuments(text)).flatMap(workflowBuilds) : [];
			case 'make':
				return commandBuilds(text, (names) => expandNames(names, makeVariables(text)));
			case 'skaffold':
				return (await yamlDocuments(text)).flatMap(skaffoldBuilds);
		}
	} catch {
		// The YAML library throws for documents that abuse aliases or nest too deeply.
		return [];
	}
}

async function yamlDocuments(text: string): Promise<unknown[]> {
	if (nestsDeeplyInYaml(text)) return [];
	// Most Dockerfiles have no such file beside them, and the library takes a while to start.
	const { parseAllDocuments } = await import('../../../text/yaml.ts');
	return parseAllDocuments(text, { logLevel: 'silent', merge: true, uniqueKeys: false }).map((document): unknown =>
		document.toJS({ maxAliasCount: 100 }),
	);
}
