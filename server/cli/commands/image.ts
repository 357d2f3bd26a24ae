import { REPORT_FORMATS, readReports } from '../check.ts';
import { defineCommand } from '../command.ts';
import { checkImage, type ImageRequest } from '../image.ts';
import { COLOR, readWeighing, WEIGHING } from '../judging.ts';
import { PICTURE_FORMATS } from '../picture-form.ts';

export const image = defineCommand({
	name: 'image',
	operands: 'FILE|DIR|-',
	completes: 'files',
	summary: 'Report findings in an image that was built.',
	description: 'reports what will not start or run in a built image. It reads files and starts nothing.',
	before:
		'FILE is what docker save or podman save writes, an OCI layout as a tar archive, or a root file system (docker export), packed with gzip or zstd or not; DIR is an OCI layout or a root file system; - is a file on standard input: docker save app | go-scratch image -',
	options: {
		source: {
			value: 'DIR',
			choices: 'directories',
			help: 'The sources of the program: findings then name the Go line, and say if the image was built from others.',
		},
		platform: { value: 'OS/ARCH', help: 'Look at the image for this platform only, if there are several: linux/arm64.' },
		show: {
			help: 'Print what the image holds instead of findings: the tree with size, owner, mode and layer, and what the program needs.',
		},
		format: {
			value: 'FORMAT[=FILE]',
			multiple: true,
			choices: [...new Set([...REPORT_FORMATS, ...PICTURE_FORMATS])],
			help: `${REPORT_FORMATS.join(', ')}, as check has them; with --show: ${PICTURE_FORMATS.join(', ')}.`,
		},
		...WEIGHING,
	},
	after: `${COLOR}
Exit codes: 0: no findings (of the severity of --fail-on), 1: findings, 2: usage error, or an image that cannot be read.`,
	read(given): ImageRequest {
		const [place, ...more] = given.operands;
		if (place === undefined || more.length > 0) throw given.wrong('image requires one file, directory, or -');
		const show = given.has('show');
		return {
			...readWeighing(given),
			place,
			source: given.value('source'),
			platform: given.value('platform'),
			show: show ? given.oneOf('format', PICTURE_FORMATS, 'text') : undefined,
			reports: show ? [] : readReports(given),
		};
	},
	run: (request, { sessionFor, print }) => checkImage(request, sessionFor(request), print),
});
