import { basename } from '../workspace/paths.ts';

/** Files that are named after a Dockerfile and are none: its ignore file, notes on it, code around it, what it is made from, old ones. */
const NOT_A_DOCKERFILE =
	/\.(?:dockerignore|containerignore|go|md|txt|sh|json|ya?ml|tmpl|tpl|template|gotmpl|j2|jinja2?|erb|mustache|orig|rej|bak|swp)$|~$/i;

/** `Dockerfile`, `Dockerfile.*`, `Dockerfile-*`, `*.Dockerfile`, `*.dockerfile`, and the same for `Containerfile`. */
const DOCKERFILE = /^(?:(?:Docker|Container)file(?:[.-].+)?|.+\.(?:[Dd]ocker|[Cc]ontainer)file)$/;

/** Whether a file of that path is a Dockerfile by its name. */
export function isDockerfilePath(path: string): boolean {
	const name = basename(path);
	return DOCKERFILE.test(name) && !NOT_A_DOCKERFILE.test(name);
}
