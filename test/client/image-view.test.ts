import assert from 'node:assert/strict';
import axe from 'axe-core';
import { type BuildOptions, build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { ShowMessage, ViewMessage } from '../../client/webview/messages.ts';
import { findChromium, HOW_TO_GET_CHROMIUM } from '../../scripts/chromium.ts';
import { openPage } from '../../scripts/embedded-vscode.ts';
import { inProject } from '../../scripts/project.ts';
import { createAnalyser } from '../../server/lint/analyse.ts';
import type { ImagePicture } from '../../server/picture/model.ts';
import { pictureOf } from '../../server/picture/picture.ts';
import { createMemoryFiles } from '../../server/workspace/memory-files.ts';

const HOSTILE = '<img src=x onerror=document.title=1>';

const DOCKERFILE = `FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod ./
COPY . .
RUN CGO_ENABLED=0 go build -o /out/app .

FROM scratch
COPY --from=build /out/app /app
COPY ["templates", "/templates"]
USER 65534:65534
ENTRYPOINT ["/app"]
`;

const FILES = {
	'/w/go.mod': 'module example.com/app\n\ngo 1.26\n',
	'/w/main.go':
		'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\thttp.Get("https://example.com")\n\tos.CreateTemp("", "x")\n\tos.Open("templates/a.html")\n}\n',
	'/w/templates/a.html': 'a',
	[`/w/templates/deep/${HOSTILE}`]: 'b',
	'/w/Dockerfile': DOCKERFILE,
};

async function pictureOfDockerfile(text: string): Promise<ImagePicture> {
	const analyser = createAnalyser({ files: createMemoryFiles({ ...FILES, '/w/Dockerfile': text }) });
	const { facts, findings } = await analyser.analyse({ path: '/w/Dockerfile', text, root: '/w' });
	const target = facts?.targets[0];
	assert.ok(facts !== undefined && target !== undefined);
	return pictureOf(facts, target, findings);
}

/** Colors of VS Code's default themes, as far as the view uses them. */
const THEMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	dark: {
		foreground: '#cccccc',
		descriptionForeground: '#9d9d9d',
		'textLink-foreground': '#4daafc',
		'testing-iconPassed': '#73c991',
		'testing-iconFailed': '#f14c4c',
		'editorWarning-foreground': '#cca700',
		'editor-background': '#1f1f1f',
		'dropdown-background': '#313131',
		'dropdown-foreground': '#cccccc',
		focusBorder: '#0078d4',
	},
	light: {
		foreground: '#3b3b3b',
		descriptionForeground: '#3b3b3b',
		'textLink-foreground': '#005fb8',
		'testing-iconPassed': '#388a34',
		'testing-iconFailed': '#b01011',
		'editorWarning-foreground': '#7a5d00',
		'editor-background': '#ffffff',
		'dropdown-background': '#ffffff',
		'dropdown-foreground': '#3b3b3b',
		focusBorder: '#005fb8',
	},
	'high contrast': {
		foreground: '#ffffff',
		descriptionForeground: '#ffffff',
		'textLink-foreground': '#21a6ff',
		'testing-iconPassed': '#73c991',
		'testing-iconFailed': '#f48771',
		'editorWarning-foreground': '#ffd370',
		'editor-background': '#000000',
		'dropdown-background': '#000000',
		'dropdown-foreground': '#ffffff',
		contrastBorder: '#6fc3df',
		focusBorder: '#f38518',
	},
};

/** The bundles of the view. */
async function bundle(entry: string): Promise<string> {
	const options: BuildOptions = { entryPoints: [inProject('client', 'webview', entry)], bundle: true, write: false, format: 'iife' };
	const { outputFiles } = await build(options);
	return outputFiles?.[0]?.text ?? '';
}

