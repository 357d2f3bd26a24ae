declare module 'postject' {
	/** Puts the resource into the binary of that path. */
	export function inject(path: string, name: string, resource: Buffer, options: { readonly sentinelFuse: string }): Promise<void>;
}
