import { pictureHtml } from '../picture/html-form.ts';
import { pictureSvg } from '../picture/svg-form.ts';
import { colorsFor } from './colors.ts';
import { CLEAN } from './exit-codes.ts';
import { oneDockerfile, withShownPaths } from './one-dockerfile.ts';
import { pictureText } from './picture-text.ts';
import { fileText, json, type Printable, terminal } from './printable.ts';
import type { Session } from './session.ts';
import { absolutePath } from './working-directory.ts';
import { writeText } from './write-files.ts';

export const SHOW_FORMATS = ['text', 'json', 'html', 'svg'] as const;

export interface ShowRequest {
	readonly dockerfile: string | undefined;
	/** The name or number of the stage. */
	readonly target: string | undefined;
	readonly format: (typeof SHOW_FORMATS)[number];
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
	const form = (): Printable => {
		switch (request.format) {
			case 'json':
				return json(shown);
			case 'html':
				return fileText(pictureHtml(shown));
			case 'svg':
				return fileText(pictureSvg(shown));
			case 'text':
				return pictureText(shown, colorsFor(output === undefined ? 'stdout' : undefined), others.map(String));
		}
	};
	if (output === undefined) print(form());
	else {
		writeText(absolutePath(output), form().textFor(false));
		print(terminal`Written: ${output}\n`);
	}
	return CLEAN;
}
