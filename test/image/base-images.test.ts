import assert from 'node:assert/strict';
import { type BaseImage, goImageTag, goImageVariant, lookupBaseImage } from '../../server/knowledge/base-images.ts';
import { lastStage } from './build.ts';
import { assertFiles } from './expected-files.ts';

describe('the table of base images', () => {
	const golang: readonly [
		string,
		{ version?: string; minor?: number; libc?: string; cCompiler?: string; toolchain?: string; pinned?: string; windows?: boolean },
	][] = [
		['golang', { libc: 'glibc', cCompiler: 'yes', toolchain: 'local', pinned: 'no' }],
		['golang:latest', { pinned: 'no' }],
		['golang:alpine', { libc: 'musl', cCompiler: 'no', pinned: 'no', toolchain: 'local' }],
		['golang:1', { pinned: 'no', toolchain: 'local' }],
		['golang:1-alpine', { pinned: 'no', libc: 'musl' }],
		['golang:1.22', { version: '1.22', minor: 22, pinned: 'yes', toolchain: 'local' }],
		['golang:1.22.3-alpine3.19', { version: '1.22.3', minor: 22, libc: 'musl', cCompiler: 'no' }],
		['golang:1.20-bookworm', { version: '1.20', minor: 20, libc: 'glibc', toolchain: undefined }],
		['golang:1.24rc1-alpine', { version: '1.24rc1', minor: 24, libc: 'musl' }],
		['golang:1.23@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', { version: '1.23', pinned: 'yes' }],
		['docker.io/library/golang:1.21', { minor: 21 }],
		['docker.io/golang:1.21', { minor: 21 }],
		['public.ecr.aws/docker/library/golang:1.21', { minor: 21 }],
		['mirror.gcr.io/library/golang:1.21', { minor: 21 }],
		['mcr.microsoft.com/oss/go/microsoft/golang:1.22-bookworm', { minor: 22, libc: 'glibc' }],
		['golang:1.22-windowsservercore-ltsc2022', { minor: 22, windows: true }],
	];
	for (const [reference, { version, minor, toolchain, ...rest }] of golang) {
		it(reference, () => {
			const image = lookupBaseImage(reference);
			assert.equal(image?.go?.hasGolangTags, true);
			if (version !== undefined) assert.equal(image?.go?.version, version);
			if (minor !== undefined) assert.equal(image?.go?.minor, minor);
			if (toolchain !== undefined || minor === 20) assert.equal(image?.environment.get('GOTOOLCHAIN'), toolchain);
			for (const [key, value] of Object.entries(rest)) assert.equal(image?.[key as 'libc'], value, key);
		});
	}

	const others: readonly [string, Partial<BaseImage> | undefined][] = [
		['scratch', { empty: true, shell: 'no' }],
		['alpine:3.19', { libc: 'musl', addsUsersWith: 'adduser', certificateRoots: 'yes' }],
		['gcr.io/distroless/static', { libc: 'none', shell: 'no', user: '0', zoneData: 'yes' }],
		['gcr.io/distroless/static-debian12:nonroot', { libc: 'none', shell: 'no', user: '65532', zoneData: 'yes' }],
		['gcr.io/distroless/base-nossl-debian13:debug-nonroot', { libc: 'glibc', shell: 'yes', user: '65532', zoneData: 'yes' }],
		['gcr.io/distroless/cc-debian11', { libc: 'glibc', shell: 'no', user: '0', zoneData: 'yes' }],
		['cgr.dev/chainguard/static:latest', { libc: 'none', shell: 'no', user: '65532', commandKnown: true }],
		['cgr.dev/chainguard/go', { libc: 'glibc', cCompiler: 'yes', commandKnown: false }],
		['busybox:1.36-musl', { libc: 'none', addsUsersWith: 'adduser', certificateRoots: 'no' }],
		['ubuntu:24.04', { libc: 'glibc', addsUsersWith: 'useradd', hasApt: true, zoneData: 'no' }],
		['registry.access.redhat.com/ubi9/ubi-minimal:9.4', { libc: 'glibc', hasApt: false, certificateRoots: 'yes' }],
		['registry.access.redhat.com/ubi8-micro', { libc: 'glibc', hasApt: false, certificateRoots: 'unknown' }],
		['corp.example/alpine', undefined],
		['myorg/golang:1.22', undefined],
		['gcr.io/distroless/java17', undefined],
		['SCRATCH', undefined],
		['', undefined],
		['$X', undefined],
	];
	for (const [reference, expected] of others)
		it(`${reference || 'nothing'} is ${expected === undefined ? 'unknown' : 'known'}`, () => {
			const image = lookupBaseImage(reference);
			assert.equal(image === undefined, expected === undefined);
			for (const [key, value] of Object.entries(expected ?? {})) assert.equal(image?.[key as keyof BaseImage], value, key);
		});

	it('tells the roots of an image and its user', () => {
		assert.equal(lookupBaseImage('debian:bookworm-slim')?.certificateRoots, 'no');
		assert.equal(lookupBaseImage('gcr.io/distroless/static:nonroot')?.user, '65532');
		assert.equal(lookupBaseImage('gcr.io/distroless/static:debug')?.shell, 'yes');
		assert.equal(lookupBaseImage('alpine:3.8')?.certificateRoots, 'unknown');
	});

	it('names a tag of another version and keeps the variant where there is one', () => {
		assert.equal(goImageTag('1.26', undefined), '1.26');
		assert.equal(goImageTag('1.26.1', goImageVariant('1.20-alpine3.17')), '1.26.1-alpine');
		assert.equal(goImageTag('1.26', goImageVariant('1.22-bookworm')), '1.26-bookworm');
		assert.equal(goImageTag('1.26', goImageVariant('1.16-buster')), '1.26');
		assert.equal(goImageTag('1.26', goImageVariant('latest')), '1.26');
		assert.equal(goImageTag('1.26', goImageVariant('alpine')), '1.26-alpine');
	});
});

describe('the directories of base images', () => {
	it('are closed or linked as they are in the image', async () => {
		for (const image of ['debian:13', 'alpine:3.22', 'gcr.io/distroless/static-debian12']) {
			const { files } = await lastStage(`FROM ${image}`);
			assertFiles(files, { yes: '/root', mode: { '/root': '700', '/tmp': '1777' } });
		}
		const { files } = await lastStage('FROM debian:13');
		assert.equal(files.linkAt('/bin'), 'usr/bin');
		assert.equal(files.linkAt('/usr/bin'), undefined);
		assertFiles(files, { yes: '/bin/sh /usr/bin/sh' });
	});
});
