import assert from 'node:assert/strict';
import { createAnalyser } from '../../server/lint/analyse.ts';
import type { ImagePicture } from '../../server/picture/model.ts';
import { pictureOf } from '../../server/picture/picture.ts';
import { withSizes } from '../../server/picture/sizes.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

/** It needs CA certificates, a zone, a file, an executable and a temporary file. */
const PROGRAM = `package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"time"
)

func main() {
	response, err := http.Get("https://example.com/")
	fmt.Println(response, err)
	zone, err := time.LoadLocation("Europe/Berlin")
	fmt.Println(zone, err)
	fmt.Println(os.ReadFile("page.html"))
	fmt.Println(exec.Command("git", "version").Run())
	fmt.Println(exec.Command(os.Args[1]).Run())
	fmt.Println(os.CreateTemp("", "x"))
}
`;

/** A final stage on scratch that lacks most of what {@link PROGRAM} needs. */
export const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app

FROM scratch AS release
WORKDIR /srv
COPY page.html .
COPY --from=build --chown=65534:65534 /app /bin/app
COPY <<EOT /etc/motd
hé
EOT
USER 65534:65534
ENTRYPOINT ["/bin/app"]
`;

/**
 * The picture of the first target of a Dockerfile at /w, beside the program and `files`, by path below /w.
 *
 * @param mode the permission bits of all files of the workspace
 */
export async function draw(dockerfile: string, files: Readonly<Record<string, string>> = {}, mode?: number): Promise<ImagePicture> {
	const texts = {
		Dockerfile: dockerfile,
		'go.mod': 'module example.com/app\n\ngo 1.26\n',
		'main.go': PROGRAM,
		'page.html': '<p>',
		...files,
	};
	const memory = createMemoryFiles(Object.fromEntries(Object.entries(texts).map(([path, text]) => [`/w/${path}`, text])));
	const analyser = createAnalyser({ files: memory, log: (message) => assert.fail(message) });
	const { facts, findings } = await analyser.analyse({ path: '/w/Dockerfile', text: dockerfile, root: '/w' });
	const target = facts?.targets[0];
	assert.ok(facts !== undefined && target !== undefined);
	const picture = pictureOf(facts, target, findings);
	assert.deepEqual(JSON.parse(JSON.stringify(picture)), picture, 'JSON keeps it');
	assert.deepEqual(pictureOf(facts, target, findings), picture);
	const status = async (path: string) => {
		const found = await memory.status(path);
		return found && { ...found, ...(mode !== undefined && { mode }) };
	};
	return withSizes(picture, { ...memory, status });
}
