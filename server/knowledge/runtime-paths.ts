/** Paths at which a Go program, or the loader of a dynamic one, looks for what it needs where it runs. */

/** The files that crypto/x509 tries in this order on Linux (src/crypto/x509/root_linux.go). */
export const ROOT_FILES = [
	'/etc/ssl/certs/ca-certificates.crt',
	'/etc/pki/tls/certs/ca-bundle.crt',
	'/etc/ssl/ca-bundle.pem',
	'/etc/pki/tls/cacert.pem',
	'/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
	'/etc/ssl/cert.pem',
];

/** The directories whose files crypto/x509 reads besides (the same file). */
export const ROOT_DIRECTORIES = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

/** The directories in which package time looks for a zone (src/time/zoneinfo_unix.go). */
export const ZONE_DIRECTORIES = ['/usr/share/zoneinfo', '/usr/share/lib/zoneinfo', '/usr/lib/locale/TZ', '/etc/zoneinfo'];

/** Where the loaders lie on the platforms that Go images exist for. */
export const LOADERS: Readonly<Record<'glibc' | 'musl', readonly string[]>> = {
	glibc: ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'],
	musl: ['/lib/ld-musl-x86_64.so.1', '/lib/ld-musl-aarch64.so.1'],
};
