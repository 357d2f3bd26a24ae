import { suppliedTarget } from '../facts/deployed-targets.ts';
import type { DeployedTarget, Facts } from '../facts/facts.ts';
import type { Finding, Reported, Rule } from '../rules/rule.ts';
import { basename } from '../workspace/paths.ts';

/**
 * The findings of a rule as they hold where the image is deployed: what all services supply that are known to start the image is not
 * missing, and what some of them supply is said to be.
 */
export function* inDeployments(rule: Rule, facts: Facts, findings: Iterable<Finding>, reported: Reported): Iterable<Finding> {
	if (rule.mayBeSupplied !== true || facts.deployed.length === 0) {
		yield* findings;
		return;
	}
	let held: ReadonlyMap<DeployedTarget, ReadonlySet<string>> | undefined;
	for (const finding of findings) {
		held ??= new Map(facts.deployed.map((deployed) => [deployed, placesIn(rule, facts, deployed, reported)]));
		const supplying = facts.deployed.filter((deployed) => held?.get(deployed)?.has(placeOf(finding)) === false);
		const targets = new Set(supplying.map(({ image }) => image));
		const missing = facts.deployed.filter((deployed) => targets.has(deployed.image) && !supplying.includes(deployed));
		if (supplying.length === 0) yield finding;
		else if (missing.length > 0) yield { ...finding, message: `${finding.message} Only ${listOf(supplying)} supplies it.` };
	}
}

/** Where the rule reports something of the image as the service starts it. */
function placesIn(rule: Rule, facts: Facts, deployed: DeployedTarget, reported: Reported): ReadonlySet<string> {
	const target = suppliedTarget(deployed);
	const targets = facts.targets.map((each) => (each === deployed.image ? target : each));
	return new Set([...(rule.check?.({ ...facts, targets }, reported) ?? [])].map(placeOf));
}

function placeOf({ range }: Finding): string {
	return `${range.start}-${range.end}`;
}

function listOf(deployed: readonly DeployedTarget[]): string {
	const [first, ...others] = deployed.map(({ service }) => `${service.title} in ${basename(service.body.path)}`);
	return others.length === 0 ? (first ?? '') : `${first} (and ${others.length} more)`;
}
