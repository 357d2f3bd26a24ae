import assert from 'node:assert/strict';
import { written } from '../../server/dockerfile/write.ts';
import {
	accountFiles,
	certificateRoots,
	temporaryDirectory,
	userDatabase,
	wantsRoot,
	writable,
	writableDirectories,
	zoneData,
} from '../../server/needs/needs.ts';
import { lastStage } from '../image/build.ts';

/** What an image provides of what programs need at run time. */

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const NEEDS = { roots: certificateRoots, zones: zoneData, tmp: temporaryDirectory, users: userDatabase };
const ALPINE = 'FROM alpine:3.20 AS b\n';

const cases: readonly (readonly [need: keyof typeof NEEDS, dockerfile: string, provided: string])[] = [
	['roots', 'FROM scratch', 'no'],
	['roots', 'FROM alpine:3.20', 'yes'],
	['roots', 'FROM debian:12', 'no'],
	['roots', 'FROM corp.example/x', 'unknown'],
	['roots', `${ALPINE}FROM scratch\nCOPY --from=b ${BUNDLE} /etc/ssl/certs/`, 'yes'],
	['roots', `${ALPINE}FROM scratch\nCOPY --from=b ${BUNDLE} /etc/ssl/certs`, 'no'],
	['roots', `${ALPINE}FROM scratch\nCOPY --from=b ${BUNDLE} /etc/pki/tls/certs/ca-bundle.crt`, 'yes'],
	['roots', `${ALPINE}FROM scratch\nCOPY --from=b ${BUNDLE} /etc/ssl/cert.pem`, 'yes'],
	['roots', `${ALPINE}FROM scratch\nCOPY --from=b ${BUNDLE} /roots.pem`, 'no'],
	['roots', `${ALPINE}FROM scratch\nCOPY --from=b ${BUNDLE} /roots.pem\nENV SSL_CERT_FILE=/roots.pem`, 'yes'],
	['roots', 'FROM scratch\nENV SSL_CERT_FILE=/roots.pem', 'unknown'],
	['roots', 'FROM scratch\nARG F\nENV SSL_CERT_FILE=$F', 'unknown'],
	['roots', `${ALPINE}FROM scratch\nCOPY --from=b /etc/ssl/certs /certs\nENV SSL_CERT_DIR=/certs:/other`, 'yes'],
	['roots', 'FROM scratch\nENV SSL_CERT_DIR=/certs', 'unknown'],
	['roots', 'FROM scratch\nWORKDIR /etc/ssl/certs', 'no'],
	['zones', 'FROM scratch', 'no'],
	['zones', 'FROM alpine:3.20', 'no'],
	['zones', 'FROM golang:1.22', 'unknown'],
	['zones', 'FROM gcr.io/distroless/static-debian12', 'yes'],
	['zones', 'FROM scratch\nENV ZONEINFO=/z.zip', 'unknown'],
	['zones', 'FROM corp.example/x', 'unknown'],
	['zones', 'FROM scratch\nCOPY <<EOF /usr/share/zoneinfo/UTC\nEOF', 'yes'],
	['zones', 'FROM scratch\nWORKDIR /usr/share/zoneinfo', 'no'],
	['tmp', 'FROM scratch', 'no'],
	['tmp', 'FROM alpine:3.20', 'yes'],
	['tmp', 'FROM alpine:3.20\nUSER 5', 'yes'],
	['tmp', 'FROM scratch\nWORKDIR /tmp', 'yes'],
	['tmp', 'FROM scratch\nWORKDIR /tmp\nUSER 5:5', 'no'],
	['tmp', 'FROM scratch\nENV TMPDIR=/dev/shm', 'yes'],
	['tmp', 'FROM scratch\nENV TMPDIR=/dev', 'yes'],
	['tmp', 'FROM scratch\nENV TMPDIR=/device', 'no'],
	['tmp', 'FROM scratch\nENV TMPDIR=/data', 'no'],
	['tmp', 'FROM scratch\nENV TMPDIR=data\nWORKDIR /data\nWORKDIR /', 'yes'],
	['tmp', 'FROM scratch\nARG T\nENV TMPDIR=$T', 'unknown'],
	['tmp', 'FROM corp.example/x', 'unknown'],
	['tmp', 'FROM scratch\nCOPY <<EOF /tmp\nEOF', 'no'],
	['users', 'FROM scratch', 'no'],
	['users', 'FROM alpine:3.20', 'yes'],
	['users', 'FROM scratch\nCOPY <<EOF /etc/passwd\nEOF', 'yes'],
	['users', 'FROM scratch\nWORKDIR /etc/passwd', 'no'],
	['users', 'FROM corp.example/x', 'unknown'],
];

