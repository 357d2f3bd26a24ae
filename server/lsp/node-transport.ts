import { Writable } from 'node:stream';
import {
	createServerPipeTransport,
	createServerSocketTransport,
	IPCMessageReader,
	IPCMessageWriter,
	type MessageReader,
	type MessageWriter,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { createServerConnection, type Host, type ServerConnection } from './connection.ts';

/** How often is looked whether the client's process is still there, in milliseconds. */
const LOOK_AFTER_CLIENT = 3000;

/**
 * The connection that the words of a command line name, as clients give them: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`,
 * and `--clientProcessId=NUMBER`. The process ends with it.
 *
 * @returns `undefined` where they name none.
 */
export function connectAsTold(words: readonly string[]): ServerConnection | undefined {
	const transport = transportOf(words);
	if (transport === undefined) return undefined;
	const host = createHost();
	const connection = createServerConnection(...transport, host);
	// The library does not hear of it.
	process.once('disconnect', () => host.end(false));
	const client = Number.parseInt(optionOf(words, '--clientProcessId') ?? '', 10);
	if (!Number.isNaN(client)) host.clientIs(client);
	return connection;
}

function transportOf(words: readonly string[]): readonly [MessageReader, MessageWriter] | undefined {
	if (words.includes('--node-ipc')) return [new IPCMessageReader(process), new IPCMessageWriter(process)];
	if (words.includes('--stdio')) return [new StreamMessageReader(process.stdin), new StreamMessageWriter(inOnePiece(process.stdout))];
	const port = Number.parseInt(optionOf(words, '--socket') ?? '', 10);
	if (!Number.isNaN(port)) return createServerSocketTransport(port);
	const pipe = optionOf(words, '--pipe');
	return pipe === undefined ? undefined : createServerPipeTransport(pipe);
}

/** The value of an option, which stands behind `=` or is the next word. */
function optionOf(words: readonly string[], option: string): string | undefined {
	const index = words.findIndex((word) => word === option || word.startsWith(`${option}=`));
	const word = words[index];
	return word === undefined ? undefined : word === option ? words[index + 1] : word.slice(option.length + 1);
}

/** The library writes the head of a message apart from the rest, and the client would be woken for each. */
function inOnePiece(stream: Writable): Writable {
	let head: Buffer | undefined;
	return new Writable({
		write(chunk: Buffer, _encoding, done) {
			if (head === undefined && chunk.toString('latin1').endsWith('\r\n\r\n')) {
				head = chunk;
				done();
				return;
			}
			const whole = head === undefined ? chunk : Buffer.concat([head, chunk]);
			head = undefined;
			stream.write(whole, done);
		},
	});
}

/** A process that ends with its client, however that ends: an editor that crashes leaves nothing behind. */
function createHost(): Required<Host> {
	let watch: NodeJS.Timeout | undefined;
	const end = (announced: boolean) => process.exit(announced ? 0 : 1);
	return {
		end,
		clientIs(processId) {
			clearInterval(watch);
			watch = setInterval(() => {
				if (!isAlive(processId)) end(false);
			}, LOOK_AFTER_CLIENT);
		},
	};
}

function isAlive(processId: number): boolean {
	try {
		process.kill(processId, 0);
		return true;
	} catch (error) {
		// It is there, and somebody else's.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
