/**
 * 64 bits, in hexadecimal digits, that tell one text from others: twice FNV-1a. It resists no one who wants two texts to look alike, and
 * needs no library of hashes, which would take longer to load than a small workspace to read.
 */
export function fingerprint(text: string): string {
	let [one, other] = [0x811c9dc5, 0x01000193];
	for (let index = 0; index < text.length; index++) {
		one = Math.imul(one ^ text.charCodeAt(index), 0x01000193);
		other = Math.imul(other ^ text.charCodeAt(index), 0x5bd1e995);
	}
	return [one, other].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}
