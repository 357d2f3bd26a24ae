import type { Check, CheckKind, Service } from '../deployments/model.ts';
import { type AbsentProgram, absentProgramOf } from '../facts/checked-program.ts';
import { placesOfImage } from '../facts/places.ts';
import { listensOn, ownAction } from '../fixes/probe.ts';
import { replaceList } from '../fixes/yaml-edits.ts';
import { locateExecutable } from '../image/command-path.ts';
import type { Deployed, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-probe-program',
	severity: 'error',
	fixAll: true,
	judges: 'deployment',
	documentation: {
		summary: 'A health check, probe or hook of a compose file or manifest starts a program that is not in the image.',
		why: '`curl`, `wget` and `sh` are not in scratch and distroless images. The check fails with `exec: "curl": executable file not found in $PATH`, or `exec: "/bin/sh": stat /bin/sh: no such file or directory` for a check that runs in a shell. The container stays unhealthy although the program works, and services that wait for it do not start.',
		example:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    healthcheck:\n      test: /app -healthcheck || exit 1\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'# compose.yaml\nservices:\n  app:\n    build: .\n    healthcheck:\n      test: ["CMD", "/app", "-healthcheck"]\n\n# Dockerfile\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only if the programs of the image are known, and only for the first program of a check. The fix removes the shell if the command does not need it and its program is in the image. In a manifest, `httpGet`, `tcpSocket`, `grpc` and `sleep` replace curl, wget, nc, grpc_health_probe and sleep; fix-all does this if the program certainly listens on the port on all addresses. A liveness probe whose program is missing is a warning: the kubelet ignores a probe that it cannot start. For other programs there is no fix: let the program check itself, or copy a static one into the image.',
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
				...(isWarning(check, absent) ? { severity: 'warning' as const } : {}),
				message: `${what} ${starts}: ${consequenceOf(check, absent, service)}. ${fix === undefined ? adviceOf(check.kind) : `${fix.title}.`}`,
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

/** Whether the first program is the one that is absent; then the container runtime cannot start it, and there is no exit code. */
function isNotStarted({ action }: Check, { at, shell }: AbsentProgram): boolean {
	return shell || (action.kind === 'exec' && action.words[0]?.at.range.start === at?.range.start);
}

/** What only does not work where it is wanted: nothing else fails. */
function isWarning(check: Check, absent: AbsentProgram): boolean {
	return check.kind === 'pre-stop' || (check.kind === 'liveness' && isNotStarted(check, absent));
}

/**
 * What the engine or the kubelet does. Of a probe that cannot be started the kubelet throws the result away, so that what was taken for
 * true at first stays: pkg/kubelet/prober/worker.go and pkg/probe/exec/exec.go of Kubernetes v1.36.3.
 */
function consequenceOf(check: Check, absent: AbsentProgram, { awaitedBy }: Service): string {
	const notStarted = isNotStarted(check, absent);
	switch (check.kind) {
		case 'health':
			return awaitedBy.length === 0
				? 'the container stays unhealthy'
				: 'the container stays unhealthy, and what waits for it does not start';
		case 'liveness':
			return notStarted
				? 'the kubelet ignores the result, and never restarts a program that hangs'
				: 'the container is restarted again and again';
		case 'startup':
			return notStarted ? 'the container never counts as started' : 'the container is restarted again and again';
		case 'readiness':
			return 'the pod never becomes ready';
		case 'post-start':
			return 'the kubelet kills the container, and starts it again and again';
		case 'pre-stop':
			return 'the hook does nothing, and the container is stopped at once';
	}
}

function adviceOf(kind: CheckKind): string {
	if (kind === 'pre-stop') return 'Let the program do it when it receives the signal to stop.';
	if (kind === 'post-start') return 'Let the program do it when it starts.';
	return kind === 'health'
		? 'Let the program check itself, for example with a -healthcheck flag.'
		: 'Use httpGet, tcpSocket or grpc, or let the program check itself.';
}

function fixes(deployed: Deployed, check: Check, absent: AbsentProgram): Fix[] {
	return [...withoutShell(deployed, check, absent), ...withoutProgram(deployed, check)];
}

/** The command without the shell that is not there. */
function withoutShell({ service, target, textOf }: Deployed, { action, kind }: Check, { words }: AbsentProgram): Fix[] {
	const [program] = words ?? [];
	const text = textOf(action.at.path);
	const file = program === undefined ? undefined : locateExecutable(target.state, program);
	if (words === undefined || program === undefined || text === undefined || file?.answer !== 'yes') return [];
	// What is copied as it is may be a script, which takes a shell.
	if (file.path === undefined || target.state.files.get(file.path)?.source !== undefined) return [];
	const isCompose = service.kind === 'compose';
	const list = isCompose && kind === 'health' ? ['CMD', ...words] : words;
	const edit = replaceList(text, action.at, list, isCompose);
	return edit === undefined ? [] : [{ title: `Start ${program} without a shell`, edits: [edit], preferred: true }];
}

/** An action of the kubelet itself. It asks the container from outside, so that the program must listen there. */
function withoutProgram({ service, target, textOf }: Deployed, check: Check): Fix[] {
	const text = textOf(check.action.at.path);
	const action = text === undefined ? undefined : ownAction(text, check, service);
	if (action === undefined) return [];
	const { title, edits, port } = action;
	const listens =
		port !== undefined &&
		listensOn(
			target.binaries.filter(({ started }) => started).map(({ program }) => program),
			port,
		);
	return [{ title, edits, preferred: listens }];
}
