import type { Check, CheckKind, Service } from '../deployments/model.ts';
import { type AbsentProgram, absentProgramOf } from '../facts/checked-program.ts';
import { placesOfImage } from '../facts/places.ts';
import { replaceList } from '../fixes/yaml-edits.ts';
import { findExecutable } from '../image/command-path.ts';
import type { Deployed, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-probe-program',
	severity: 'error',
	fixAll: true,
	judges: 'deployment',
	documentation: {
		summary: 'A health check, probe or hook of a compose file or manifest starts a program that is not in the image.',
		why: '`curl`, `wget` and `sh` are not in scratch and distroless images. The check fails with `exec: "curl": executable file not found in $PATH`, or `exec: "/bin/sh": stat /bin/sh: no such file or directory` for a text that a shell runs: the container stays unhealthy although the program works, and what waits for it does not start.',
		example:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    healthcheck:\n      test: /app -healthcheck || exit 1\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    healthcheck:\n      test: ["CMD", "/app", "-healthcheck"]\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only where the programs of the image are known, for the program that is started first. The fix writes the command without a shell where it needs none and its program is in the image. For other programs there is no fix: let the program check itself, or copy a static one into the image.',
	},
	*checkService(deployed) {
		for (const check of deployed.service.checks) {
			const absent = absentProgramOf(deployed.target.state, check.action);
			if (absent === undefined) continue;
			const { service } = deployed;
			const what = `The ${NAMES[check.kind]} of ${service.title}`;
			const starts =
				absent.at === undefined ? 'runs in a shell, and the image has none' : `starts ${absent.name}, which is not in the image`;
			const [fix] = fixes(deployed, check, absent);
			yield {
				at: absent.at ?? check.action.at,
				...(check.kind === 'pre-stop' ? { severity: 'warning' as const } : {}),
				message: `${what} ${starts}: ${consequenceOf(check.kind, service)}. ${fix === undefined ? 'Let the program check itself, for example with a -healthcheck flag.' : `${fix.title}.`}`,
				related: placesOfImage(deployed),
				fixes: () => fixes(deployed, check, absent),
			};
		}
	},
};

const NAMES: Readonly<Record<CheckKind, string>> = {
	health: 'health check',
	liveness: 'liveness probe',
	readiness: 'readiness probe',
	startup: 'startup probe',
	'post-start': 'postStart hook',
	'pre-stop': 'preStop hook',
};

function consequenceOf(kind: CheckKind, { awaitedBy }: Service): string {
	switch (kind) {
		case 'health':
			return awaitedBy.length === 0
				? 'the container stays unhealthy'
				: 'the container stays unhealthy, and what waits for it does not start';
		case 'liveness':
		case 'startup':
			return 'the container is restarted again and again';
		case 'readiness':
			return 'the pod never becomes ready';
		case 'post-start':
			return 'the hook fails when the container starts';
		case 'pre-stop':
			return 'the hook fails when the container stops';
	}
}

/** The command without the shell that is not there. */
function fixes({ service, target, textOf }: Deployed, { action, kind }: Check, { words }: AbsentProgram): Fix[] {
	const [program] = words ?? [];
	const text = textOf(action.at.path);
	if (words === undefined || program === undefined || text === undefined || findExecutable(target.state, program) !== 'yes') return [];
	const isCompose = service.kind === 'compose';
	const list = isCompose && kind === 'health' ? ['CMD', ...words] : words;
	const edit = replaceList(text, action.at, list, isCompose);
	return edit === undefined ? [] : [{ title: `Start ${program} without a shell`, edits: [edit], preferred: true }];
}
