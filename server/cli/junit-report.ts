import type { ReportedFinding } from '../lint/analyse.ts';
import { type CheckedFile, placeOf } from './checked.ts';
import type { Failure } from './failures.ts';
import { type FailOn, fails } from './judging.ts';
import { type Printable, type XmlElement, xml } from './printable.ts';
import { shownPath } from './shown-path.ts';
import { oneLine, whereOf } from './text-report.ts';

interface JunitRequest {
	readonly files: readonly CheckedFile[];
	readonly failures: readonly Failure[];
	/** From which severity on a finding is a failed test. */
	readonly failOn: FailOn;
}

/**
 * The findings in the XML of JUnit, as Jenkins, GitLab, Azure Pipelines and others read it: a suite for each Dockerfile, a test for each
 * finding. A finding that the exit code does not count is a test that passes, with the finding as its output; what could not be read or
 * analysed is a test with an error.
 */
export function junitReport({ files, failures, failOn }: JunitRequest): Printable {
	const suites = files.map((file) => suiteOf(shownPath(file.path), testsOf(file, failOn)));
	if (failures.length > 0) suites.push(suiteOf('go-scratch', failures.map(errorOf)));
	const total = (key: 'tests' | 'failures' | 'errors') => suites.reduce((sum, { attributes }) => sum + Number(attributes[key]), 0);
	return xml({
		name: 'testsuites',
		attributes: { name: 'go-scratch', tests: total('tests'), failures: total('failures'), errors: total('errors') },
		children: suites,
	});
}

function suiteOf(name: string, tests: readonly XmlElement[]): XmlElement {
	const withChild = (child: string) =>
		tests.filter(({ children = [] }) => children.some((each) => typeof each !== 'string' && each.name === child));
	return {
		name: 'testsuite',
		attributes: {
			name,
			tests: tests.length,
			failures: withChild('failure').length,
			errors: withChild('error').length,
			skipped: 0,
			time: 0,
		},
		children: tests,
	};
}

/** A file without findings has one test, which passes: readers take a suite without any for one that did not run. */
function testsOf(file: CheckedFile, failOn: FailOn): XmlElement[] {
	const classname = shownPath(file.path);
	if (file.findings.length === 0) return [{ name: 'testcase', attributes: { name: 'no findings', classname, file: classname, time: 0 } }];
	return file.findings.map((finding) => testOf(file, finding, fails(finding.severity, failOn)));
}

function testOf(file: CheckedFile, finding: ReportedFinding, failed: boolean): XmlElement {
	const { code, severity, message, range } = finding;
	const path = shownPath(file.path);
	const { line, character } = placeOf(file, range.start);
	const told = `${whereOf(file, finding)} ${severity} ${code} ${oneLine(message)}`;
	const child: XmlElement = failed
		? { name: 'failure', attributes: { message: oneLine(message), type: severity }, children: [told] }
		: { name: 'system-out', attributes: {}, children: [told] };
	return {
		name: 'testcase',
		attributes: { name: `${code} at ${line + 1}:${character + 1}`, classname: path, file: path, line: line + 1, time: 0 },
		children: [child],
	};
}

function errorOf({ message, of }: Failure): XmlElement {
	const child: XmlElement = { name: 'error', attributes: { message: oneLine(message), type: of.what }, children: [oneLine(message)] };
	return { name: 'testcase', attributes: { name: shownPath(of.path), classname: 'go-scratch', time: 0 }, children: [child] };
}
