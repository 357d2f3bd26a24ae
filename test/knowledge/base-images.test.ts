import assert from 'node:assert/strict';
import { type BaseImage, goImageTag, goImageVariant, lookupBaseImage } from '../../server/knowledge/base-images.ts';

/** What well-known images hold, as their documentation and Dockerfiles say; the table names the sources. */

/** What is said of an image, on one line: a word for each fact, `?` for what is not known. */
function factsOf(image: BaseImage): string {
	const known = (value: unknown) => (value === undefined || value === 'unknown' ? '?' : String(value));
	const { shell, libc, certificateRoots, zoneData, temporaryDirectory, cCompiler, user, workingDirectory, command, commandKnown } = image;
	return [
		`shell=${known(shell)}`,
		`libc=${known(libc)}`,
		`glibc=${known(image.glibc)}`,
		`roots=${known(certificateRoots)}`,
		`zones=${known(zoneData)}`,
		`tmp=${known(temporaryDirectory)}`,
		`cc=${known(cCompiler)}`,
		`user=${known(user)}`,
		`in=${known(workingDirectory)}`,
		`starts=${commandKnown ? (command ?? ['nothing']).join(' ') : '?'}`,
		`adds=${known(image.addsUsersWith)}`,
		`apt=${image.hasApt}`,
		`pinned=${image.pinned}`,
	].join(' ');
}

