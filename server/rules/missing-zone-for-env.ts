import { placesOfImage } from '../facts/places.ts';
import { zoneData } from '../needs/needs.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-zone-for-env',
	severity: 'warning',
	fixAll: false,
	judges: 'deployment',
	documentation: {
		summary: 'A compose file or manifest sets TZ, but neither the image nor the program has time zone data.',
		why: 'Without time zone data TZ has no effect: local time is UTC, and nothing fails.',
		example:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    environment:\n      TZ: Europe/Berlin\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    environment:\n      TZ: Europe/Berlin\n\n# Dockerfile\nFROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -tags timetzdata -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Not reported for UTC, for an unknown value, if a mount may provide the data, or if time/tzdata is imported or the tag timetzdata is set. Build with -tags timetzdata, or copy /usr/share/zoneinfo into the image.',
	},
	*checkService(deployed) {
		const { service, target } = deployed;
		const field = service.environment.variables.get('TZ');
		const zone = field?.value;
		if (field === undefined || zone === undefined || /^(?:|UTC0?|GMT|Etc\/(?:UTC|GMT)|[:/].*)$/i.test(zone)) return;
		const programs = target.binaries.filter(({ started }) => started).map(({ program }) => program);
		const lacking = programs.every((program) => program !== undefined && !program.embedded.has('zone-data') && program.unread.length === 0);
		if (programs.length === 0 || !lacking || zoneData.provided(target.state) !== 'no') return;
		yield {
			at: field.at,
			message: `TZ names a time zone, but neither the image nor the program has time zone data: local time in ${service.title} is UTC, without an error. Build with -tags timetzdata.`,
			related: placesOfImage(deployed),
		};
	},
};
