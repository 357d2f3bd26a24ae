/** The commands there are. */
export type CommandName = 'check' | 'fix' | 'generate' | 'rules' | 'explain';

export const GENERAL_HELP = `go-scratch: finds what will not build, start or run in a Go program's Dockerfile, and fixes it.

Usage:
  go-scratch check [PATH…]      Report findings in Dockerfiles.
  go-scratch fix [PATH…]        Apply every safe fix.
  go-scratch generate [DIR]     Write a Dockerfile, and a .dockerignore if there is none, for the main package in DIR.
  go-scratch rules              List the rules.
  go-scratch explain CODE       Describe a rule, with an example.

  go-scratch COMMAND --help     Show the options of a command.
  go-scratch --version

Exit codes: 0: no findings, 1: findings, 2: usage error or failure.`;

const PATHS = `PATH is a Dockerfile, a directory to search, or a pattern such as 'services/**/Dockerfile'; the default is '.'. A search skips what
.gitignore and .git/info/exclude exclude, and the directories node_modules, vendor, testdata and .git.`;

const JUDGING = `  --fail-on SEVERITY            Exit with 1 only for findings of at least this severity: error, warning, information, hint (the
                                default: any finding), or never.
  --rule CODE=SEVERITY          Set the severity of a rule: off, hint, information, warning or error. May be repeated; overrides
                                .go-scratch.json.
  --stdin                       Read one Dockerfile from standard input.
  --stdin-filename PATH         Path to assume for stdin (default: Dockerfile); it need not exist. The Go program is searched from
                                there.
  --timing                      Print to standard error how long each reader and rule took.
  --verbose                     Print the stack trace of an internal error.`;

const COLOUR = 'Color: on a terminal, unless NO_COLOR is set; FORCE_COLOR=1 forces it.';

/** The output of `--help` for each command. */
export const HELP: Readonly<Record<CommandName, string>> = {
	check: `go-scratch check [PATH…]: reports findings in the Dockerfiles of Go programs.

${PATHS}

  --format FORMAT[=FILE]        text (the default), json, sarif (2.1.0) or github (workflow commands), to standard output or to
                                FILE. May be repeated: --format github --format sarif=FILE.
${JUDGING}
  --baseline FILE               Hide findings listed in FILE; report listed findings that no longer occur.
  --write-baseline FILE         Write the current findings to FILE and exit with 0, or with 2 if something could not be read.
  --show-suppressed             In sarif: include findings suppressed by comments or the baseline, marked as suppressed.

${COLOUR}
Exit codes: 0: no findings (of the severity of --fail-on), 1: findings, 2: usage error or failure.`,
	fix: `go-scratch fix [PATH…]: applies every safe fix, and reports the findings that remain.

${PATHS}

  --diff                        Print a patch for git apply instead of writing files.
${JUDGING}
                                With --stdin, the fixed text goes to standard output, and remaining findings to standard error.

${COLOUR}
Exit codes: 0: no findings remain (of the severity of --fail-on; with --diff: no changes), 1: some do, 2: usage error or failure.`,
	generate: `go-scratch generate [DIR]: writes a Dockerfile, and a .dockerignore if there is none, for the main package in DIR.

  --main PACKAGE                The main package, if there are several: its directory or import path.
  -o, --output FILE             Where to write the Dockerfile (default: Dockerfile next to go.mod).
  --stdout                      Print the Dockerfile instead of writing files.
  --no-comments                 Omit explanatory comments.
  -f, --force                   Overwrite existing files.

Exit codes: 0: written, 2: usage error or failure.`,
	rules: `go-scratch rules: lists the rules, each with its severity and whether \`fix\` fixes its findings.

  --format FORMAT               text (the default) or json.`,
	explain: `go-scratch explain CODE: describes a rule: why, an example, when it is reported, and how to fix it.`,
};
