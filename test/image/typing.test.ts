import assert from 'node:assert/strict';
import { parseDockerfile } from '../../server/dockerfile/parse.ts';
import type { RunMemory } from '../../server/image/checkpoint.ts';
import type { ImageBuild } from '../../server/image/model.ts';
import { runBuild } from '../../server/image/run.ts';

const BUILD = (typed: string) => `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
${typed.padEnd(80)}
RUN mkdir -p /data/x && touch /data/x/y
RUN go build -o /app .
FROM scratch
COPY --from=build /app /app
COPY --from=build /data /data
ENTRYPOINT ["/app"]
`;

/** What comes of the Dockerfile while each of the lines stands in it, one after the other. */
function imagesOf(lines: readonly string[], dockerfile: (line: string) => string): ImageBuild[] {
	const memory: RunMemory = {};
	let before: ReturnType<typeof parseDockerfile> | undefined;
	return lines.map((line) => {
		before = parseDockerfile(dockerfile(line), before);
		return runBuild(before, { context: undefined, go: undefined }, memory);
	});
}

/** Whether the stages behind what is typed were not followed again for the last of the lines: then their commands are those of before. */
function wasKnown(lines: readonly string[], dockerfile = BUILD): boolean {
	const [before, last] = imagesOf(['', 'L', 'LA', ...lines], dockerfile).slice(-2);
	const build = before?.stages[0]?.builds[0];
	assert.notEqual(build, undefined);
	return last?.stages[0]?.builds[0] === build;
}

describe('a line that is typed', () => {
	const KNOWN: Readonly<Record<string, readonly string[]>> = {
		'makes files that nothing else has to do with': ['RUN mkdir /other', 'RUN mkdir /others'],
		'changes no files': ['RUN ls', 'RUN ls /'],
		'is no instruction yet': ['RU', 'RUN'],
		'runs a program of which nothing is known': ['RUN m', 'RUN mk'],
		'cannot be read yet': ['RUN echo "a', 'RUN echo "a b'],
		'labels the image': ['LABEL a=b', 'LABEL a=bc'],
	};
	for (const [what, lines] of Object.entries(KNOWN)) {
		it(`leaves what stands below it as it was where it ${what}`, () => assert.equal(wasKnown(lines), true));
	}

	const FOLLOWED: Readonly<Record<string, readonly string[]>> = {
		'writes what is changed below it': ['RUN touch /data', 'RUN touch /data/x'],
		'writes what is made below it': ['RUN mkdir /dat', 'RUN mkdir /data'],
		'writes into what is copied below it': ['RUN touch /data/', 'RUN touch /data/z'],
		'sets what the go command reads': ['RUN go env -w CGO_ENABLED=', 'RUN go env -w CGO_ENABLED=0'],
		'builds a program': ['RUN go build -o /x', 'RUN go build -o /xy'],
		'sets a variable': ['ENV A=', 'ENV A=1'],
	};
	for (const [what, lines] of Object.entries(FOLLOWED)) {
		it(`has what stands below it followed anew where it ${what}`, () => assert.equal(wasKnown(lines), false));
	}

	it('has a stage that is started from its own followed anew', () => {
		const chained = (typed: string) => BUILD(typed).replace('FROM scratch', 'FROM build');
		assert.equal(wasKnown(['RUN mkdir /other', 'RUN mkdir /others'], chained), false);
		assert.equal(wasKnown(['RUN ls', 'RUN ls /'], chained), true);
	});

	it('goes where links lead before what stands below it changes them', () => {
		const linked = (typed: string) =>
			BUILD(typed)
				.replace('COPY . .', 'COPY . .\nRUN mkdir -p /d/e /d2/e /d/x /d2/x && ln -s /d/e /m && ln -s /m/../x /l')
				.replace('RUN mkdir -p /data/x', 'RUN ln -sfn /d2/e /m && mkdir -p /data/x');
		const files = imagesOf(['', 'L', 'LA', 'RUN touch /l/', 'RUN touch /l/k'], linked).at(-1)?.stages[0]?.files;
		assert.equal(files?.has('/d/x/k'), 'yes');
		assert.equal(files?.has('/d2/x/k'), 'no');
	});

	it('counts in its stage, and for the stages that copy from that', () => {
		const image = imagesOf(['', 'L', 'LA', 'RUN mkdir /other', 'RUN mkdir /others'], BUILD).at(-1);
		const [build, final] = image?.stages ?? [];
		assert.equal(build?.files.has('/others'), 'yes');
		assert.equal(build?.files.has('/other'), 'no');
		assert.deepEqual(
			build?.ran.map(({ words }) => words.join(' ')),
			['mkdir /others', 'mkdir -p /data/x', 'touch /data/x/y', 'go build -o /app .'],
		);
		const { from } = final?.copies[0] ?? {};
		assert.equal(from?.kind === 'stage' && from.state, build);
		assert.deepEqual(image?.targets, [final]);
	});
});