describe('what an image provides', () => {
	for (const [need, dockerfile, provided] of cases) {
		it(`${need}: ${dockerfile.replaceAll('\n', '⏎')}`, async () =>
			assert.equal(NEEDS[need].provided(await lastStage(dockerfile)), provided));
	}
});

describe('where the user of a stage may write', () => {
	for (const [dockerfile, directory, answer] of [
		['FROM alpine:3.20', '/etc', 'yes'],
		['FROM alpine:3.20\nUSER 5', '/etc', 'no'],
		['FROM alpine:3.20\nUSER 5', '/tmp', 'yes'],
		['FROM alpine:3.20\nUSER 5', '/nowhere', 'no'],
		['FROM alpine:3.20\nUSER 5', '/etc/passwd', 'no'],
		['FROM alpine:3.20\nRUN mkdir /d && chown 5 /d\nUSER 5', '/d', 'yes'],
		['FROM alpine:3.20\nRUN mkdir /d && chown 6 /d\nUSER 5', '/d', 'no'],
		['FROM alpine:3.20\nRUN mkdir /d && chown 5 /d && chmod 500 /d\nUSER 5', '/d', 'no'],
		['FROM alpine:3.20\nRUN mkdir /d && chmod 775 /d\nUSER 5:5', '/d', 'unknown'],
		['FROM alpine:3.20\nRUN mkdir /d && chmod +x /d\nUSER 5', '/d', 'unknown'],
		['FROM alpine:3.20\nRUN ./x\nUSER 5', '/d', 'unknown'],
		['FROM alpine:3.20\nARG U\nRUN mkdir /d\nUSER $U', '/d', 'unknown'],
	] as const) {
		it(`${directory} in ${dockerfile.replaceAll('\n', '⏎')}`, async () =>
			assert.equal(writable(await lastStage(dockerfile), directory), answer));
	}
});

describe('recipes', () => {
	it('write a user, and a group with a name', () => {
		const from = written`build`;
		assert.deepEqual(accountFiles('app', undefined, from), {
			prepare: 'echo "app:x:65534:65534:app:/:" > /etc_passwd',
			copies: ['COPY --from=build /etc_passwd /etc/passwd'],
		});
		assert.deepEqual(accountFiles('app', 'web', from), {
			prepare: 'echo "app:x:65534:65534:app:/:" > /etc_passwd && echo "web:x:65534:" > /etc_group',
			copies: ['COPY --from=build /etc_passwd /etc/passwd', 'COPY --from=build /etc_group /etc/group'],
		});
		for (const name of ['', 'a b', 'a:b', '$(id)', '-a', 'ä', 'a\nb']) {
			assert.equal(accountFiles(name, undefined, from), undefined, JSON.stringify(name));
			assert.equal(accountFiles('app', name, from), undefined, JSON.stringify(name));
		}
	});

	it('write directories of a user', () => {
		assert.deepEqual(writableDirectories(['/data', '/a b'], written`build`, written`5:5`), {
			prepared: "mkdir -p /writable/data '/writable/a b'",
			copy: 'COPY --from=build --chown=5:5 /writable/ /',
		});
	});

	it('know which calls are for root', () => {
		assert.deepEqual(
			['syscall.Mount', 'os.Chown', 'os.Lchown', 'os.Chownership', 'syscall.Chown'].map((symbol) => wantsRoot({ symbol })),
			[true, false, false, true, true],
		);
	});
});
