import { written } from '../dockerfile/write.ts';
import { evidenceOf, relatedPlaces, saidOf, type TargetEvidence } from '../facts/evidence.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { differencesOf, mayNeed, saidOfBinary } from '../facts/linked-binaries.ts';
import { endOfWord } from '../fixes/copy-destination.ts';
import { insertAfter, lastCopy, stageReference } from '../fixes/instructions.ts';
import { copyFix, preparingStage } from '../fixes/supply.ts';
import { certificateRoots } from '../needs/needs.ts';
import type { Evidence } from '../program/model.ts';
import type { Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-ca-certificates',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: 'The program makes TLS connections, but the final image has no CA certificates to verify them.',
		why: 'Without CA certificates every TLS connection fails with `tls: failed to verify certificate: x509: certificate signed by unknown authority`. Copied to `/etc/ssl/certs` without a trailing slash, the bundle replaces the directory: `failed to load system roots and no roots provided; open /etc/ssl/certs/ca-certificates.crt: not a directory`. scratch, busybox, debian and ubuntu images have none; golang and alpine images do.',
		example: 'FROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM scratch\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'Reported only when a use of a TLS client is reachable from main; the message names the Go line. A warning if the address is only given by a flag, an argument or the environment, or if only a sub-command that the image does not start makes the connections. Not reported for an HTTP server, a client with only constant `http://` addresses, a custom certificate pool, or an in-cluster Kubernetes client. Certificates that are embedded (golang.org/x/crypto/x509roots/fallback, github.com/breml/rootcerts), copied to a path that crypto/x509 reads, or named by SSL_CERT_FILE count.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const found = evidenceOf(target, 'certificate-roots').filter(({ binary }) => !binary.program?.embedded.has('certificate-roots'));
			// What the program does by itself comes before what it may be told to do.
			const first = found.find(({ evidence }) => isByDefault(evidence)) ?? found[0];
			if (certificateRoots.provided(target.state) !== 'no') continue;
			if (first === undefined) {
				const may = mayNeed(target, 'certificate-roots');
				if (may !== undefined)
					yield {
						range: target.state.stage.from.range,
						severity: 'information',
						message: `${saidOfBinary(may.binary, facts)} may make TLS connections (it holds ${may.said}), but the image has no CA certificates: if it does, they fail with 'x509: certificate signed by unknown authority'.`,
					};
				continue;
			}
			const misplaced = withoutSlash(facts, target);
			yield {
				range: target.state.stage.from.range,
				severity: isByDefault(first.evidence) ? 'error' : 'warning',
				message: `The program ${doneIn(first.evidence)} (${saidOf(first.evidence, first.binary.program)}), but ${
					misplaced === undefined
						? `the final image has no CA certificates: ${failureOf(first.evidence)} with 'x509: certificate signed by unknown authority'. Copy CA certificates into the image.`
						: "in this image /etc/ssl/certs is the bundle instead of a directory that holds it: they fail with 'failed to load system roots', 'not a directory'. Copy it into the directory."
				}`,
				related: [...relatedPlaces(found.map(({ evidence }) => evidence)), ...differencesOf(found.map(({ binary }) => binary))],
				fixes: () => (misplaced === undefined ? fixes(facts, target) : [misplaced]),
			};
		}
	},
};

/** Whether the program asks without being told to, by what it is started with or where to. */
function isByDefault({ given, unstarted }: TargetEvidence): boolean {
	return !given && unstarted === undefined;
}

/** What the program does that needs the certificates. */
function doneIn({ symbol, given }: Evidence): string {
	if (symbol === 'x509.VerifyOptions') return 'verifies certificates';
	return `makes TLS connections${given ? ' to the addresses that it is given' : ''}`;
}

function failureOf({ symbol }: Evidence): string {
	return symbol === 'x509.VerifyOptions' ? 'verification fails' : 'requests fail';
}

function fixes(facts: Facts, target: Target): Fix[] {
	const copy = copyFix(facts, target, certificateRoots, `Copy CA certificates from stage ${nameOf(facts, target)}`, true);
	if (copy !== undefined) return [copy];
	const { state } = target;
	if (state.shell !== 'yes' || state.base?.hasApt !== true) {
		const { copy: instruction } = certificateRoots.supply;
		if (instruction === undefined) return [];
		// Another image to pull, which is for a person to decide.
		const edits = [insertAfter(facts.dockerfile, lastCopy(state.stage), [instruction(IMAGE_WITH_ROOTS)])];
		return [{ title: `Copy CA certificates from ${IMAGE_WITH_ROOTS}`, edits, preferred: false }];
	}
	const install = written`RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*`;
	// Behind FROM the stage still runs as the base image's user, which is root there.
	return [
		{
			title: 'Install ca-certificates',
			edits: [insertAfter(facts.dockerfile, state.stage.from, [install])],
			preferred: state.parent === undefined,
		},
	];
}

/** A small image that holds a bundle, for Dockerfiles without a stage that does. */
const IMAGE_WITH_ROOTS = written`alpine:3`;

/** A bundle copied to the directory's own name became a file of that name; the slash that is missing makes it a directory. */
function withoutSlash({ dockerfile }: Facts, { state }: Target): Fix | undefined {
	const entry = state.files.get('/etc/ssl/certs');
	const { instruction } = entry ?? {};
	if (entry?.kind !== 'file' || instruction?.keyword !== 'COPY' || instruction.destination?.raw !== '/etc/ssl/certs') return undefined;
	const range = endOfWord(dockerfile, instruction.destination);
	return { title: 'Copy into /etc/ssl/certs/', edits: [{ range, newText: written`/` }], preferred: true };
}

function nameOf(facts: Facts, target: Target): string {
	const stage = preparingStage(facts, target)?.stage;
	return stage === undefined ? '0' : stageReference(stage);
}
