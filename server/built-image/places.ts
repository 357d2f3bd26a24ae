import { positionAt, type Range } from '../text/text.ts';
import type { ImagePlace, ImageText } from './image-text.ts';

/** What of the image a range of its text stands for. */
export function placeAt({ dockerfile, places }: ImageText, { start }: Range): ImagePlace {
	return places[positionAt(dockerfile.lineStarts, start).line] ?? { kind: 'image' };
}

/** The place as a person reads it: `layer 2 (COPY /app /app)`, `ENTRYPOINT ["/app"]`; empty for the image as a whole. */
export function placeText(place: ImagePlace): string {
	switch (place.kind) {
		case 'image':
			return '';
		case 'layer':
			return `layer ${place.index + 1}${place.createdBy === undefined ? '' : ` (${place.createdBy})`}`;
		case 'setting':
			return place.text;
	}
}
