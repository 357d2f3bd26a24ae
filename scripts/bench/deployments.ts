import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inProject } from '../project.ts';
import { dockerfileOf, GO_FILES } from './dockerfiles.ts';
import { costOf, median, milliseconds, report } from './measure.ts';

const ROUNDS = 5;
const FILES = 2000;

/** What so many YAML files may add to a check, in seconds of processor time. */
const MOST_SECONDS = 1.5;

/** Measures what the YAML files of a workspace add to a check: most start nothing, many are manifests of images of others, some of its own. */
export async function measureDeployments(): Promise<void> {
	const command = inProject('dist/cli.cjs');
	const root = mkdtempSync(path.join(tmpdir(), 'go-scratch-bench-'));
	const workspace = path.join(root, 'workspace');
	const environment = { ...process.env, GO_SCRATCH_CACHE: path.join(root, 'cache') };
	console.log('go-scratch check, with deployments');
	try {
		for (const [name, text] of Object.entries({ ...GO_FILES, Dockerfile: dockerfileOf(60) })) write(path.join(workspace, name), text);
		for (let count = 0; count < FILES; count++) {
			const [directory, text] = yamlOf(count);
			write(path.join(workspace, directory, `part-${count % 50}`, `file-${count}.yaml`), text);
		}
		const costs: Record<'with' | 'without', { wall: number; processor: number }[]> = { with: [], without: [] };
		for (let round = 0; round <= ROUNDS; round++) {
			for (const [key, words] of [
				['with', []],
				['without', ['--no-deployments']],
			] as const) {
				const cost = await costOf(process.execPath, [command, 'check', '.', ...words], workspace, environment, [0, 1]);
				// The first round fills the caches.
				if (round > 0) costs[key].push(cost);
			}
		}
		const [more, less] = [costs.with, costs.without].map((each) => ({
			processor: median(each.map(({ processor }) => processor)),
			wall: median(each.map(({ wall }) => wall)),
		})) as [{ processor: number; wall: number }, { processor: number; wall: number }];
		const detail = `${milliseconds(more.processor)} of processor time against ${milliseconds(less.processor)}; ${milliseconds(more.wall)} on the wall against ${milliseconds(less.wall)}`;
		report(`${FILES} YAML files, more than without`, (more.processor - less.processor) / 1000, MOST_SECONDS, detail, ' s');
	} finally {
		rmSync(root, { recursive: true });
	}
}

function write(file: string, text: string): void {
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, text);
}

/** A directory and a YAML file for it. */
function yamlOf(count: number): [string, string] {
	const lines = (from: (line: number) => string, length: number) => Array.from({ length }, (_, line) => from(line)).join('');
	switch (count % 10) {
		case 0:
			return [
				'compose',
				`services:\n  app:\n    build: ../..\n    read_only: true\n    tmpfs: /tmp\n    ports: ["${8000 + (count % 1000)}:8080"]\n`,
			];
		case 1:
			return [
				'compose',
				`services:\n${lines((line) => `  service-${line}:\n    image: postgres:17\n    environment:\n      NUMBER: "${line}"\n`, 10)}`,
			];
		case 2:
		case 3:
		case 4:
			return ['k8s', manifest(count, `registry.example.com/other-${count}:v1`)];
		case 5:
			return ['k8s', manifest(count, 'app:latest')];
		case 6:
			return ['charts/app/templates', manifest(count, '{{ .Values.image }}')];
		default:
			return ['data', lines((line) => `entry-${count}-${line}:\n  text: "the text of ${line}"\n  values: [1, 2, 3]\n`, 40)];
	}
}

function manifest(count: number, image: string): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${count}
  labels: {app: app-${count}}
spec:
  replicas: 2
  selector:
    matchLabels: {app: app-${count}}
  template:
    metadata:
      labels: {app: app-${count}}
    spec:
      containers:
        - name: app
          image: ${image}
          ports:
            - containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          readinessProbe:
            httpGet: {path: /, port: 8080}
          resources:
            limits: {cpu: 500m, memory: 128Mi}
---
apiVersion: v1
kind: Service
metadata:
  name: app-${count}
spec:
  selector: {app: app-${count}}
  ports:
    - port: 80
      targetPort: 8080
`;
}
