import { PACKAGE_FILE } from '../knowledge/addresses.ts';
import { SETTINGS_FILE } from '../knowledge/files-that-matter.ts';
import { findRoot } from '../lint/root.ts';
import type { Files } from '../workspace/files.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { isWithin, join } from '../workspace/paths.ts';
import { realPath } from './places.ts';
import { joined, type TerminalText, terminal } from './printable.ts';
import { shownPath } from './shown-path.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';
import { writeTexts } from './write-files.ts';

/** What can be written. */
export const STARTS = ['settings', 'workflow', 'pre-commit'] as const;

export type Start = (typeof STARTS)[number];

interface FileOfStart {
	/** From the root of the repository. */
	readonly path: string;
	readonly text: string;
	/** What is left to do by hand. */
	readonly next: string;
}

/** Where a repository keeps the package that its workflow runs. */
const KEPT_PACKAGE = `.github/${PACKAGE_FILE}`;

/** The findings depend on the program, so the hook also runs where a Go file changes. */
const HOOK_FILES =
	'(^|/)((Docker|Container)file([.-][^/]+)?|[^/]+\\.([Dd]ocker|[Cc]ontainer)file|[^/]+\\.go|go\\.(mod|sum|work)|[^/]*\\.dockerignore|\\.go-scratch\\.json)$';

const FILES: Readonly<Record<Start, FileOfStart>> = {
	settings: {
		path: SETTINGS_FILE,
		text: `{
  // The severity of a rule: off, hint, information, warning or error. "go-scratch rules" lists the rules.
  "rules": {}
}
`,
		next: 'Editors and the command line read it; `go-scratch rules` lists what can stand in it.',
	},
	workflow: {
		path: '.github/workflows/go-scratch.yml',
		text: `name: go-scratch
on: [push, pull_request]
permissions:
  contents: read
jobs:
  dockerfiles:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - uses: actions/setup-go@v5
        with:
          go-version: stable
      # Findings depend on modules: what is not on disk is unknown.
      - run: go mod download
      - run: npx --yes --package ./${KEPT_PACKAGE} go-scratch check --format github
`,
		next: `It runs ${KEPT_PACKAGE}: \`npm run package\` in a clone of go-scratch writes dist/${PACKAGE_FILE}; copy it there.`,
	},
	'pre-commit': {
		path: '.pre-commit-config.yaml',
		text: `repos:
  - repo: local
    hooks:
      - id: go-scratch
        name: go-scratch check
        entry: go-scratch check
        language: system
        files: '${HOOK_FILES}'
        pass_filenames: false
        require_serial: true
`,
		next: 'It runs the go-scratch on PATH; `pre-commit install` enables it.',
	},
};

/**
 * Writes the files into the repository that the current directory is in.
 *
 * @returns What was written, and what is left to do.
 * @throws UsageError if one of them exists, with what would have been written, or if a link leads out of the repository: then none is written.
 */
export async function writeStarts(starts: readonly Start[], files: Files): Promise<TerminalText> {
	const here = pathFromNative(absolutePath('.'));
	const root = await findRoot(files, here, here);
	const wanted = [...new Set(starts)].map((start) => ({ ...FILES[start], path: join(root, FILES[start].path) }));
	for (const { path, text } of wanted) {
		const real = realPath(path);
		if (!isWithin(realPath(root), real)) {
			throw new UsageError(`${shownPath(path)} cannot be written: a link leads to ${real}, outside the repository.`);
		}
		if ((await files.status(path)) !== undefined) {
			throw new UsageError(
				`${shownPath(path)} exists, and is not changed. This would have been written:`,
				'',
				...text.trimEnd().split('\n'),
			);
		}
	}
	writeTexts(wanted.map(({ path, text }) => ({ path, text, overwrites: false, createsDirectories: true })));
	return joined(
		wanted.map(({ path, next }) => terminal`Written: ${shownPath(path)}. ${next}`),
		'\n',
	);
}
