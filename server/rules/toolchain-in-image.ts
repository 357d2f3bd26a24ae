import type { Target } from '../facts/facts.ts';
import { isOwnProgram } from '../facts/own-programs.ts';
import { splitIntoStages } from '../fixes/two-stages.ts';
import type { StageState } from '../image/model.ts';
import { copiesOf } from '../image/stage-chain.ts';
import { basename } from '../workspace/paths.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'toolchain-in-image',
	severity: 'warning',
	fixAll: true,
	documentation: {
		summary: 'The image that ships is a Go toolchain image, hundreds of megabytes that the program does not need.',
		why: 'A golang image holds the compiler, its sources, a C compiler and git: about 650 MB and everything that an intruder could wish for. A Go program needs none of it. Built in one stage and copied to `scratch`, the same image has a few megabytes.',
		example: 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\nCMD ["/app"]',
		instead:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\nCOPY --from=build /app /app\nUSER 65534:65534\nCMD ["/app"]',
		notes:
			"Silent where the command is go, a live-reload tool, a debugger or a shell, and where the program was built elsewhere and copied in, as a code generator is: then the toolchain is what is wanted. The fix splits the stage in two and gives the scratch stage what the program was seen to need; modules that could not be read are met by supplying CA certificates, zone data and /tmp all the same. It is applied by itself only where the program shows no C code, starts no other program, and opens no file whose name is computed, and where the stage installs nothing else and declares no VOLUME. Ctrl+Enter in the editor's lightbulb menu shows a preview first. There is no fix where the command needs a shell, where a user is taken on before the build, or where an ENV is made of variables.",
	},
	*check(facts) {
		for (const target of facts.targets) {
			if (target.state.base?.go === undefined || !shipsOwnBinary(target)) continue;
			yield {
				range: target.state.stage.from.range,
				message: `The image that ships is ${target.state.base.reference}, a toolchain of hundreds of megabytes, and all that runs in it is the binary that it built. Copy the binary into a stage FROM scratch.`,
				fixes: () => [splitIntoStages(facts, target)],
			};
		}
	},
};

/** Whether the command is a binary built in the stage, or no command is given and exactly one was built there. */
function shipsOwnBinary({ state, binaries }: Target): boolean {
	// A binary that comes ready-made into a toolchain image is there for the toolchain, which generators and linters call.
	const own = binaries.filter((binary) => isOwnProgram(binary) && !isCopied(state, binary.path));
	if (own.some(({ started }) => started)) return true;
	const unsaid = state.entrypoint?.instruction === undefined && state.command?.instruction === undefined;
	// One that make built is known by its name alone, and may not be the one that is meant.
	return unsaid && own.filter(({ build }) => build !== undefined).length === 1;
}

/** Whether a file came by COPY or ADD; where a variable hides which, a source of its name tells. */
function isCopied(state: StageState, path: string): boolean {
	const entry = state.files.get(path);
	if (entry !== undefined) return entry.instruction?.keyword === 'COPY' || entry.instruction?.keyword === 'ADD';
	return copiesOf(state).some(({ instruction }) => instruction.sources.some(({ raw }) => basename(raw) === basename(path)));
}
