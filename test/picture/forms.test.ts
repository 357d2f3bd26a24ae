import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { SaxesParser } from 'saxes';
import { colorsFor } from '../../server/cli/colors.ts';
import { pictureText } from '../../server/cli/picture-text.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from '../../server/picture/html-assets.ts';
import { pictureBody, pictureHtml } from '../../server/picture/html-form.ts';
import { pictureSvg } from '../../server/picture/svg-form.ts';
import { titleText } from '../../server/picture/title.ts';
import { DOCKERFILE, draw } from './draw.ts';

/** What would be markup, an attribute, a reference, or a break of the line if it were not escaped. */
const HOSTILE = `x"><img src=x onerror=alert(1)>&lt;'\u202e\ufffe\uffff`;

describe('the title of a picture', () => {
	const title = {
		of: '',
		files: 4,
		complete: true,
		base: 'scratch',
		needs: { met: 3, unmet: 1, unknown: 0 },
		user: { text: '65534', uid: 65534 },
	};

	it('says what is known in one line', () => {
		assert.equal(titleText(title), 'scratch · 4 files · needs 3 of 4 · runs as 65534');
		assert.equal(
			titleText({ ...title, base: undefined, files: 1, complete: false, needs: { met: 0, unmet: 0, unknown: 0 }, user: {} }),
			'unknown base image · 1 known file · no known needs · user unknown',
		);
		assert.equal(
			titleText({ ...title, needs: { met: 1, unmet: 0, unknown: 2 }, user: { text: 'app', uid: 100, gid: 101 } }),
			'scratch · 4 files · needs 1 of 3 (2 unknown) · runs as app (100:101)',
		);
		assert.match(titleText({ ...title, user: { uid: 0, gid: 0 } }), /runs as root$/);
	});
});

describe('the forms of a picture', () => {
	it('are a text for a terminal', async () => {
		const text = pictureText(await draw(DOCKERFILE), colorsFor(undefined), ['debug']).textFor(false);
		assert.equal(
			text.slice(text.indexOf('\n') + 1),
			`scratch · 3 files · needs 1 of 5 · runs as 65534:65534 · starts /bin/app

Needs
  ✗ CA certificates  missing-ca-certificates
      http.Get at main.go:12
      would be provided by: COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
  ✗ time zone data  missing-timezone-data
      time.LoadLocation("Europe/Berlin") at main.go:14
      would be provided by: go build -tags timetzdata
  ✗ temporary directory  missing-tmp
      os.CreateTemp at main.go:19
      would be provided by: RUN mkdir -p /rootfs && mkdir -m 1777 /rootfs/tmp in the build stage, and COPY --from=build /rootfs/ /
  ✗ executable git  missing-executable
      exec.Command("git") at main.go:17
      would be provided by: Install git in the final image
  ✓ file page.html: /srv/page.html
      os.ReadFile("page.html") at main.go:16

Files
  /                  0755  0
  ├── bin/           0755  0               COPY in line 9
  │   └── app        0755  65534           COPY in line 9  the program example.com/app
  ├── etc/           0755  0               COPY in line 10
  │   └── motd       0644  0          4 B  COPY in line 10
  └── srv/           0755  0               WORKDIR in line 7
      └── page.html        0          3 B  COPY in line 8

Stages
  build (golang:1.26)
      build context: . → /src line 3
  release (scratch)
      build context: page.html → /srv/page.html line 8
      build: /app → /bin/app line 9

Unknown
  ? It starts a program whose name is not in the source (exec.Command). main.go:18

Other targets: debug (--target NAME)
`,
		);
	});

	it('are a page that lets nothing run but its own style and script', async () => {
		for (const { markup, hash } of [PAGE_STYLE, PAGE_SCRIPT]) {
			assert.equal(hash, `sha256-${createHash('sha256').update(markup.markup).digest('base64')}`);
			assert.doesNotMatch(markup.markup, /<\//);
		}
		const page = pictureHtml(await draw(DOCKERFILE));
		assert.ok(page.includes(`content="default-src 'none'; style-src '${PAGE_STYLE.hash}'; script-src '${PAGE_SCRIPT.hash}';`));
		assert.equal(page.match(/<script|<style/g)?.length, 2);
		assert.doesNotMatch(page, /\son\w+=|javascript:|\ssrc=|https?:(?!\/\/example)|style="/);
		assert.match(
			page,
			/<tr role="row" class="file depth-2" aria-level="3" aria-posinset="1" aria-setsize="1" tabindex="-1" data-entry="\/bin\/app">/,
		);
		assert.match(page, /<a href="#line-9" data-start="\d+" data-end="\d+">COPY in line 9<\/a>/);
		const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
		assert.equal(new Set(ids).size, ids.length, 'each id is there once');
		for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) assert.ok(ids.includes(target), `#${target} is there`);
	});

	it('are an SVG with a title and a description', async () => {
		const svg = pictureSvg(await draw(DOCKERFILE));
		assert.match(
			svg,
			/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img" aria-labelledby="title description">\n<title id="title">scratch · 3 files/,
		);
		assert.match(svg, /<desc id="description">The image of \/w\/Dockerfile\. Needs: CA certificates: not met; /);
		assert.doesNotMatch(svg, /<script|\son\w+=|href=/);
	});

	it('show text of the repository as text', async () => {
		const picture = await draw(DOCKERFILE);
		const [first, ...others] = picture.tree;
		assert.ok(first !== undefined);
		const hostile = {
			...picture,
			title: { ...picture.title, of: HOSTILE, stage: HOSTILE, base: HOSTILE, starts: { program: HOSTILE, present: 'no' as const } },
			tree: [first, ...others.map((entry) => ({ ...entry, path: `${entry.path}${HOSTILE}`, target: HOSTILE }))],
			needs: picture.needs.map((need) => ({
				...{ ...need, title: HOSTILE, providedBy: [HOSTILE], supply: HOSTILE, code: HOSTILE },
				places: need.places.map((place) => ({ ...place, path: HOSTILE, name: HOSTILE, symbol: HOSTILE, way: HOSTILE })),
			})),
			unknowns: picture.unknowns.map((unknown) => ({ ...unknown, text: HOSTILE })),
			stages: picture.stages.map((stage) => ({
				...stage,
				name: HOSTILE,
				base: HOSTILE,
				from: { ...stage.from, text: HOSTILE, keyword: HOSTILE },
			})),
			flows: picture.flows.map((flow) => ({ ...flow, source: HOSTILE, destination: HOSTILE })),
		};
		for (const text of [pictureBody(hostile).markup, pictureHtml(hostile), pictureSvg(hostile)]) {
			assert.doesNotMatch(text, /<img|\u202e/);
			assert.ok(text.includes('x&#34;&#62;&#60;img src=x onerror=alert(1)&#62;&#38;lt;&#39;\\u202e'));
		}
		new SaxesParser().write(pictureSvg(hostile)).close();
		assert.doesNotMatch(pictureText(hostile, colorsFor(undefined)).textFor(true), /\u202e/);
	});
});
