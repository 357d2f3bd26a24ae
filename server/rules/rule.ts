import type { Place } from '../deployments/model.ts';
import type { DeployedTarget, Facts } from '../facts/facts.ts';
import type { Finding, Severity } from '../findings/finding.ts';

export type { Finding, Fix, RelatedPlace, Severity } from '../findings/finding.ts';

/** One thing that can be wrong, with all texts about it. A rule is a plain value in a file of its own. */
export interface Rule {
	/** The public name; it names what is wrong, never the fix. */
	readonly code: string;
	readonly severity: Severity;
	/** Whether fix-all takes the fixes that a finding marks as preferred. */
	readonly fixAll: boolean;
	/**
	 * What it looks at: `build`, how the image comes about; `image`, what it then is; `deployment`, how a compose file or a manifest
	 * starts it. An image that an engine has built is judged by rules of the second kind only, whoever built it, and however.
	 */
	readonly judges: 'build' | 'image' | 'deployment';
	readonly documentation: RuleDocumentation;
	/** Whether it is asked after all others, because it depends on what they report. */
	readonly last?: true;
	/** Whether a deployment may supply what it misses, so that nothing is wrong where each does. */
	readonly mayBeSupplied?: true;
	/** Called with complete facts; reports nothing if they are `unknown`. Left out by rules that judge deployments alone. */
	check?(facts: Facts, reported: Reported): Iterable<Finding>;
	/** Called with each service that starts an image of the workspace, and what is known of that; left out by all other rules. */
	checkService?(deployed: Deployed): Iterable<DeploymentFinding>;
}

/** A service, the image that it starts, and what is known of the Dockerfile that builds the image. */
export interface Deployed extends DeployedTarget {
	readonly facts: Facts;
}

/** A finding in a file of a deployment. The edits of its fixes are of that file. */
export interface DeploymentFinding extends Omit<Finding, 'range'> {
	readonly at: Place;
}

/** What the other rules report. */
export interface Reported {
	/** The codes of all rules. */
	readonly codes: readonly string[];
	/** Whether the comment on the line suppresses a finding of the code; `undefined` where that rule was not asked. */
	suppresses(line: number, code: string): boolean | undefined;
}

/** The page of the rule, as docs/rules shows it. Texts are Markdown. */
export interface RuleDocumentation {
	/** One sentence, for tables and settings. */
	readonly summary: string;
	/** What happens in the engine, in its words, and why. */
	readonly why: string;
	/** A Dockerfile that is reported; test/examples.test.ts runs it. */
	readonly example: string;
	/** The same Dockerfile, fixed. */
	readonly instead: string;
	/** When nothing is reported, and what the fix does and does not do. */
	readonly notes: string;
}