const FACTS: Readonly<Record<string, string>> = {
	'alpine:3.20':
		'shell=yes libc=musl glibc=? roots=yes zones=no tmp=yes cc=no user=root in=/ starts=/bin/sh adds=adduser apt=false pinned=yes',
	alpine: 'shell=yes libc=musl glibc=? roots=yes zones=no tmp=yes cc=no user=root in=/ starts=/bin/sh adds=adduser apt=false pinned=no',
	'alpine:edge':
		'shell=yes libc=musl glibc=? roots=yes zones=no tmp=yes cc=no user=root in=/ starts=/bin/sh adds=adduser apt=false pinned=no',
	'alpine:3.11':
		'shell=yes libc=musl glibc=? roots=? zones=no tmp=yes cc=no user=root in=/ starts=/bin/sh adds=adduser apt=false pinned=yes',
	'alpine:3.12':
		'shell=yes libc=musl glibc=? roots=yes zones=no tmp=yes cc=no user=root in=/ starts=/bin/sh adds=adduser apt=false pinned=yes',
	'busybox:1.36-musl':
		'shell=yes libc=none glibc=? roots=no zones=no tmp=yes cc=no user=root in=/ starts=sh adds=adduser apt=false pinned=yes',
	'busybox:uclibc': 'shell=yes libc=none glibc=? roots=no zones=no tmp=yes cc=no user=root in=/ starts=sh adds=adduser apt=false pinned=no',
	'busybox:1.36-glibc':
		'shell=yes libc=glibc glibc=? roots=no zones=no tmp=yes cc=no user=root in=/ starts=sh adds=adduser apt=false pinned=yes',
	busybox: 'shell=yes libc=? glibc=? roots=no zones=no tmp=yes cc=no user=root in=/ starts=sh adds=adduser apt=false pinned=no',
	'quay.io/prometheus/busybox:latest':
		'shell=yes libc=? glibc=? roots=yes zones=? tmp=yes cc=no user=root in=/ starts=sh adds=adduser apt=false pinned=no',
	'debian:12-slim':
		'shell=yes libc=glibc glibc=36 roots=no zones=yes tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=yes',
	'debian:bookworm':
		'shell=yes libc=glibc glibc=36 roots=no zones=yes tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=no',
	'debian:trixie-slim':
		'shell=yes libc=glibc glibc=41 roots=no zones=? tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=no',
	'debian:11.9':
		'shell=yes libc=glibc glibc=31 roots=no zones=yes tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=yes',
	'debian:13': 'shell=yes libc=glibc glibc=41 roots=no zones=? tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=yes',
	'debian:100': 'shell=yes libc=glibc glibc=? roots=no zones=? tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=yes',
	'ubuntu:22.04':
		'shell=yes libc=glibc glibc=35 roots=no zones=no tmp=yes cc=no user=root in=/ starts=/bin/bash adds=useradd apt=true pinned=yes',
	'ubuntu:noble':
		'shell=yes libc=glibc glibc=39 roots=no zones=no tmp=yes cc=no user=root in=/ starts=/bin/bash adds=useradd apt=true pinned=no',
	ubuntu: 'shell=yes libc=glibc glibc=? roots=no zones=? tmp=yes cc=no user=root in=/ starts=/bin/bash adds=useradd apt=true pinned=no',
	'buildpack-deps:bookworm':
		'shell=yes libc=glibc glibc=36 roots=yes zones=yes tmp=yes cc=yes user=root in=/ starts=bash adds=useradd apt=true pinned=no',
	'buildpack-deps:bookworm-curl':
		'shell=yes libc=glibc glibc=36 roots=yes zones=yes tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=no',
	'buildpack-deps:bookworm-scm':
		'shell=yes libc=glibc glibc=36 roots=yes zones=yes tmp=yes cc=no user=root in=/ starts=bash adds=useradd apt=true pinned=no',
	'golang:1.22':
		'shell=yes libc=glibc glibc=36 roots=yes zones=? tmp=yes cc=yes user=root in=/go starts=bash adds=useradd apt=true pinned=yes',
	'golang:1.22-alpine':
		'shell=yes libc=musl glibc=? roots=yes zones=no tmp=yes cc=no user=root in=/go starts=/bin/sh adds=adduser apt=false pinned=yes',
	'golang:1.22-bullseye':
		'shell=yes libc=glibc glibc=31 roots=yes zones=yes tmp=yes cc=yes user=root in=/go starts=bash adds=useradd apt=true pinned=yes',
	'golang:rc-alpine':
		'shell=yes libc=musl glibc=? roots=yes zones=no tmp=yes cc=no user=root in=/go starts=/bin/sh adds=adduser apt=false pinned=no',
	'mcr.microsoft.com/oss/go/microsoft/golang:1.22-bookworm':
		'shell=yes libc=glibc glibc=36 roots=? zones=? tmp=yes cc=yes user=root in=/go starts=bash adds=? apt=false pinned=yes',
	'mcr.microsoft.com/oss/go/microsoft/golang:1.22-azurelinux3.0':
		'shell=yes libc=glibc glibc=? roots=? zones=? tmp=yes cc=? user=root in=/go starts=? adds=? apt=false pinned=yes',
	'gcr.io/distroless/static':
		'shell=no libc=none glibc=? roots=yes zones=yes tmp=yes cc=no user=0 in=/ starts=nothing adds=? apt=false pinned=no',
	'gcr.io/distroless/static-debian12:nonroot':
		'shell=no libc=none glibc=? roots=yes zones=yes tmp=yes cc=no user=65532 in=/home/nonroot starts=nothing adds=? apt=false pinned=no',
	'gcr.io/distroless/static:debug':
		'shell=yes libc=none glibc=? roots=yes zones=yes tmp=yes cc=no user=0 in=/ starts=/busybox/sh adds=? apt=false pinned=no',
	'gcr.io/distroless/base-debian12:debug-nonroot':
		'shell=yes libc=glibc glibc=36 roots=yes zones=yes tmp=yes cc=no user=65532 in=/home/nonroot starts=/busybox/sh adds=? apt=false pinned=no',
	'gcr.io/distroless/cc-debian11':
		'shell=no libc=glibc glibc=31 roots=yes zones=yes tmp=yes cc=no user=0 in=/ starts=nothing adds=? apt=false pinned=no',
	'cgr.dev/chainguard/static':
		'shell=no libc=none glibc=? roots=yes zones=yes tmp=yes cc=no user=65532 in=/ starts=nothing adds=? apt=false pinned=no',
	'cgr.dev/chainguard/glibc-dynamic':
		'shell=no libc=glibc glibc=? roots=yes zones=yes tmp=yes cc=no user=65532 in=? starts=? adds=? apt=false pinned=no',
	'cgr.dev/chainguard/wolfi-base':
		'shell=yes libc=glibc glibc=? roots=yes zones=? tmp=yes cc=no user=? in=? starts=? adds=? apt=false pinned=no',
	'cgr.dev/chainguard/go': 'shell=yes libc=glibc glibc=? roots=yes zones=? tmp=yes cc=yes user=? in=? starts=? adds=? apt=false pinned=no',
	'registry.access.redhat.com/ubi9/ubi':
		'shell=yes libc=glibc glibc=34 roots=yes zones=yes tmp=yes cc=no user=root in=/ starts=/bin/bash adds=? apt=false pinned=no',
	'registry.access.redhat.com/ubi9/ubi-minimal':
		'shell=yes libc=glibc glibc=34 roots=yes zones=? tmp=yes cc=no user=root in=/ starts=/bin/bash adds=? apt=false pinned=no',
	'registry.access.redhat.com/ubi8-micro':
		'shell=yes libc=glibc glibc=28 roots=? zones=? tmp=yes cc=no user=root in=/ starts=/bin/bash adds=? apt=false pinned=no',
	scratch: 'shell=no libc=none glibc=? roots=no zones=no tmp=no cc=no user=root in=/ starts=nothing adds=? apt=false pinned=yes',
};