describe('the image view', function () {
	this.timeout(120_000);
	let browser: Browser;
	let page: Page;
	let script: string;
	let style: string;
	let picture: ImagePicture;

	before(async function () {
		const executable = findChromium();
		if (!executable) {
			console.log(`    Skipped: ${HOW_TO_GET_CHROMIUM}`);
			return this.skip();
		}
		[script, style] = await Promise.all([bundle('image-view.ts'), bundle('image-view.css')]);
		picture = await pictureOfDockerfile(DOCKERFILE);
		({ browser, page } = await openPage(executable));
	});
	after(async () => browser?.close());

	async function open(theme: string, pictures: readonly ImagePicture[] = [picture]): Promise<void> {
		const colors = Object.entries(THEMES[theme] ?? {}).map(([name, color]) => `--vscode-${name}: ${color};`);
		await page.setContent(
			`<!DOCTYPE html><html lang="en"><head><title>Image</title><style>:root { ${colors.join(' ')} } body { background: var(--vscode-editor-background); } ${style}</style></head><body><main id="image"></main></body></html>`,
		);
		await page.evaluate('globalThis.sent = []; globalThis.acquireVsCodeApi = () => ({ postMessage: (m) => sent.push(m), setState() {} });');
		await page.addScriptTag({ content: script });
		await show(pictures);
	}

	async function show(pictures: readonly ImagePicture[]): Promise<void> {
		const message: ShowMessage = { type: 'show', name: 'Dockerfile', dockerfile: 'file:///w/Dockerfile', pictures, target: undefined };
		await page.evaluate(`window.dispatchEvent(new MessageEvent('message', { data: ${JSON.stringify(message)} }))`);
	}

	const textOf = async (selector: string) => (await page.locator(selector).allInnerTexts()).join('\n');
	const sent = () => page.evaluate<ViewMessage[]>('sent');
	const focused = () => page.evaluate<string>("document.activeElement?.getAttribute('data-path') ?? ''");

	for (const theme of Object.keys(THEMES)) {
		it(`has no fault that axe finds, in a ${theme} theme`, async () => {
			await open(theme);
			await page.evaluate(axe.source);
			const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
			assert.deepEqual(
				violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
				[],
			);
		});
	}

	it('asks for what to show, and shows the needs, the files, the stages and what is not known', async () => {
		await open('dark');
		assert.deepEqual((await sent())[0], { type: 'ready' });
		const needs = await page.locator('.needs li').allInnerTexts();
		assert.ok(
			needs.some((text) => /CA certificates/.test(text) && /http\.Get at main\.go:9/.test(text)),
			needs.join('\n'),
		);
		assert.equal(await page.locator('.needs li.unmet').count(), picture.title.needs.unmet);
		const rows = await page.locator('tbody tr').allInnerTexts();
		assert.ok(
			rows.some((row) => /^\W*\/?app/.test(row) && row.includes('COPY --from=build /out/app /app')),
			rows.join('\n'),
		);
		const stages = await page.locator('.stage').allInnerTexts();
		assert.equal(stages.length, 2);
		assert.match(stages[1] ?? '', /scratch · target[\s\S]*from build: \/out\/app → \/app/);
	});

	it('shows names of the repository as text', async () => {
		await open('dark');
		await page.locator('[data-path="/templates"]').first().focus();
		const text = await textOf('tbody');
		assert.equal(await page.locator('main img').count(), 0);
		if (!text.includes(HOSTILE)) {
			await page.keyboard.press('ArrowRight');
			for (const row of await page.locator('tr[aria-expanded="false"]').all()) await row.click();
		}
		assert.ok((await textOf('tbody')).includes(HOSTILE), await textOf('tbody'));
		assert.equal(await page.title(), 'Image');
	});

	it('is walked with the keys of a tree grid', async () => {
		await open('dark');
		await page.locator('tbody tr[tabindex="0"]').focus();
		await page.keyboard.press('End');
		await page.keyboard.press('Home');
		const first = await focused();
		await page.keyboard.press('ArrowDown');
		assert.notEqual(await focused(), first);
		await page.keyboard.press('ArrowUp');
		assert.equal(await focused(), first);
		await page.locator('[data-path="/templates"]').focus();
		const state = () => page.locator('[data-path="/templates"]').getAttribute('aria-expanded');
		if ((await state()) === 'true') await page.keyboard.press('ArrowLeft');
		assert.equal(await state(), 'false');
		await page.keyboard.press('ArrowRight');
		assert.equal(await state(), 'true');
		await page.keyboard.press('ArrowRight');
		assert.match(await focused(), /^\/templates\//);
		await page.keyboard.press('ArrowLeft');
		assert.equal(await focused(), '/templates');
		assert.equal(await page.locator('tbody tr[tabindex="0"]').count(), 1, 'one row is in the order of the tab key');
	});

	it('goes to the instruction and to the Go line', async () => {
		await open('dark');
		await page.locator('[data-path="/app"]').focus();
		await page.keyboard.press('Enter');
		const copy = DOCKERFILE.split('\n').indexOf('COPY --from=build /out/app /app') + 1;
		assert.deepEqual((await sent()).at(-1), { type: 'go', line: copy, column: 1 });
		await page.locator('.needs .link', { hasText: 'http.Get' }).click();
		assert.deepEqual((await sent()).at(-1), { type: 'go', path: '/w/main.go', line: 9, column: 7 });
	});

	it('keeps what is open, and the row with the focus, when a new picture comes', async () => {
		await open('dark');
		await page.locator('[data-path="/templates"]').focus();
		const state = () => page.locator('[data-path="/templates"]').getAttribute('aria-expanded');
		const before = await state();
		await page.keyboard.press(before === 'true' ? 'ArrowLeft' : 'ArrowRight');
		const after = await state();
		assert.notEqual(after, before);
		await show([await pictureOfDockerfile(DOCKERFILE.replace('USER 65534:65534', 'USER 1000:1000'))]);
		assert.match(await textOf('.facts'), /1000:1000/);
		assert.equal(await state(), after);
		assert.equal(await focused(), '/templates');
	});

	it('lets a person choose among several targets', async () => {
		const other = { ...picture, title: { ...picture.title, stage: 'debug' } };
		await open('dark', [picture, other]);
		await page.locator('#target').selectOption(String(picture.title.stage));
		assert.deepEqual((await sent()).at(-1), { type: 'target', target: picture.title.stage });
	});
});
