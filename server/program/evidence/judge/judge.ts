import type { Use } from '../../../knowledge/go-evidence.ts';
import { DESCRIBED_MODULES } from '../../../knowledge/known-modules.ts';
import type { NeedId } from '../../../knowledge/need-ids.ts';
import { knownModule, usesOf } from '../../kept/watch-list.ts';
import type { Sighting } from '../read/scan.ts';
import { DOCKER_SOCKET } from '../read/sightings.ts';
import { textOf, type ValueScope } from '../read/values.ts';
import { asksPlainlyOnly, isTlsClient, PLAIN, trustsSystem } from './certificate-roots.ts';
import { programsOf } from './executables.ts';
import { directoriesOf, filesOf } from './files.ts';
import { type Judged, nameIn, type PackageJudgement, type PackageSightings } from './judgement.ts';
import { listenerOf } from './listeners.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';
import { isDefaultDirectory } from './temporary-files.ts';
import { DESCRIBED_AS, type OpenQuestion, questionsOf } from './unknowns.ts';
import { zonesOf } from './zones.ts';

/** Reads what the sightings of a package show. */
export function judge(input: PackageSightings, scope: ValueScope): PackageJudgement {
	const judged: Judged[] = [];
	const loopback: Judged[] = [];
	let listens = false;
	const questions: OpenQuestion[] = [];
	const plainOnly = asksPlainlyOnly(input, scope);
	for (const sightings of input.files) {
		for (let start = 0, end = 0; start < sightings.length; start = end) {
			const { declaration } = sightings[start] as Sighting;
			for (end = start; sightings[end]?.declaration === declaration; ) end++;
			const together = sightings.slice(start, end);
			const surroundings = surroundingsOf(together, input, scope);
			for (const sighting of together) {
				for (const question of questionsOf(sighting, together, input, surroundings, scope)) {
					const need = DESCRIBED_AS[question.kind];
					if (need === undefined || !isDescribed(input.importPath, need)) questions.push(question);
				}
				for (const use of usesOf(sighting.package, sighting.name, sighting.form === 'method')) {
					if (sighting.form === 'type' || isDescribed(input.importPath, use.need) || (use.own === true && !input.own)) continue;
					if (use.failure === true && sighting.failure === 'tolerated') continue;
					// A dependency that lists functions, as interpreters do, does not call them.
					if (!input.own && sighting.form === 'value' && !/^(?:Default|[A-Z]+_)/.test(sighting.name)) continue;
					if (use.shows.kind === 'listener') {
						const listener = listenerOf(sighting, use.shows.argument, use.shows.network, scope);
						if (listener === 'other') listens = true;
						else if (listener !== 'none') loopback.push(shown(sighting, use.need, listener));
						continue;
					}
					for (const detail of detailsOf(sighting, use, surroundings, plainOnly, input.own, scope))
						judged.push(shown(sighting, use.need, detail));
				}
				if (sighting.package === '' && sighting.name === DOCKER_SOCKET && input.own)
					judged.push(shown(sighting, 'privilege', 'docker.sock'));
				const known = sighting.form === 'call' || sighting.form === 'literal' ? knownModule(sighting.package, sighting.name) : undefined;
				if (known !== undefined && (input.own || known.need === 'privilege')) {
					judged.push({ sighting, need: known.need, symbol: `${nameIn(sighting)} (${known.title})`, detail: undefined });
				}
			}
		}
	}
	return { judged, loopback, listens, questions };
}

/** Whether the table says what the package shows of a need, so that its own code does not. */
export function isDescribed(importPath: string, need: NeedId): boolean {
	return DESCRIBED_MODULES.some(({ path, needs }) => needs.includes(need) && (importPath === path || importPath.startsWith(`${path}/`)));
}

function shown(sighting: Sighting, need: NeedId, detail: string | undefined): Judged {
	const name = nameIn(sighting);
	const isArgument = detail !== undefined && sighting.form !== 'literal' && sighting.package !== '' && need !== 'user-database';
	const symbol = isArgument ? `${name}(${JSON.stringify(detail)})` : name;
	return { sighting, need, symbol, detail };
}

/** Nothing where the sighting shows no need; else what it shows, `undefined` where that has no constant name. */
function detailsOf(
	sighting: Sighting,
	use: Use,
	surroundings: Surroundings,
	plainOnly: boolean,
	own: boolean,
	scope: ValueScope,
): readonly (string | undefined)[] {
	const { shows } = use;
	const values = sighting.arguments;
	switch (shows.kind) {
		case 'always':
			return [use.need === 'user-database' ? sighting.name : undefined];
		case 'address':
			return PLAIN.test(textOf(values[shows.argument], scope).text) ? [] : [undefined];
		case 'client':
			return isTlsClient(sighting, surroundings, scope) && !plainOnly ? [undefined] : [];
		case 'trust':
			return trustsSystem(sighting, values[shows.argument], surroundings, own, scope) ? [undefined] : [];
		case 'zone':
			return zonesOf(values[shows.argument], scope);
		case 'default directory':
			return isDefaultDirectory(values[shows.argument], scope) ? [undefined] : [];
		case 'program':
			return programsOf(values[shows.argument], surroundings, scope);
		case 'file':
			return surroundings.opensEmbedded ? [] : filesOf(values, shows, scope);
		case 'directory':
			return directoriesOf(values, shows, scope);
		case 'network': {
			const { text } = textOf(values[shows.argument], scope);
			return shows.begins.some((begin) => text.startsWith(begin)) ? [undefined] : [];
		}
		case 'listener':
			return [];
	}
}
