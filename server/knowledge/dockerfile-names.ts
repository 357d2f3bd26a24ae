import { basename } from '../workspace/paths.ts';

/** Files that are named after a Dockerfile and are none: its ignore file, notes on it, code around it, what it is made from, old ones. */
const NOT_A_DOCKERFILE =
	/\.(?:dockerignore|containerignore|go|md|txt|sh|json|ya?ml|tmpl|tpl|template|gotmpl|j2|jinja2?|erb|mustache|orig|rej|bak|swp)$|~$/i;

/** `Dockerfile`, `Dockerfile.*`, `Dockerfile-*`, `*.Dockerfile`, `*.dockerfile`, and the same for `Containerfile`. */
const DOCKERFILE = /^(?:(?:Docker|Container)file(?:[.-].+)?|.+\.(?:[Dd]ocker|[Cc]ontainer)file)$/;

/**
 * The same in lower case: `docker build` takes `dockerfile` where there is no `Dockerfile`, and the other names follow from it.
 * https://github.com/moby/buildkit/blob/master/frontend/dockerui/config.go
 */
const IN_LOWER_CASE = /^(?:docker|container)file(?:[.-].+)?$/;

/** Code about Dockerfiles, whose files are named in lower case too. */
const CODE = /\.(?:[cm]?[jt]sx?|py|rb|rs|java|kt|php|cs?|h|cpp|lua|vim|el|css|html|xml|toml|lock|snap|log|csv|tmLanguage)$/i;

/** Whether a file of that path is a Dockerfile by its name. */
export function isDockerfilePath(path: string): boolean {
	const name = basename(path);
	const named = DOCKERFILE.test(name) || (IN_LOWER_CASE.test(name) && !CODE.test(name));
	return named && !NOT_A_DOCKERFILE.test(name);
}