describe('what base images hold', () => {
	for (const [reference, facts] of Object.entries(FACTS)) {
		it(reference, () => {
			const image = lookupBaseImage(reference);
			assert.ok(image);
			assert.equal(factsOf(image), facts);
		});
	}

	for (const [reference, windows] of [
		['golang:1.22-nanoserver-ltsc2022', true],
		['golang:1.22-windowsservercore', true],
		['mcr.microsoft.com/windows/nanoserver:ltsc2022', true],
		['mcr.microsoft.com/windows:ltsc2019', true],
		['mcr.microsoft.com/powershell:nanoserver-1809', true],
		['mcr.microsoft.com/oss/go/microsoft/golang:1.22-windowsservercore-ltsc2022', true],
		['golang:1.22', false],
	] as const) {
		it(`${reference} is ${windows ? '' : 'no '}Windows`, () => assert.equal(lookupBaseImage(reference)?.windows, windows));
	}

	for (const reference of [
		'mcr.microsoft.com/powershell:7',
		'gcr.io/distroless/java17',
		'nginx',
		'corp.example/alpine',
		'alpinee',
		'a/alpine',
	]) {
		it(`${reference} is not in the table`, () => assert.equal(lookupBaseImage(reference), undefined));
	}

	for (const [reference, go] of [
		['golang:1.22.3', ['1.22.3', 22, 'local', '1.22.3']],
		['golang:1.22', ['1.22', 22, 'local', undefined]],
		['golang:1.20', ['1.20', 20, undefined, undefined]],
		['golang:1.20.1', ['1.20.1', 20, undefined, '1.20.1']],
		['golang:1.21rc2', ['1.21rc2', 21, 'local', '1.21rc2']],
		['golang:1', [undefined, undefined, 'local', undefined]],
		['golang:alpine', [undefined, undefined, 'local', undefined]],
	] as const) {
		it(`${reference} brings its Go`, () => {
			const { go: found, environment } = lookupBaseImage(reference) ?? {};
			assert.deepEqual([found?.version, found?.minor, environment?.get('GOTOOLCHAIN'), environment?.get('GOLANG_VERSION')], go);
			assert.equal(environment?.get('GOPATH'), '/go');
			assert.match(environment?.get('PATH') ?? '', /^\/go\/bin:\/usr\/local\/go\/bin:.*:\/bin$/);
		});
	}

	it('knows the users of each', () => {
		const uids = (reference: string, ...names: string[]) => names.map((name) => lookupBaseImage(reference)?.users?.get(name)?.uid);
		assert.deepEqual(uids('alpine', 'root', 'nobody', 'guest', 'ubuntu'), [0, 65534, 405, undefined]);
		assert.deepEqual(uids('debian:12', 'root', 'nobody', 'ubuntu'), [0, 65534, undefined]);
		assert.deepEqual(uids('ubuntu:24.04', 'nobody', 'ubuntu'), [65534, 1000]);
		assert.deepEqual(uids('ubuntu:22.04', 'nobody', 'ubuntu'), [65534, undefined]);
		assert.deepEqual(uids('gcr.io/distroless/static', 'nobody', 'nonroot'), [65534, 65532]);
		assert.deepEqual(uids('scratch', 'root'), [undefined]);
	});

	it('takes mirrors of the official images for these', () => {
		for (const mirror of [
			'public.ecr.aws/docker/library/alpine:3.20',
			'mirror.gcr.io/library/alpine:3.20',
			'registry.hub.docker.com/library/alpine:3.20',
			'docker.io/alpine:3.20',
			'index.docker.io/library/alpine:3.20',
		]) {
			const image = lookupBaseImage(mirror);
			assert.equal(image?.libc, 'musl', mirror);
		}
	});
});

