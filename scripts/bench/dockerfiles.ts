import { readFileSync } from 'node:fs';
import { inProject } from '../project.ts';

/** A Go program and its Dockerfile, for the directories that are checked. */
export const GO_FILES: Readonly<Record<string, string>> = {
	'go.mod': 'module example.com/app\n\ngo 1.22\n',
	'main.go': 'package main\n\nimport (\n\t"fmt"\n\t"net/http"\n)\n\nfunc main() {\n\tfmt.Println(http.Get("https://example.com"))\n}\n',
	'.dockerignore': '.git\n',
};

/** The Dockerfile of the article that the project grew from. */
export function articleDockerfile(): string {
	return readFileSync(inProject('scripts/bench/article.Dockerfile'), 'utf8');
}

/** A Dockerfile of two stages with so many lines, of the kinds that real ones have. */
export function dockerfileOf(lines: number): string {
	const head = [
		'# syntax=docker/dockerfile:1',
		'FROM golang:1.26 AS build',
		'WORKDIR /src',
		'COPY go.mod ./',
		'RUN go mod download',
		'COPY . .',
	];
	const tail = [
		'RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /app .',
		'',
		'FROM scratch',
		'COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/',
		'COPY --from=build /app /app',
		'USER 65534:65534',
		'ENTRYPOINT ["/app"]',
	];
	const middle: string[] = [];
	for (let line = 0; head.length + middle.length + tail.length < lines; line++) middle.push(...lineOf(line));
	return `${[...head, ...middle, ...tail].slice(0, Math.max(lines, head.length + tail.length)).join('\n')}\n`;
}

function lineOf(line: number): readonly string[] {
	switch (line % 6) {
		case 0:
			return [`ARG OPTION_${line}=value`];
		case 1:
			return [`ENV NAME_${line}="$OPTION_${line - 1}"`];
		case 2:
			return [`# What follows makes the files of part ${line}.`];
		case 3:
			return [`RUN mkdir -p /parts/${line} && echo "part ${line}" > /parts/${line}/name`];
		case 4:
			return [`COPY main.go /parts/${line - 1}/`];
		default:
			return [`LABEL part.${line}="$NAME_${line - 4}"`];
	}
}
