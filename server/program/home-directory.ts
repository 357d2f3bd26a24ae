/** How a name begins that lies in the home directory, wherever that is. */
export const HOME = '$HOME';

/** Whether the text names something in the home directory. */
export function isInHome(text: string): boolean {
	return text === HOME || text.startsWith(`${HOME}/`);
}
