import type { Sighting } from '../read/scan.ts';
import type { Flow } from './flow.ts';
import { possibleNames } from './possible-names.ts';

/**
 * Tells of a call that starts a program whether the same function asks before whether the program is there, and goes on without:
 * `if _, err := exec.LookPath("git"); err != nil { … return }`, or `if !commandExists("git")` of a function that only says so.
 *
 * @param files the reached sightings of the workspace's own code, by file and within it by declaration in the order of the text
 */
export function askedBefore(files: readonly (readonly Sighting[])[], flow: Flow): (call: Sighting, name: string) => boolean {
	const before = new Map<Sighting, readonly string[]>();
	for (const sightings of files) {
		let declaration = -1;
		let asked: readonly string[] = [];
		for (const sighting of sightings) {
			if (sighting.declaration !== declaration) asked = [];
			declaration = sighting.declaration;
			const isLookUp = sighting.package === 'os/exec' && sighting.name === 'LookPath';
			const value = isLookUp && sighting.failure === 'tolerated' ? sighting.arguments[0] : flow.askedBy(sighting);
			if (value !== undefined)
				asked = [...asked, ...possibleNames(value, flow).names.flatMap(({ text, complete }) => (complete ? [text] : []))];
			else if (asked.length > 0 && !isLookUp && sighting.package === 'os/exec') before.set(sighting, asked);
		}
	}
	return (call, name) => before.get(call)?.includes(name) === true;
}
