import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../processes.ts';
import { Unable } from './unable.ts';

/**
 * Packages of Debian, downloaded and unpacked into directories of their own: nothing is installed, and neither apt's sources nor
 * its lists are touched. They come from the mirror that this machine's apt uses, with its proxies and its credentials.
 */

/** The release whose packages the engine and its images are made of: the oldest one that has BuildKit's `docker buildx`. */
export const RELEASE = 'trixie';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** apt with sources, lists and a record of what is installed that are its own. */
export interface Apt {
	/** Downloads the packages that are named, as `NAME` or `NAME/RELEASE`, into a directory. */
	download(packages: readonly string[], directory: string): Promise<void>;
	/** Downloads all that an empty system needs for the packages, which may be patterns of apt, into a directory. */
	downloadSystem(packages: readonly string[], directory: string): Promise<void>;
}

/** The release of Debian that runs here, such as `bookworm`. */
export function ownRelease(): string {
	const about = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
	const codename = /^VERSION_CODENAME=(\w+)$/m.exec(about)?.[1];
	if (!/^ID=debian$/m.test(about) || codename === undefined || !existsSync(KEYRING)) {
		throw new Unable('an engine of our own is made of the packages of Debian, and this is another system');
	}
	return codename;
}

/**
 * Prepares apt for some releases, and reads their lists.
 *
 * @param directory Where it keeps what it downloads.
 */
export async function prepareApt(directory: string, releases: readonly string[]): Promise<Apt> {
	const mirror = await findMirror();
	const lists = path.join(directory, 'lists');
	const sources = path.join(directory, 'sources.list');
	const status = path.join(directory, 'status');
	for (const each of [path.join(lists, 'partial'), path.join(directory, 'archives', 'partial')]) {
		mkdirSync(each, { recursive: true });
	}
	writeFileSync(status, '');
	writeFileSync(sources, releases.map((release) => `deb [signed-by=${KEYRING}] ${mirror} ${release} main\n`).join(''));
	const settings = [
		`Dir::Etc::SourceList=${sources}`,
		'Dir::Etc::SourceParts=/dev/null',
		'Dir::Etc::Preferences=/dev/null',
		'Dir::Etc::PreferencesParts=/dev/null',
		`Dir::State=${directory}`,
		`Dir::State::Lists=${lists}`,
		`Dir::State::Status=${status}`,
		`Dir::Cache=${directory}`,
		'Dir::Cache::Archives=archives',
		'Acquire::Languages=none',
		'APT::Install-Recommends=false',
		// The user that apt takes for downloads may not write here.
		'APT::Sandbox::User=root',
		// What the machine has apt do after an update or an installation is not meant for this one.
		'APT::Update::Post-Invoke=',
		'APT::Update::Post-Invoke-Success=',
	].flatMap((setting) => ['-o', setting]);
	const apt = async (parameters: readonly string[], within = directory) => {
		const { code, output } = await run('apt-get', [...settings, '-q', '-y', ...parameters], { cwd: within });
		if (code !== 0) {
			throw new Unable(`apt-get ${parameters[0]} failed: ${lastError(output)}`);
		}
	};
	await apt(['update']);
	return {
		download: (packages, to) => {
			mkdirSync(to, { recursive: true });
			return apt(['download', ...packages], to);
		},
		downloadSystem: (packages, to) => {
			mkdirSync(path.join(to, 'partial'), { recursive: true });
			return apt(['install', '--download-only', '-o', `Dir::Cache::Archives=${to}`, ...packages]);
		},
	};
}

/** Where this machine's apt has Debian from. */
async function findMirror(): Promise<string> {
	const { output } = await run('apt-get', ['indextargets', '--format', '$(CREATED_BY) $(COMPONENT) $(RELEASE) $(REPO_URI)']);
	const codename = ownRelease();
	for (const line of output.split('\n')) {
		const [target, component, release, address] = line.split(' ');
		const isDebian = release === codename || /^(?:oldstable|stable|testing|unstable)$/.test(release ?? '');
		if (target === 'Packages' && component === 'main' && isDebian && address && !/security/.test(address)) {
			return address;
		}
	}
	throw new Unable("apt's sources name no mirror of Debian");
}

function lastError(output: string): string {
	return (
		output
			.split('\n')
			.filter((line) => /^[EW]: /.test(line))
			.at(-1) ?? output.trim()
	);
}

/** Unpacks all packages of a directory into another, which is there whole or not at all. */
export async function unpackPackages(from: string, to: string): Promise<void> {
	const parts = mkdtempSync(`${to}-`);
	try {
		for (const file of readdirSync(from).filter((name) => name.endsWith('.deb'))) {
			const { code, output } = await run('dpkg-deb', ['--extract', path.join(from, file), parts]);
			if (code !== 0) {
				throw new Error(`${file} cannot be unpacked:\n${output}`);
			}
		}
		renameSync(parts, to);
	} finally {
		rmSync(parts, { recursive: true, force: true });
	}
}
