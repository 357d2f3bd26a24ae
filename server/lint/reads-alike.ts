import { isYamlPath } from '../deployments/deployments.ts';
import { readHelmTemplate } from '../deployments/readers.ts';
import { countDocuments } from '../deployments/yaml-tree.ts';
import { readersAgree } from '../dockerfile/second-reader.ts';

/**
 * Whether a text is as sound after a change as before: the two readers of Dockerfiles still agree, or no document of a YAML file is lost to
 * an error or to a key that is there twice. Nothing is found in a document that cannot be read, so that the findings alone do not tell.
 */
export async function readsAlike(path: string, before: string, after: string): Promise<boolean> {
	if (!isYamlPath(path)) return readersAgree(before, after);
	return (await countDocuments(yamlIn(after))) >= (await countDocuments(yamlIn(before)));
}

function yamlIn(text: string): string {
	return text.includes('{{') ? (readHelmTemplate(text)?.yaml ?? text) : text;
}
