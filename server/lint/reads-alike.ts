import { isYamlPath } from '../deployments/deployments.ts';
import { readHelmTemplate } from '../deployments/readers.ts';
import { contentsOf, countDocuments } from '../deployments/yaml-tree.ts';
import { readersAgree } from '../dockerfile/second-reader.ts';

/**
 * Whether a text is as sound after a change as before: the two readers of Dockerfiles still agree, or no document of a YAML file is lost to
 * an error or to a key that is there twice. Nothing is found in a document that cannot be read, so that the findings alone do not tell.
 */
export async function readsAlike(path: string, before: string, after: string): Promise<boolean> {
	if (!isYamlPath(path)) return readersAgree(before, after);
	return (await countDocuments(yamlIn(after))) >= (await countDocuments(yamlIn(before)));
}

/** Whether YAML says the same after a change, which then is one of comments. */
export async function isSameYaml(before: string, after: string): Promise<boolean> {
	try {
		return (await contentsOf(yamlIn(before))) === (await contentsOf(yamlIn(after)));
	} catch {
		// Aliases of aliases are more than the library follows.
		return false;
	}
}

function yamlIn(text: string): string {
	return text.includes('{{') ? (readHelmTemplate(text)?.yaml ?? text) : text;
}
