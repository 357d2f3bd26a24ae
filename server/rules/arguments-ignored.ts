import { placesInDockerfile, placesOfImage } from '../facts/places.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'arguments-ignored',
	severity: 'warning',
	fixAll: false,
	judges: 'deployment',
	documentation: {
		summary: 'A compose file or manifest gives arguments to an ENTRYPOINT in shell form, which ignores them.',
		why: 'An ENTRYPOINT in shell form runs `/bin/sh -c "text"`. The arguments in `command` of a compose file (`args` in Kubernetes) go to the shell, which does not pass them on: the program starts without them, and there is no warning.',
		example:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    command: ["-addr", ":9090"]\n\n# Dockerfile\nFROM alpine:3.22\nCOPY --from=build /app /app\nENTRYPOINT /app',
		instead:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    command: ["-addr", ":9090"]\n\n# Dockerfile\nFROM alpine:3.22\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes: 'Not reported if the text of the ENTRYPOINT uses the arguments ("$@", $0, $1). `shell-form-command` fixes the Dockerfile.',
	},
	*checkService(deployed) {
		const { service, image } = deployed;
		const { command } = service;
		const form = image.state.entrypoint?.value;
		if (command?.value === undefined || command.value.words.length === 0 || service.entrypoint !== undefined) return;
		if (form?.form !== 'shell' || /\$(?:[@*0-9]|\{[@*0-9])/.test(form.text)) return;
		const instruction = image.state.entrypoint?.instruction;
		yield {
			at: command.at,
			message: `The ENTRYPOINT of the image is in shell form and ignores these arguments: ${service.title} starts its program without them. Write ENTRYPOINT in exec form.`,
			related:
				instruction === undefined ? placesOfImage(deployed) : placesInDockerfile(deployed, instruction.range, 'ENTRYPOINT in shell form'),
		};
	},
};
