import type { Command, Field } from '../deployments/model.ts';
import { written, yamlText } from '../dockerfile/write.ts';
import { placesOfImage } from '../facts/places.ts';
import { resolveCommandPath } from '../image/command-path.ts';
import { basename, isAbsolute } from '../workspace/paths.ts';
import type { Deployed, DeploymentFinding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'command-not-in-image',
	severity: 'error',
	fixAll: true,
	judges: 'deployment',
	documentation: {
		summary: 'A compose file or manifest starts a program that is not in the image.',
		why: '`command` and `entrypoint` of a compose file (`args` and `command` of Kubernetes) replace those of the image. They do not run in a shell, and `sh -c` fails if the image has no shell. The container fails with `exec: "sh": executable file not found in $PATH` or `exec: "/server": stat /server: no such file or directory`.',
		example:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    entrypoint: ["/server", "-v"]\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    entrypoint: ["/app", "-v"]\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only if the programs of the image and of its mounts are known. Words after an ENTRYPOINT of the image are its arguments, and are not reported. Neither is a `working_dir` that the image does not have: the engine creates it. The fix uses the path of the binary with that name, if the image has exactly one. In a manifest, flags in `command` are moved to `args`, because `command` takes the place of ENTRYPOINT there.',
	},
	*checkService(deployed) {
		const { service, image, target } = deployed;
		const field = service.entrypoint ?? (image.state.entrypoint === undefined ? service.command : undefined);
		const [first] = field?.value?.words ?? [];
		if (field === undefined || first?.value === undefined || first.value === '') return;
		const started = resolveCommandPath(target.state);
		const name = started?.program;
		if (started === undefined || name === undefined || name === '') return;
		const isDirectory =
			started.present === 'yes' && started.path !== undefined && target.state.files.get(started.path)?.kind === 'directory';
		if (started.present !== 'no' && !isDirectory) return;
		yield finding(deployed, field, name, isDirectory);
	},
};

function finding(deployed: Deployed, field: Field<Command>, name: string, isDirectory: boolean): DeploymentFinding {
	const { service, target } = deployed;
	const failure = isDirectory
		? `exec: "${name}": permission denied`
		: name.includes('/')
			? `exec: "${name}": stat ${name}: no such file or directory`
			: `exec: "${name}": executable file not found in $PATH`;
	const there = [...new Set(target.binaries.map(({ path }) => path).filter(isAbsolute))].slice(0, 3);
	const holds = there.length === 0 ? '' : ` The image holds ${there.join(', ')}.`;
	const isShell = /^(?:sh|ash|bash|dash)$/.test(basename(name));
	const advice = areArguments(deployed, name)
		? 'What Kubernetes calls command takes the place of ENTRYPOINT. Use args.'
		: isShell
			? 'Start the program directly, or use a base image with a shell.'
			: `Start a program that is in the image.${holds}`;
	return {
		at: field.value?.words.find(({ value }) => value === name)?.at ?? field.at,
		message: `${capital(service.title)} starts ${name}, which is ${isDirectory ? 'a directory' : 'not'} in the image: it fails with '${failure}'. ${advice}`,
		related: placesOfImage(deployed),
		fixes: () => [giveArguments(deployed, field, name), startAnother(deployed, field, name)],
	};
}

/** Whether the words are arguments for the ENTRYPOINT of the image: a flag, or a name that looks like a command of it. */
function areArguments({ service, image }: Deployed, name: string): boolean {
	const { entrypoint, command, kind } = service;
	const isExec = image.state.entrypoint?.value?.form === 'exec';
	const isName = !name.includes('/') && !/^(?:sh|ash|bash|dash)$/.test(name) && image.binaries.every(({ path }) => basename(path) !== name);
	return kind === 'kubernetes' && isExec && entrypoint?.key !== undefined && command === undefined && isName;
}

/** Gives the words to the ENTRYPOINT of the image. */
function giveArguments(deployed: Deployed, { key }: Field<Command>, name: string): Fix | undefined {
	const text = key && deployed.textOf(key.path)?.slice(key.range.start, key.range.end);
	if (key === undefined || text !== 'command' || !areArguments(deployed, name)) return undefined;
	return { title: 'Use args in place of command', edits: [{ range: key.range, newText: written`args` }], preferred: name.startsWith('-') };
}

/** Starts the binary of that name, where there is one. */
function startAnother({ service, target }: Deployed, field: Field<Command>, name: string): Fix | undefined {
	const word = field.value?.words.find(({ value }) => value === name);
	const paths = [
		...new Set(target.binaries.map(({ path }) => path).filter((path) => isAbsolute(path) && basename(path) === basename(name))),
	];
	const [path] = paths;
	if (word === undefined || path === undefined || paths.length > 1 || field.value?.split !== false) return undefined;
	const newText = yamlText(path, service.kind === 'compose');
	return newText && { title: `Start ${path}`, edits: [{ range: word.at.range, newText }], preferred: true };
}

function capital(text: string): string {
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}
