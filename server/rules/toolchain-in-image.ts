import { evidenceOf } from '../facts/evidence.ts';
import type { Facts, Target } from '../facts/facts.ts';
import { isOwnProgram } from '../facts/own-programs.ts';
import { splitIntoStages } from '../fixes/refactorings.ts';
import type { StageState } from '../image/model.ts';
import { copiesOf } from '../image/stage-chain.ts';
import { basename } from '../workspace/paths.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
	code: 'toolchain-in-image',
	severity: 'warning',
	fixAll: true,
	judges: 'image',
	documentation: {
		summary: 'The final image contains the Go toolchain, hundreds of megabytes the program does not need.',
		why: 'A golang image contains the compiler, the standard library source, a C compiler and git: about 650 MB and many tools for an attacker. A Go program needs none of it. Built in one stage and copied to `scratch`, the image is a few megabytes.',
		example: 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app\nCMD ["/app"]',
		instead:
			'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/\nCOPY --from=build /app /app\nUSER 65534:65534\nCMD ["/app"]',
		notes:
			"Not reported when the command is go, a live-reload tool, a debugger or a shell, when a compose file starts a shell, or when the program was built in another stage and copied in, such as a code generator, or when the program starts go or gofmt: those need the toolchain. The fix splits the stage in two and adds what the program needs to the scratch stage; if modules could not be read, it adds CA certificates, time zone data and /tmp. Fix-all applies it only when nothing unknown may be lost: all modules are on disk, the program starts no other program, loads no plugin, and opens and creates no file whose name is not known, and the stage installs nothing else and declares no VOLUME. Otherwise the title of the fix says what may be lost. Ctrl+Enter in the editor's lightbulb menu shows a preview first. There is no fix when the build needs cgo, when the command needs a shell, when USER is set before the build, or when an ENV contains variables.",
	},
	*check(facts) {
		for (const target of facts.targets) {
			if (target.state.base?.go === undefined || !shipsOwnBinary(target) || isStartedByShell(facts, target)) continue;
			if (evidenceOf(target, 'executable').some(({ evidence }) => OF_TOOLCHAIN.test(evidence.detail ?? ''))) continue;
			// In a built image the toolchain is seen, and not the image that brought it.
			const isSeen = target.state.imageReference === undefined && target.state.parent === undefined;
			yield {
				range: target.state.stage.from.range,
				message: `The final image ${isSeen ? 'holds a full Go toolchain (hundreds of MB)' : `is ${target.state.base.reference} (a full Go toolchain, hundreds of MB)`}, but only the binary is run. Copy the binary into a stage FROM scratch.`,
				fixes: () => [splitIntoStages(facts, target)],
			};
		}
	},
};

/** Programs of the toolchain: what starts them builds or checks Go. */
const OF_TOOLCHAIN = /^(?:\/usr\/local\/go\/bin\/)?(?:go|gofmt)$/;

/** Whether the command is a binary built in the stage, or no command is given and exactly one was built there. */
function shipsOwnBinary({ state, binaries }: Target): boolean {
	// A binary that comes ready-made into a toolchain image is there for the toolchain, which generators and linters call.
	const own = binaries.filter((binary) => isOwnProgram(binary) && !isCopied(state, binary.path));
	if (own.some(({ started }) => started)) return true;
	const unsaid = state.entrypoint?.instruction === undefined && state.command?.instruction === undefined;
	// One that make built is known by its name alone, and may not be the one that is meant.
	return unsaid && own.filter(({ build }) => build !== undefined).length === 1;
}

/** Whether a compose file starts a shell in the image, which may run scripts and other programs of it. */
function isStartedByShell({ context }: Facts, { state }: Target): boolean {
	const starts = context?.starts.find(({ key }) => key === 'entrypoint' || (key === 'command' && state.entrypoint === undefined));
	return starts !== undefined && /^(?:ba|da|a)?sh$/.test(basename(starts.program));
}

/** Whether a file came by COPY or ADD; where a variable hides which, a source of its name tells. */
function isCopied(state: StageState, path: string): boolean {
	const entry = state.files.get(path);
	if (entry !== undefined) return entry.instruction?.keyword === 'COPY' || entry.instruction?.keyword === 'ADD';
	return copiesOf(state).some(({ instruction }) => instruction.sources.some(({ raw }) => basename(raw) === basename(path)));
}
