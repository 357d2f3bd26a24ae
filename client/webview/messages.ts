import type { ImagePicture } from '../../server/picture/model.ts';

/** What the image view and the extension say to each other. */

/** From the extension: what to show. */
export interface ShowMessage {
	readonly type: 'show';
	/** The name of the Dockerfile. */
	readonly name: string;
	/** Its URI, which the view keeps for the next start of the window. */
	readonly dockerfile: string;
	readonly pictures: readonly ImagePicture[];
	/** The target to show first, by name or number. */
	readonly target: string | undefined;
}

/** From the extension: why there is nothing to show. */
export interface EmptyMessage {
	readonly type: 'empty';
	readonly text: string;
}

/** From the view: it can be told what to show; or a place to go to. Lines and columns count from 1. */
export type ViewMessage =
	| { readonly type: 'ready' }
	| { readonly type: 'go'; readonly path?: string; readonly line: number; readonly column: number }
	| { readonly type: 'target'; readonly target: string };
