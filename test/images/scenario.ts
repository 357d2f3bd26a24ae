import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArchive } from '../support/txtar.ts';

/**
 * A scenario is a text archive: a sentence, then the files that a person would have, and three that say what is to be seen:
 *
 * - `proof`: lines `key: value`, the fields of {@link Scenario}.
 * - `says`: the engine's or the program's words before; each line has to be there.
 * - `prints`: all that the program prints after; absent where the mend cannot be shown here.
 *
 * The files are written for Go 1.26; for another Go the number is replaced in all of them.
 */
export interface Scenario {
	readonly name: string;
	readonly sentence: string;
	/** The code of the rule that speaks, or that is silent where `before` is `works`. */
	readonly rule: string;
	/** The versions of Go that it is shown with. */
	readonly go: readonly string[];
	/** What is seen of the Dockerfile as it stands: it does not build; it builds and does not run; it runs and does the wrong thing; it works. */
	readonly before: 'build fails' | 'run fails' | 'wrong' | 'works';
	/** The title of the fix that is applied, `all` for fix-all, or `none` where there is none; the first one where it is not given. */
	readonly fix: string | undefined;
	/** The options of `docker run`. */
	readonly run: readonly string[];
	/** Whether the build cache is left aside, where it is the build that says something and succeeds. */
	readonly fresh: boolean;
	/** A file that is changed once the image is built, which is then built again: that build is the one that counts. */
	readonly edited: string | undefined;
	/** Whether the program finds a TLS server on port 443 of its loopback address. */
	readonly tls: boolean;
	/**
	 * What is looked at instead of what the program prints: its health check, whom its server on port 8080 answers, what comes of the probe
	 * of the manifest, what answers on the ports that the compose file publishes, or what it prints until `docker stop` has ended it, with its
	 * exit code.
	 */
	readonly observe: (typeof OBSERVED)[number] | undefined;
	/** The compose file or manifest whose settings the container gets, where there is one. */
	readonly deployment: string | undefined;
	/** The platform that is built for where it is not the engine's own; what is looked at then is for which one the binary is. */
	readonly platform: string | undefined;
	/** What stands for something that cannot be had here. */
	readonly simulated: string | undefined;
	/** Why the mend cannot be shown. */
	readonly unmended: string | undefined;
	readonly files: readonly { readonly name: string; readonly text: string }[];
	readonly says: readonly string[];
	readonly prints: string | undefined;
}

const DIRECTORY = fileURLToPath(new URL('./scenarios', import.meta.url));
const KEYS = ['rule', 'go', 'before', 'fix', 'run', 'fresh', 'edited', 'tls', 'observe', 'platform', 'simulated', 'unmended'];
const OBSERVED = ['health', 'listener', 'probe', 'ports', 'stop'] as const;
const ABOUT = ['proof', 'says', 'prints'];
const WRITTEN_FOR = '1.26';

export function readScenarios(): Scenario[] {
	return readdirSync(DIRECTORY)
		.sort()
		.map((file) => readScenario(file.slice(0, -'.txtar'.length), readFileSync(join(DIRECTORY, file), 'utf8')));
}

function readScenario(name: string, text: string): Scenario {
	const archive = parseArchive(text);
	const part = (wanted: string) => archive.files.find((file) => file.name === wanted)?.text;
	const values = new Map(
		(part('proof') ?? '')
			.trim()
			.split('\n')
			.map((line) => line.split(/:\s*(.*)/) as [string, string]),
	);
	for (const key of values.keys()) assert.ok(KEYS.includes(key), `${name}: ${key} is no key of a proof`);
	const before = values.get('before');
	assert.ok(before === 'build fails' || before === 'run fails' || before === 'wrong' || before === 'works', `${name}: before`);
	const observe = OBSERVED.find((each) => each === values.get('observe'));
	assert.equal(observe, values.get('observe'), `${name}: observe`);
	const prints = part('prints')?.trim();
	assert.equal(prints === undefined, values.has('unmended'), `${name}: either says what it prints after, or why that is not shown`);
	const says = (part('says') ?? '').split('\n').filter((line) => line !== '');
	assert.equal(says.length === 0, before === 'works', `${name}: says`);
	assert.ok(archive.comment.trim().length > 10, `${name}: opens with a sentence`);
	return {
		name,
		sentence: archive.comment.trim(),
		rule: values.get('rule') ?? '',
		go: (values.get('go') ?? WRITTEN_FOR).split(', '),
		before,
		fix: values.get('fix'),
		run: (values.get('run') ?? '').split(' ').filter(Boolean),
		fresh: values.get('fresh') === 'yes',
		edited: values.get('edited'),
		tls: values.get('tls') === 'yes',
		observe,
		deployment: archive.files.find((file) => /^(?:compose\.yaml|k8s\/.*\.yaml)$/.test(file.name))?.name,
		platform: values.get('platform'),
		simulated: values.get('simulated'),
		unmended: values.get('unmended'),
		files: archive.files.filter((file) => !ABOUT.includes(file.name)),
		says,
		prints,
	};
}

/** A program that works, in an archive like a scenario's, without `says`: `prints` is what it prints before and after fix-all. */
export interface WorkingProgram {
	readonly name: string;
	readonly tls: boolean;
	readonly files: readonly { readonly name: string; readonly text: string }[];
	readonly prints: string;
}

const WORKING = fileURLToPath(new URL('../fixtures/working', import.meta.url));

export function readWorkingPrograms(): WorkingProgram[] {
	return readdirSync(WORKING)
		.sort()
		.map((file) => {
			const { files } = parseArchive(readFileSync(join(WORKING, file), 'utf8'));
			const part = (wanted: string) => files.find((each) => each.name === wanted)?.text;
			return {
				name: file.slice(0, -'.txtar'.length),
				tls: /^tls: yes$/m.test(part('proof') ?? ''),
				files: files.filter(({ name }) => !ABOUT.includes(name) && !name.startsWith('fixed')),
				prints: part('prints')?.trim() ?? assert.fail(`${file}: it is known what it prints`),
			};
		});
}

/** The files of a scenario as they read for a version of Go. */
export function filesFor(scenario: Scenario, go: string): { name: string; text: string }[] {
	return scenario.files.map(({ name, text }) => ({ name, text: text.replaceAll(WRITTEN_FOR, go) }));
}
