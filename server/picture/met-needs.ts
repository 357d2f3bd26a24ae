import { isWithin } from '../workspace/paths.ts';
import type { ImagePicture, PictureNeed } from './model.ts';

/** The needs that a path of the image meets: it provides them, it holds what does, or it is in a directory that does. */
export function needsMetBy({ needs }: Pick<ImagePicture, 'needs'>, path: string): PictureNeed[] {
	return needs.filter(({ providedBy }) => providedBy.some((provider) => isWithin(path, provider) || isWithin(provider, path)));
}
