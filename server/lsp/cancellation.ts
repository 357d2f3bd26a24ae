import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/** The token as a signal that is only asked, never waited for. */
export function cancelledBy(token: CancellationToken): Pick<AbortSignal, 'aborted'> {
	return {
		get aborted() {
			return token.isCancellationRequested;
		},
	};
}

/** The token as a signal. The reason with which it aborts is the answer to the request. */
export function signalOf(token: CancellationToken): AbortSignal {
	const abort = new AbortController();
	if (token.isCancellationRequested) abort.abort(cancelled());
	token.onCancellationRequested(() => abort.abort(cancelled()));
	return abort.signal;
}

export function throwIfCancelled(token: CancellationToken): void {
	if (token.isCancellationRequested) throw cancelled();
}

function cancelled(): ResponseError<undefined> {
	return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}
