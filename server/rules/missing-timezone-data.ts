import { written } from '../dockerfile/write.ts';
import { evidenceOf, relatedPlaces, saidOf } from '../facts/evidence.ts';
import type { Facts, ShippedBinary, Target } from '../facts/facts.ts';
import { differencesOf, mayNeed, saidOfBinary } from '../facts/linked-binaries.ts';
import { tagFix } from '../fixes/supply.ts';
import { zoneData } from '../needs/needs.ts';
import type { Finding, Fix, Rule } from './rule.ts';

export const rule: Rule = {
	code: 'missing-timezone-data',
	severity: 'error',
	fixAll: true,
	judges: 'image',
	mayBeSupplied: true,
	documentation: {
		summary: 'The program loads a time zone, or TZ is set, but neither the image nor the binary has time zone data.',
		why: 'Without time zone data `time.LoadLocation` fails with `unknown time zone Europe/Berlin`. With TZ set nothing fails: local time is UTC without an error.',
		example:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		instead:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -tags timetzdata -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]',
		notes:
			'An error for a constant zone other than UTC and Local; a warning for a non-constant zone in the main module, and for `ENV TZ`. Not reported for a non-constant zone in a dependency, or when time/tzdata is imported or the tag timetzdata is set. The fix adds that tag; it adds 0.4 MB and fixes both LoadLocation and TZ. Copying /usr/share/zoneinfo from an image that has it also works.',
	},
	*check(facts) {
		for (const target of facts.targets) {
			const binaries = target.binaries.filter(usesNoOwnZones);
			if (binaries.length === 0 || zoneData.provided(target.state) !== 'no') continue;
			const found = byUse(facts, target, binaries) ?? byVariable(facts, target, binaries) ?? byFunction(facts, target);
			if (found !== undefined) yield found;
		}
	},
};

/** Whether it is known of the binary that it has no zone data of its own. */
function usesNoOwnZones({ program, linked }: ShippedBinary): boolean {
	if (program !== undefined) return !program.embedded.has('zone-data');
	return linked?.kind === 'program' && linked.needs !== undefined && !linked.needs.embedded.has('zone-data');
}

function byFunction(facts: Facts, target: Target): Finding | undefined {
	const may = mayNeed(target, 'zone-data');
	return (
		may && {
			range: target.state.stage.from.range,
			severity: 'information',
			message: `${saidOfBinary(may.binary, facts)} may load time zones (it holds ${may.said}), but neither the image nor the binary has time zone data: if it does, any zone except UTC fails with 'unknown time zone'.`,
		}
	);
}

function byUse(facts: Facts, target: Target, binaries: readonly ShippedBinary[]): Finding | undefined {
	const found = evidenceOf(target, 'zone-data').filter(
		({ binary, evidence }) => binaries.includes(binary) && (evidence.detail !== undefined || evidence.own),
	);
	const constant = found.filter(({ evidence }) => evidence.detail !== undefined);
	const [first] = constant.length > 0 ? constant : found;
	if (first === undefined) return undefined;
	const { detail, unstarted } = first.evidence;
	return {
		range: target.state.stage.from.range,
		severity: detail === undefined || unstarted !== undefined ? 'warning' : 'error',
		message:
			detail === undefined
				? `The program loads time zones by name (${saidOf(first.evidence, first.binary.program)}), but the final image has no time zone data: any zone except UTC fails with 'unknown time zone'. Build with -tags timetzdata.`
				: `The program loads time zone ${detail} (${saidOf(first.evidence, first.binary.program)}), but the final image has no time zone data: it fails with 'unknown time zone ${detail}'. Build with -tags timetzdata.`,
		related: [
			...relatedPlaces((constant.length > 0 ? constant : found).map(({ evidence }) => evidence)),
			...differencesOf(found.map(({ binary }) => binary)),
		],
		fixes: () => embed(facts, binaries),
	};
}

function byVariable(facts: Facts, target: Target, binaries: readonly ShippedBinary[]): Finding | undefined {
	const setting = target.state.environment.get('TZ');
	const zone = setting?.value;
	if (setting?.instruction?.keyword !== 'ENV' || zone === undefined || /^(?:|UTC|UTC0|Etc\/UTC|:.*|\/.*)$/.test(zone)) return undefined;
	const assignment = setting.instruction.assignments.findLast((each) => each.name === 'TZ');
	return {
		range: assignment?.range ?? setting.instruction.range,
		severity: 'warning',
		message: `TZ names a time zone, but the final image has no time zone data: local time is UTC, without an error. Build with -tags timetzdata.`,
		fixes: () => embed(facts, binaries),
	};
}

function embed(facts: Facts, binaries: readonly ShippedBinary[]): Fix[] {
	const fix = tagFix(facts, binaries, written`timetzdata`, 'Embed time zone data (-tags timetzdata)', true);
	return fix === undefined ? [] : [fix];
}
