import type { ReadImages } from '../built-image/archive.ts';
import { factsOfImage, type ImageFacts, type ImageSource } from '../built-image/facts.ts';
import { type BuiltImage, UnreadableImage } from '../built-image/model.ts';
import { pictureOfImage } from '../built-image/picture.ts';
import { placeAt, placeText } from '../built-image/places.ts';
import type { ReportedFinding } from '../lint/analyse.ts';
import { judgeImage } from '../lint/judge-image.ts';
import { findRoot } from '../lint/root.ts';
import type { Settings } from '../lint/settings.ts';
import type { Range } from '../text/text.ts';
import { pathFromNative } from '../workspace/node-files.ts';
import { readImagesFrom } from '../workspace/node-read-image.ts';
import { join } from '../workspace/paths.ts';
import { printReports, type ReportRequest } from './check.ts';
import { type CheckedFile, checkedImage } from './checked.ts';
import { colorsFor } from './colors.ts';
import { CLEAN, FINDINGS } from './exit-codes.ts';
import { fails, type Judging } from './judging.ts';
import { type PictureFormat, pictureIn } from './picture-form.ts';
import { type Printable, terminal } from './printable.ts';
import { type Session, settingsFor, settingsOfCommandLine } from './session.ts';
import { reasonOf } from './system-errors.ts';
import { UsageError } from './usage-error.ts';
import { absolutePath } from './working-directory.ts';

export interface ImageRequest extends Omit<Judging, 'input' | 'deployments'> {
	/** A file, a directory, or `-`. */
	readonly place: string;
	readonly source: string | undefined;
	readonly platform: string | undefined;
	/** In which form to print what the image holds; `undefined` for findings. */
	readonly show: PictureFormat | undefined;
	readonly reports: readonly ReportRequest[];
}

/**
 * Says what is wrong with the images in a file or a directory.
 *
 * @returns The exit code, if nothing failed.
 * @throws UsageError where it cannot be read
 */
export async function checkImage(request: ImageRequest, session: Session, print: (text: Printable) => void): Promise<number> {
	const path = pathFromNative(absolutePath(request.place));
	const { images, leftOut } = await imagesOf(request.place, session);
	for (const each of leftOut) session.warn(`${request.place}: ${each}.`);
	const wanted = wantedImages(images, request, session);
	if (request.show !== undefined && request.show !== 'text' && wanted.length > 1) throw severalImages(wanted, request);
	const source = request.source === undefined ? undefined : await sourceAt(request.source, session);
	const settings = await settingsOf(request, session);
	const judged: Judged[] = [];
	for (const image of wanted) judged.push(await judge(image, path, source, settings, session));
	session.progress.clear();
	if (request.show !== undefined) {
		for (const { image, facts, findings } of judged)
			print(pictureIn(request.show, pictureOfImage(image, facts, findings), colorsFor('stdout')));
		return CLEAN;
	}
	const files = judged.map(({ image, facts, findings }) => checkedFileOf(image, path, facts, findings, judged.length > 1));
	const found = files.some(({ findings }) => findings.some(({ severity }) => fails(severity, request.failOn))) ? FINDINGS : CLEAN;
	await printReports(request.reports, { files, gone: undefined, found, failOn: request.failOn }, session, print);
	return found;
}

/** Two documents after each other are none. */
function severalImages(images: readonly BuiltImage[], { place, show }: ImageRequest): UsageError {
	const named = images.map((image) => `  ${titleOf(image)}`);
	return new UsageError(
		`${place} holds ${images.length} images, and ${show} shows one; choose it with --platform, or save it alone:`,
		...named,
	);
}

interface Judged {
	readonly image: BuiltImage;
	readonly facts: ImageFacts;
	readonly findings: readonly ReportedFinding[];
}

async function judge(
	image: BuiltImage,
	path: string,
	source: ImageSource | undefined,
	settings: Settings,
	{ analyser, warn, fail }: Session,
): Promise<Judged> {
	const facts = await factsOfImage(image, path, source);
	for (const difference of facts.differences) warn(difference);
	const log = (message: string) => fail({ message, of: { path, what: 'path' }, not: 'analysed' });
	return { image, facts, findings: judgeImage(facts.facts, analyser.rules, settings, log) };
}

async function imagesOf(place: string, { progress }: Session): Promise<ReadImages> {
	try {
		return await readImagesFrom(place === '-' ? '-' : absolutePath(place), (bytes) =>
			progress.tell(terminal`Reading ${place === '-' ? 'standard input' : place}: ${Math.round(bytes / 1e6)} MB`),
		);
	} catch (error) {
		progress.clear();
		const shown = place === '-' ? 'Standard input' : place;
		if (error instanceof UnreadableImage) throw new UsageError(`${shown} is not an image that can be read: ${error.message}.`);
		if ((error as NodeJS.ErrnoException).syscall !== undefined) throw new UsageError(`${shown} cannot be read: ${reasonOf(error)}.`);
		throw error;
	}
}

/** The images to look at: those for the platform that is named, and for Linux. */
function wantedImages(images: readonly BuiltImage[], { place, platform }: ImageRequest, { warn }: Session): BuiltImage[] {
	const isNamed = ({ configuration }: BuiltImage) =>
		platform === undefined || configuration?.platform === platform || configuration?.platform?.startsWith(`${platform}/`) === true;
	const named = images.filter(isNamed);
	if (named.length === 0) {
		const there = [...new Set(images.map(({ configuration }) => configuration?.platform ?? 'an unknown platform'))].join(', ');
		throw new UsageError(`${place} has no image for ${platform}; it has ${there}.`);
	}
	const linux = named.filter(({ configuration }) => configuration?.platform?.startsWith('windows/') !== true);
	if (linux.length < named.length) warn(`${place}: images for Windows are left out.`);
	return linux;
}

async function sourceAt(directory: string, { analyser, files }: Session): Promise<ImageSource> {
	const path = pathFromNative(absolutePath(directory));
	if ((await files.status(path))?.kind !== 'directory') throw new UsageError(`--source ${directory} is not a directory.`);
	const go = await analyser.reader.readWorkspace(path, undefined);
	const { signal } = new AbortController();
	return { go, list: async (below) => files.list(below), readProgram: (request) => analyser.reader.readProgram(go, request, signal) };
}

/** The settings of the sources, or of the current directory. */
async function settingsOf({ rules, source }: ImageRequest, session: Session): Promise<Settings> {
	const directory = pathFromNative(absolutePath(source ?? '.'));
	const root = await findRoot(session.files, directory);
	return settingsFor(join(directory, 'Dockerfile'), root, settingsOfCommandLine(rules, session), session);
}

/** What is reported of an image, with the place in the image in each message. */
function checkedFileOf(
	image: BuiltImage,
	path: string,
	{ facts, text }: ImageFacts,
	findings: readonly ReportedFinding[],
	isOneOfSeveral: boolean,
): CheckedFile {
	const { name, configuration } = image;
	const title = isOneOfSeveral ? titleOf(image) : undefined;
	const placeOf = (range: Range) => placeAt(text, range);
	return checkedImage(facts, findings, { path, title, name, platform: configuration?.platform, placeOf }, placeText);
}

/** `app:1 for linux/arm64`, as far as it is known. */
function titleOf({ name, configuration }: BuiltImage): string {
	return [name, configuration?.platform].filter((each) => each !== undefined).join(' for ');
}
