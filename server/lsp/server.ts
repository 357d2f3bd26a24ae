import type { Connection } from 'vscode-languageserver';
import { serveChecks } from './check-requests.ts';
import { serveCodeActions } from './code-action-requests.ts';
import { serveDocuments } from './document-sync.ts';
import { serveExplanations } from './explain-requests.ts';
import { serveFacts } from './facts-requests.ts';
import { serveGeneration } from './generate-requests.ts';
import { serveHovers } from './hover-requests.ts';
import { serveImages } from './image-requests.ts';
import { serveInitialize } from './initialize.ts';
import type { Lifecycle } from './lifecycle.ts';
import { serveDiagnostics } from './pull-diagnostics.ts';
import { pushDiagnostics } from './push-diagnostics.ts';
import type { Runtime } from './runtime.ts';
import { serveStatus } from './status-notifications.ts';
import { createWorkspaceState } from './workspace-state.ts';

/**
 * Serves one client over `connection` until it ends. Nothing here writes a file or starts a process.
 *
 * A feature is a file with a function that takes the connection and the state, and answers requests. Features do not know each other.
 */
export function startServer(connection: Connection, lifecycle: Lifecycle, runtime: Runtime): void {
	const state = createWorkspaceState(connection, runtime);
	serveInitialize(connection, state, runtime.version);
	serveDocuments(connection, state);
	pushDiagnostics(connection, state, runtime);
	serveDiagnostics(connection, state, runtime);
	serveCodeActions(connection, state);
	serveHovers(connection, state);
	serveGeneration(connection, state);
	serveStatus(connection, state, runtime);
	serveChecks(connection, state);
	serveImages(connection, state);
	serveExplanations(connection, state);
	serveFacts(connection, state);
	lifecycle.attach(connection);
	connection.listen();
}
