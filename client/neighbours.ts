import { type Diagnostic, DiagnosticSeverity, type Disposable, languages, type Uri, workspace } from 'vscode';
import { type BaseLanguageClient, DocumentDiagnosticRequest, type Middleware } from 'vscode-languageclient';

/** The name under which our findings are listed. */
const SOURCE = 'go-scratch';

/**
 * The findings of other extensions that say what one of ours says, as `source code`; `*` is any source, for one linter comes in
 * several extensions. Ours gives way: its fix is offered all the same. Where ours says more (that the container does not start), it is
 * no double; {@link saysMore} tells.
 */
const SAME: Readonly<Record<string, readonly string[]>> = {
	// dockerfile-utils (in the extensions Container Tools and Docker): JSON in single quotes.
	'malformed-exec-form': ['dockerfile-utils 49'],
	// The checks of `docker build`, and hadolint: arguments are better given as JSON.
	'shell-form-command': ['* JSONArgsRecommended', '* DL3025'],
	'file-ignored': ['* CopyIgnoredFile'],
	// hadolint: the last user should not be root; an image should be named with its version.
	'root-user': ['* DL3002'],
	'unpinned-go-image': ['* DL3006', '* DL3007'],
};

const KNOWN = new Set(Object.values(SAME).flat());

/** Keeps back the findings that another extension has made already. */
export const neighbourMiddleware: Middleware = {
	async provideDiagnostics(document, previousResultId, token, next) {
		const report = await next(document, previousResultId, token);
		if (report && 'items' in report) {
			const others = ofOthers('uri' in document ? document.uri : document);
			return { ...report, items: report.items.filter((finding) => !others.some((other) => isSame(finding, other))) };
		}
		return report;
	},
};

/** Looks at a document again when what other extensions say of it has changed, as far as that can double a finding. */
export function watchNeighbours(client: BaseLanguageClient): Disposable {
	const seen = new Map<string, string>();
	return languages.onDidChangeDiagnostics(({ uris }) => {
		for (const uri of uris) {
			const key = uri.toString();
			const now = ofOthers(uri)
				.map((diagnostic) => `${nameOf(diagnostic)}:${diagnostic.range.start.line}`)
				.join();
			if ((seen.get(key) ?? '') === now) {
				continue;
			}
			if (now === '') {
				seen.delete(key);
			} else {
				seen.set(key, now);
			}
			const document = workspace.textDocuments.find((each) => each.uri.toString() === key);
			if (document) {
				client.getFeature(DocumentDiagnosticRequest.method).getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
			}
		}
	});
}

/** What other extensions say of a document that a finding of ours may say too. */
function ofOthers(uri: Uri): Diagnostic[] {
	return languages
		.getDiagnostics(uri)
		.filter((diagnostic) => diagnostic.source !== SOURCE && (KNOWN.has(nameOf(diagnostic)) || KNOWN.has(nameOf(diagnostic, '*'))));
}

function isSame(finding: Diagnostic, other: Diagnostic): boolean {
	const same = SAME[codeOf(finding)] ?? [];
	return (
		(same.includes(nameOf(other)) || same.includes(nameOf(other, '*'))) &&
		finding.range.start.line <= other.range.end.line &&
		other.range.start.line <= finding.range.end.line &&
		!saysMore(finding)
	);
}

/** Without a shell, a command in shell form does not start: that is more than a matter of style. */
function saysMore(finding: Diagnostic): boolean {
	return codeOf(finding) === 'shell-form-command' && finding.severity === DiagnosticSeverity.Error;
}

function nameOf(diagnostic: Diagnostic, source = diagnostic.source): string {
	return `${source} ${codeOf(diagnostic)}`;
}

function codeOf({ code }: Diagnostic): string {
	return String(typeof code === 'object' ? code.value : code);
}
