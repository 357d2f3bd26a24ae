/** The commands there are. */
export type CommandName = 'check' | 'fix' | 'generate' | 'rules' | 'explain';

export const GENERAL_HELP = `go-scratch: says what will not build, start or work in the image of a Go program, and mends it.

Usage:
  go-scratch check [PATH…]      Say what is wrong in the Dockerfiles.
  go-scratch fix [PATH…]        Apply every fix that is certain to be right.
  go-scratch generate [DIR]     Write a Dockerfile, and a .dockerignore where there is none, for the main package in DIR.
  go-scratch rules              List the rules.
  go-scratch explain CODE       Say what a rule is about, with an example.

  go-scratch COMMAND --help     The options of a command.
  go-scratch --version

Exit codes: 0 nothing found, 1 findings, 2 wrong usage or a failure.`;

const PATHS = `PATH is a Dockerfile, a directory to search, or a pattern such as 'services/**/Dockerfile'; the default is '.'. A search leaves out
what .gitignore and .git/info/exclude leave out, and the directories node_modules, vendor, testdata and .git.`;

const JUDGING = `  --fail-on SEVERITY            From which severity on the exit code is 1: error, warning, information, hint (the default: any
                                finding), or never.
  --rule CODE=SEVERITY          Another severity for a rule: off, hint, information, warning or error; may be repeated, and wins
                                over .go-scratch.json.
  --stdin                       Read the text of one Dockerfile from the standard input.
  --stdin-filename PATH         Where that text belongs, which need not exist (default: Dockerfile); the Go program is looked for
                                from there.`;

const COLOUR = 'Colour: on a terminal, unless NO_COLOR is set; FORCE_COLOR=1 asks for it elsewhere.';

/** What `--help` says of each command. */
export const HELP: Readonly<Record<CommandName, string>> = {
	check: `go-scratch check [PATH…]: says what is wrong in the Dockerfiles of Go programs.

${PATHS}

  --format FORMAT[=FILE]        text (the default), json, sarif (2.1.0) or github (workflow commands), on the standard output or
                                written to FILE; may be repeated, so that one run serves a person and a program.
${JUDGING}
  --baseline FILE               Say nothing of the findings that FILE holds, and say which of them are gone.
  --write-baseline FILE         Write the findings there are to FILE, and exit with 0, or 2 where not all could be read.
  --show-suppressed             In sarif: hold also what comments and the baseline silence, marked as such.

${COLOUR}
Exit codes: 0 nothing found (from the severity of --fail-on on), 1 findings, 2 wrong usage or a failure.`,
	fix: `go-scratch fix [PATH…]: applies every fix that is certain to be right, and says what it leaves.

${PATHS}

  --diff                        Print the changes as a patch for git apply, and write nothing.
${JUDGING}
                                With --stdin, the mended text goes to the standard output, and what is left to the standard error.

${COLOUR}
Exit codes: 0 nothing left (from the severity of --fail-on on; with --diff: nothing to change), 1 something, 2 wrong usage or a failure.`,
	generate: `go-scratch generate [DIR]: writes a Dockerfile, and a .dockerignore where there is none, for the main package in DIR.

  --main PACKAGE                Which main package, where there are several: its directory or import path.
  -o, --output FILE             Where to write the Dockerfile (default: Dockerfile beside go.mod).
  --stdout                      Print the Dockerfile and write nothing.
  --no-comments                 Leave out the comments that explain it.
  -f, --force                   Overwrite what is there.

Exit codes: 0 written, 2 wrong usage or a failure.`,
	rules: `go-scratch rules: lists the rules, each with its severity and whether \`fix\` mends what it finds.

  --format FORMAT               text (the default) or json.`,
	explain: `go-scratch explain CODE: says what a rule is about, when it speaks and what mends it, with an example.`,
};
