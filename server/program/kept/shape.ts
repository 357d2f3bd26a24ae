/**
 * Whether a value that was read back from an archive has the shape that it was written with. JSON leaves `undefined` out of records, so what
 * may be `undefined` may be absent.
 */
export type Shape = (value: unknown) => boolean;

export const isText: Shape = (value) => typeof value === 'string';

export const isFlag: Shape = (value) => typeof value === 'boolean';

/** A count, or a place counted from 0. */
export const isCount: Shape = (value) => Number.isInteger(value) && (value as number) >= 0;

export const optional =
	(shape: Shape): Shape =>
	(value) =>
		value === undefined || shape(value);

export const orNull =
	(shape: Shape): Shape =>
	(value) =>
		value === null || shape(value);

export const oneOf =
	(...values: readonly string[]): Shape =>
	(value) =>
		values.includes(value as string);

export const listOf =
	(shape: Shape): Shape =>
	(value) =>
		Array.isArray(value) && value.every(shape);

export const tupleOf =
	(...shapes: readonly Shape[]): Shape =>
	(value) =>
		Array.isArray(value) && value.length === shapes.length && shapes.every((shape, at) => shape(value[at]));

/** An object with these fields; the compiler sees that none of `T` is missing. */
export const recordOf =
	<T>(shapes: { readonly [K in keyof Required<T>]: Shape }): Shape =>
	(value) =>
		isRecord(value) && Object.entries<Shape>(shapes).every(([name, shape]) => shape(Object.hasOwn(value, name) ? value[name] : undefined));

/** An object some of whose fields may be left out. */
export const partOf = <T>(shapes: { readonly [K in keyof Required<T>]: Shape }): Shape =>
	recordOf<T>(Object.fromEntries(Object.entries<Shape>(shapes).map(([name, shape]) => [name, optional(shape)])) as typeof shapes);

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
