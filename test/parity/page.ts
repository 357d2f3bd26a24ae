import { type Answers, askAll, type Port, type Workspace } from './driver.ts';

/** What the types of Node do not know of a page. */
declare const Worker: new (
	address: string,
) => { postMessage(message: unknown): void; onmessage: ((event: { data: never }) => void) | null };

/** Asks the server in a web worker, within a page. */
Object.assign(globalThis, {
	askWorker(script: string, workspaces: readonly Workspace[], scripts: string): Promise<Answers[]> {
		const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
		const port: Port = {
			post: (message) => worker.postMessage(message),
			listen: (take) => {
				worker.onmessage = ({ data }) => take(data);
			},
		};
		return askAll(port, workspaces, { scripts });
	},
});
