import { pictureHtml } from '../picture/html-form.ts';
import type { ImagePicture } from '../picture/model.ts';
import { pictureSvg } from '../picture/svg-form.ts';
import type { Colors } from './colors.ts';
import { pictureText } from './picture-text.ts';
import { fileText, json, type Printable } from './printable.ts';

export const PICTURE_FORMATS = ['text', 'json', 'html', 'svg'] as const;

export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/**
 * The picture in the form that is requested.
 *
 * @param colors of the text
 * @param others the names of other targets, which the text names
 */
export function pictureIn(format: PictureFormat, picture: ImagePicture, colors: Colors, others: readonly string[] = []): Printable {
	switch (format) {
		case 'text':
			return pictureText(picture, colors, others);
		case 'json':
			return json(picture);
		case 'html':
			return fileText(pictureHtml(picture));
		case 'svg':
			return fileText(pictureSvg(picture));
	}
}
