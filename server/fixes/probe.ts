import type { Check, Place, Service } from '../deployments/model.ts';
import { splitAsShellWords } from '../dockerfile/shell.ts';
import { number, type Written, type WrittenEdit, written, yamlText } from '../dockerfile/write.ts';
import type { Program } from '../program/model.ts';
import { basename } from '../workspace/paths.ts';
import { replaceAction } from './yaml-edits.ts';

/** Actions of the kubelet that do what a probe or hook of a manifest starts a program for. */

/** An action that needs no program in the image. */
export interface OwnAction {
	/** As its edit writes it: `httpGet on port 8080`. */
	readonly title: string;
	readonly edits: readonly WrittenEdit[];
	/** The port of the container that is asked; `undefined` where none is. */
	readonly port: number | undefined;
}

/**
 * The action that stands for `sleep 5`, `curl http://localhost:8080/`, `nc -z localhost 8080`, or `grpc_health_probe -addr=:50051`, with or without
 * a shell around it; `undefined` for all else, and for other hosts.
 */
export function ownAction(text: string, { kind, action }: Check, { kind: of }: Service): OwnAction | undefined {
	if (action.kind !== 'exec' || of !== 'kubernetes') return undefined;
	const words = wordsOf(action.words.map(({ value }) => value));
	if (words === undefined) return undefined;
	const [program = '', ...rest] = words;
	const name = basename(program);
	const isHook = kind === 'pre-stop' || kind === 'post-start';
	if (name === 'sleep' && isHook) return sleep(text, action.at, rest);
	if ((name === 'curl' || name === 'wget') && kind !== 'post-start') return httpGet(text, action.at, rest);
	if (name === 'nc' && !isHook) return tcpSocket(text, action.at, rest);
	return /^grpc[_-]health[_-]probe/.test(name) && !isHook ? grpc(text, action.at, rest) : undefined;
}

/** The words of one command, a shell around it taken away; `undefined` where more than that is meant. */
function wordsOf(words: readonly (string | undefined)[]): readonly string[] | undefined {
	if (!words.every((word) => word !== undefined)) return undefined;
	const [program = '', option = '', text] = words;
	if (!/^(?:sh|ash|bash|dash)$/.test(basename(program))) return words;
	if (!/^-[a-z]*c$/.test(option) || text === undefined) return undefined;
	const command = text
		.replace(/(?<!\s)\s*(?:&|[12])?>\s*(?:\/dev\/null|&[12])(?=\s|$)/g, '')
		.replace(/(?<!\s)\s*\|\|\s*(?:exit(?:\s+1)?|false)\s*(?:;\s*)?$/, '');
	return /[|&;<>`$()\n]/.test(command) ? undefined : splitAsShellWords(command);
}

/** https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks: on by default since Kubernetes 1.30. */
function sleep(text: string, at: Place, rest: readonly string[]): OwnAction | undefined {
	const seconds = /^(\d{1,5})s?$/.exec(rest[0] ?? '')?.[1];
	if (seconds === undefined || rest.length > 1) return undefined;
	const edits = replaceAction(text, at, written`sleep`, [written`seconds: ${number(Number(seconds))}`]);
	return edits && { title: 'Use the sleep action of Kubernetes 1.30', edits, port: undefined };
}

function httpGet(text: string, at: Place, rest: readonly string[]): OwnAction | undefined {
	// What else is asked for, such as a method, a header or a user, is not written.
	const [address, ...others] = rest.filter(
		(word) =>
			!/^-(?:f|s|S|k|fs|sf|fsS|sSf|fSs|q|qO-|O-|nv|-fail|-silent|-show-error|-quiet|-spider|-insecure|-no-check-certificate|-tries=\d+|-no-verbose)$/.test(
				word,
			),
	);
	const match = /^(?:(https?):\/\/)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d{1,5}))?(\/[^?#\s]*(?:\?[^#\s]*)?)?$/.exec(
		address ?? '',
	);
	if (match === null || others.length > 0) return undefined;
	const [, scheme = 'http', digits, path = '/'] = match;
	const port = digits === undefined ? (scheme === 'https' ? 443 : 80) : Number(digits);
	const value = yamlText(path, false);
	if (value === undefined) return undefined;
	const lines: Written[] = [written`path: ${value}`, written`port: ${number(port)}`];
	if (scheme === 'https') lines.push(written`scheme: HTTPS`);
	const edits = replaceAction(text, at, written`httpGet`, lines);
	return edits && { title: `Use httpGet on port ${port}`, edits, port };
}

function tcpSocket(text: string, at: Place, rest: readonly string[]): OwnAction | undefined {
	const [host, port, ...others] = rest.filter((word) => !/^-(?:z|v|vz|zv)$/.test(word));
	if (!/^(?:localhost|127\.0\.0\.1|0\.0\.0\.0)$/.test(host ?? '') || !/^\d{1,5}$/.test(port ?? '') || others.length > 0) return undefined;
	const edits = replaceAction(text, at, written`tcpSocket`, [written`port: ${number(Number(port))}`]);
	return edits && { title: `Use tcpSocket on port ${port}`, edits, port: Number(port) };
}

/** https://github.com/grpc-ecosystem/grpc-health-probe; the action is on by default since Kubernetes 1.24. */
function grpc(text: string, at: Place, rest: readonly string[]): OwnAction | undefined {
	const [flag = '', ...others] = rest;
	const port = /^--?addr=(?:localhost|127\.0\.0\.1|0\.0\.0\.0)?:(\d{1,5})$/.exec(others.length === 1 ? `${flag}=${others[0]}` : flag)?.[1];
	if (port === undefined || others.length > 1) return undefined;
	const edits = replaceAction(text, at, written`grpc`, [written`port: ${number(Number(port))}`]);
	return edits && { title: `Use grpc on port ${port}`, edits, port: Number(port) };
}

/** Whether one of the programs surely listens on the port, and not for the container alone. */
export function listensOn(programs: readonly (Program | undefined)[], port: number): boolean {
	return programs.some((program) =>
		program?.listeners.some(
			({ address, given, purpose }) =>
				!given &&
				purpose === 'service' &&
				/^(?:|0\.0\.0\.0|\[::\])$/.test(address?.replace(/:\d+$/, '') ?? '-') &&
				address?.endsWith(`:${port}`) === true,
		),
	);
}
