/** Whether an address can be reached only from the same network namespace. */
export function isLoopback(address: string): boolean {
	return /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):./.test(address);
}
