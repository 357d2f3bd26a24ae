import { ALPINE_ALONE, BRINGS_USER, managerOf, packageFiles, RECOMMEND_ROOTS_AT_MOST } from '../../knowledge/packages.ts';
import { upTo } from '../../text/ends.ts';
import { type Call, operands } from './call.ts';

/**
 * `apk add`, `apt-get install` and their like. Packages that matter to a Go image are listed with the files that matter of them; on
 * Alpine, a few bring nothing else. Any other package may bring anything below the directories that packages write to.
 */
export function installPackages(call: Call): undefined {
	const { run, instruction } = call.shell;
	const { plain, options } = operands(
		call.words,
		'-t --virtual --repository -X --root -p --arch --keys-dir -o -c --releasever --installroot',
	);
	const subcommand = plain.shift()?.value;
	if (
		subcommand === undefined ||
		!/^(?:add|install|localinstall|reinstall|groupinstall|upgrade|dist-upgrade|full-upgrade|build-dep|in)$/.test(subcommand)
	) {
		if (subcommand === undefined || /^(?:del|remove|purge|erase|autoremove)$/.test(subcommand)) forgetPrograms(call);
		return undefined;
	}
	const root = options.get('--root') ?? options.get('-p') ?? options.get('--installroot');
	if (root !== undefined) {
		run.tree.makeUnknown(call.path(root) ?? '/');
		return undefined;
	}
	const apk = call.name === 'apk';
	const packages = plain.map((word) => (word.value === undefined || word.pattern ? undefined : upTo(word.value, '=~<>@:')));
	if (!apk || subcommand !== 'add' || packages.some((name) => name === undefined || !ALPINE_ALONE.has(name))) {
		const withoutRoots =
			/^apt/.test(call.name) && call.words.some(({ value }) => value === '--no-install-recommends') && packages.every(isWithoutRoots);
		forgetPrograms(call, !withoutRoots);
	}
	for (const name of packages) {
		if (name === undefined) continue;
		const details = { instruction, mode: 0o755, owner: 0 };
		for (const path of packageFiles(name, managerOf(call.name))) {
			if (!path.endsWith('/')) {
				if (call.shell.certain) run.tree.writeFile(path, details);
				else run.tree.writePerhaps(path, details);
				continue;
			}
			if (!call.shell.certain) {
				if (run.tree.has(path) !== 'yes') run.tree.writePerhaps(path.slice(0, -1));
				continue;
			}
			run.tree.makeDirectory(path, details);
			run.tree.open(path);
		}
	}
	return undefined;
}

/** Whatever is installed or removed, these are the places where it shows. */
function forgetPrograms(call: Call, mayBringRoots = true): void {
	const { tree } = call.shell.run;
	for (const directory of ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/var', '/opt']) tree.makeUnknown(directory);
	tree.open('/etc');
	if (mayBringRoots) tree.makeUnknown('/etc/ssl');
	// What a package's scripts add to the accounts is not known, but no package takes a user away.
	if (call.words.some((word) => BRINGS_USER.test(word.text))) {
		for (const path of ['/etc/passwd', '/etc/group'])
			tree.writePerhaps(path, { instruction: call.shell.instruction, mode: 0o644, owner: 0 });
	}
}

function isWithoutRoots(name: string | undefined): boolean {
	return name !== undefined && RECOMMEND_ROOTS_AT_MOST.has(name);
}