describe('tags of golang', () => {
	for (const [tag, variant] of [
		['1.22-alpine3.19', 'alpine3.19'],
		['1.22', undefined],
		['latest', undefined],
		[undefined, undefined],
		['1.22.3-bookworm', 'bookworm'],
		['alpine', 'alpine'],
		['rc', undefined],
		['rc-alpine', 'rc-alpine'],
		['1.22rc1-alpine', 'alpine'],
	] as const) {
		it(`${tag} is of the variant ${variant}`, () => assert.equal(goImageVariant(tag), variant));
	}

	// Docker Hub has golang:1.22-alpine3.18 and 3.19 from the start, and 3.18 not for its later patches.
	for (const [version, variant, tag] of [
		['1.22', undefined, '1.22'],
		['1.22', '', '1.22'],
		['1.22', 'alpine', '1.22-alpine'],
		['1.22', 'alpine3.19', '1.22-alpine3.19'],
		['1.22', 'alpine3.18', '1.22-alpine3.18'],
		['1.22.5', 'alpine3.18', '1.22.5-alpine'],
		['1.22.5', 'alpine3.19', '1.22.5-alpine3.19'],
		['1.22', 'alpine3.17', '1.22-alpine'],
		['1.22', 'alpine3.20', '1.22-alpine'],
		['1.9', 'alpine3.6', '1.9-alpine'],
		['1.16', 'alpine3.13', '1.16-alpine3.13'],
		['1.15', 'alpine3.12', '1.15-alpine'],
		['1.22', 'bookworm', '1.22-bookworm'],
		['1.22', 'bullseye', '1.22-bullseye'],
		['1.25', 'bullseye', '1.25'],
		['1.19', 'buster', '1.19-buster'],
		['1.20', 'buster', '1.20'],
		['1.12', 'buster', '1.12'],
		['1.20', 'bookworm', '1.20-bookworm'],
		['1.19', 'bookworm', '1.19'],
		['1.17', 'stretch', '1.17-stretch'],
		['1.8', 'jessie', '1.8-jessie'],
		['1.9', 'jessie', '1.9'],
		['1.23', 'trixie', '1.23'],
		['1.24', 'trixie', '1.24-trixie'],
		['1.22', 'windowsservercore', '1.22-windowsservercore'],
	] as const) {
		it(`${version} with ${variant} is ${tag}`, () => assert.equal(goImageTag(version, variant), tag));
	}
});
