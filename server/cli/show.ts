import { colorsFor } from './colors.ts';
import { CLEAN } from './exit-codes.ts';
import { oneDockerfile, withShownPaths } from './one-dockerfile.ts';
import { type PictureFormat, pictureIn } from './picture-form.ts';
import { type Printable, terminal } from './printable.ts';
import type { Session } from './session.ts';
import { absolutePath } from './working-directory.ts';
import { writeText } from './write-files.ts';

export interface ShowRequest {
	readonly dockerfile: string | undefined;
	/** The name or number of the stage. */
	readonly target: string | undefined;
	readonly format: PictureFormat;
	/** `undefined` for the standard output. */
	readonly output: string | undefined;
}

/** Shows the image that a Dockerfile builds. */
export async function showImage(request: ShowRequest, session: Session, print: (text: Printable) => void): Promise<number> {
	const { facts, target, picture } = await oneDockerfile(request.dockerfile, request.target, session);
	const shown = withShownPaths(picture);
	const others = facts.targets
		.filter(({ state }) => state !== target.state)
		.map(({ state }) => state.stage.from.alias?.raw ?? state.stage.index);
	const { output } = request;
	const report = pictureIn(request.format, shown, colorsFor(output === undefined ? 'stdout' : undefined), others.map(String));
	if (output === undefined) print(report);
	else {
		writeText(absolutePath(output), report.textFor(false));
		print(terminal`Written: ${output}\n`);
	}
	return CLEAN;
}
