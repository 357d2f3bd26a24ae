import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import type { Severity } from '../findings/finding.ts';
import { documentationOf } from '../knowledge/addresses.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import type { Range } from '../text/text.ts';
import { visible } from '../text/visible.ts';
import type { OpenDocument } from './documents.ts';
import type { Features } from './features.ts';
import { OPEN_RULE } from './protocol.ts';
import type { RangeOfPlace } from './related-places.ts';
import type { EditContext } from './workspace-edits.ts';

/** The name under which an editor lists the findings. */
export const SOURCE = 'go-scratch';

const SEVERITY: Readonly<Record<Severity, Diagnostic['severity']>> = {
	error: DiagnosticSeverity.Error,
	warning: DiagnosticSeverity.Warning,
	information: DiagnosticSeverity.Information,
	hint: DiagnosticSeverity.Hint,
};

/** The findings of a document as the protocol has them. */
export function diagnosticsOf(
	{ positions }: OpenDocument,
	findings: readonly ReportedFinding[],
	rangeOfPlace: RangeOfPlace,
	{ features, uriOf }: Pick<EditContext, 'features' | 'uriOf'>,
): Diagnostic[] {
	return findings.map((finding) => toDiagnostic(finding, positions.range, rangeOfPlace, features, uriOf));
}

/**
 * A finding as the protocol has it, as far as the client understands.
 *
 * @param rangeOf Where the client has a range of the text in which the finding was made.
 * @param rangeOfPlace Where the client has the finding's related places.
 * @param uriOf The URI of a path, in the client's spelling where it has the file open.
 */
export function toDiagnostic(
	finding: ReportedFinding,
	rangeOf: (range: Range) => Diagnostic['range'],
	rangeOfPlace: RangeOfPlace,
	features: Features,
	uriOf: (path: string) => string,
): Diagnostic {
	const diagnostic: Diagnostic = {
		range: rangeOf(finding.range),
		severity: SEVERITY[finding.severity],
		source: SOURCE,
		code: finding.code,
		message: visible(finding.message),
	};
	if (features.codeDescription) diagnostic.codeDescription = { href: pageOf(finding.code, features) };
	if (features.diagnosticData) diagnostic.data = { code: finding.code };
	if (features.relatedInformation && finding.related !== undefined && finding.related.length > 0) {
		diagnostic.relatedInformation = finding.related.map((place) => ({
			location: { uri: uriOf(place.path), range: rangeOfPlace(place) },
			message: visible(place.message),
		}));
	}
	return diagnostic;
}

/** The page of a rule: our own extension has it, and shows it in the editor. */
function pageOf(code: string, { ownEditor }: Features): string {
	return ownEditor ? `command:${OPEN_RULE}?${encodeURIComponent(JSON.stringify([code]))}` : documentationOf(code);
}
