import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readConfiguration } from '../../server/built-image/configuration.ts';
import { imageText, shownInstruction } from '../../server/built-image/image-text.ts';
import type { BuiltImage } from '../../server/built-image/model.ts';
import { mergeLayers } from '../../server/built-image/tree.ts';

function imageOf(history: readonly (string | undefined)[], config: object = {}): BuiltImage {
	const configuration = readConfiguration(JSON.stringify({ os: 'linux', architecture: 'amd64', config, rootfs: { diff_ids: [] } }));
	return { name: 'app:1', configuration, layers: history.map((createdBy) => ({ digest: undefined, createdBy })), tree: mergeLayers([]) };
}

describe('the text of a built image', () => {
	it('shows an instruction as a person wrote it', () => {
		for (const [createdBy, shown] of [
			['COPY /app /app # buildkit', 'COPY /app /app'],
			['RUN /bin/sh -c apk add tzdata # buildkit', 'RUN apk add tzdata'],
			['RUN |2 A=1 B=x y /bin/sh -c make   install # buildkit', 'RUN make install'],
			['/bin/sh -c #(nop)  CMD ["/bin/sh"]', 'CMD ["/bin/sh"]'],
			['/bin/sh -c #(nop) ADD file:abc12 in / ', 'ADD file:abc12 in /'],
			['/bin/sh -c apt-get update', 'RUN apt-get update'],
			['RUN /bin/bash -o pipefail -c make # buildkit', 'RUN /bin/bash -o pipefail -c make'],
			['kaniko', 'kaniko'],
		] as const) {
			assert.equal(shownInstruction(createdBy), shown);
		}
	});

	it('has a line for the image, for each layer and for each setting', () => {
		const history = [
			'/bin/sh -c #(nop) ADD file:abc in / ',
			'COPY --chown=1:1 /app /app # buildkit',
			'RUN /bin/sh -c cat <<EOF # buildkit',
			undefined,
			'ko build',
		];
		const config = {
			...{ Env: ['A=b c', 'B="$x"'], ExposedPorts: { '80/tcp': {} }, Volumes: { '/data': {} }, WorkingDir: '/w', User: 'u:g' },
			...{ StopSignal: 'SIGINT', Shell: ['/bin/bash', '-c'], Healthcheck: { Test: ['CMD-SHELL', 'curl x || exit 1'] } },
			...{ Entrypoint: ['/bin/bash', '-c', 'exec /app'], Cmd: ['a', 'b\nc'] },
		};
		assert.equal(
			imageText(imageOf(history, config)).dockerfile.text,
			`FROM app:1
ADD file:abc /
COPY /app /app
ADD layer-3 /
ADD layer-4 /
ADD layer-5 /
ENV A="b c"
ENV B="\\"\\$x\\""
EXPOSE 80/tcp
VOLUME ["/data"]
SHELL ["/bin/bash","-c"]
WORKDIR /w
STOPSIGNAL SIGINT
USER u:g
HEALTHCHECK CMD curl x || exit 1
ENTRYPOINT exec /app
CMD ["a","b\\nc"]
`,
		);
	});

	it('has one line for each, whatever the image says', () => {
		const commands = { Entrypoint: ['/bin/sh', '-c', '/app \\\n --x'], Cmd: ['y'] };
		for (const [config, line] of [
			[{ Env: ['A\nUSER root\nENV B=1'] }, 'ENV A USER root ENV B="1"'],
			[{ Env: ['A\\\n=1'] }, 'ENV A\\ ="1"'],
			[{ User: 'app\\ ' }, 'USER app'],
			[{ User: 'app\\\\' }, 'USER app'],
			[{ WorkingDir: `/${'w'.repeat(498)}\\more` }, `WORKDIR /${'w'.repeat(498)}`],
			[{ StopSignal: 'SIGINT\\\\' }, 'STOPSIGNAL SIGINT'],
			[{ ExposedPorts: { '80\\\\': {} } }, 'EXPOSE 80'],
			[{ Healthcheck: { Test: ['CMD-SHELL', 'a \\\n  b'] } }, 'HEALTHCHECK CMD ["/bin/sh","-c","a \\\\\\n  b"]'],
		] as const) {
			const text = imageText(imageOf(['COPY a /a\\\\'], { ...config, ...commands }));
			assert.deepEqual(text.dockerfile.text.split('\n').slice(1), [
				'COPY a /a',
				line,
				'ENTRYPOINT ["/bin/sh","-c","/app \\\\\\n --x"]',
				'CMD ["y"]',
				'',
			]);
			assert.equal(text.dockerfile.instructions.length, text.places.length);
			assert.ok(text.setting('ENTRYPOINT') !== undefined && text.setting('CMD') !== undefined, line);
		}
	});

	it('finds each of many settings at once', function () {
		this.timeout(10_000);
		const text = imageText(imageOf([], { Env: Array.from({ length: 20_000 }, (_, index) => `A${index}=`) }));
		for (let index = 0; index < 20_000; index++) assert.ok(text.setting('ENV', `A${index}`));
	});

	it('keeps the words of a command, whatever they are', () => {
		const word = fc.oneof(fc.string(), fc.constantFrom('/bin/sh', '-c', "['/app']", 'a \\', '<<EOF', '#x', '["a"]', '--a=b', 'a\nb'));
		fc.assert(
			fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.array(fc.string(), { maxLength: 3 }), (words, history) => {
				const text = imageText(
					imageOf(history, {
						...{ Entrypoint: words, Env: history.map((value) => `N${value}=${value}`), User: words[0], WorkingDir: words[0] },
						...{ StopSignal: words[0], Healthcheck: { Test: ['CMD-SHELL', words.at(-1)] } },
					}),
				);
				const instruction = text.setting('ENTRYPOINT');
				const command = instruction?.keyword === 'ENTRYPOINT' ? instruction.command : undefined;
				const kept = command?.form === 'exec' ? command.items.map(({ value }) => value) : ['/bin/sh', '-c', command?.text ?? ''];
				assert.deepEqual(kept, words, text.dockerfile.text);
				for (const index of history.keys()) assert.ok(text.layer(index), `layer ${index} of ${text.dockerfile.text}`);
				assert.equal(text.dockerfile.instructions.length, text.places.length);
			}),
		);
	});
});
