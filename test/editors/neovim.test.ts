import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { DOCKERFILE, describeEditor, documentedCode, GO_MOD, HTTPS_PROGRAM, QUIET_PROGRAM, usePlace } from './editor.ts';

/** What every run begins with: how it waits, and what is found in the buffer at hand. */
const PRELUDE = `
local function wait(what, condition)
  if not vim.wait(40000, condition, 20) then error('waited in vain for ' .. what) end
end
local function codes()
  return vim.tbl_map(function(diagnostic) return diagnostic.code or diagnostic.user_data.lsp.code end, vim.diagnostic.get(0))
end
local function finds(code) return vim.tbl_contains(codes(), code) end
local function lines(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\\n') end
local function buffer_of(name) return vim.fn.bufnr(vim.fn.getcwd() .. '/' .. name) end
local function choose(title)
  vim.ui.select = function(items, options, chosen)
    for _, item in ipairs(items) do
      if (options.format_item or tostring)(item):find(title, 1, true) then return chosen(item) end
    end
    error('nothing of that title is offered: ' .. title)
  end
end
-- Some versions let a person choose an answer by its number.
local function answer(title)
  choose(title)
  vim.fn.inputlist = function(list)
    for index, line in ipairs(list) do if line:find(title, 1, true) then return index - 2 end end
    error('nothing of that title is offered: ' .. title)
  end
end
`;

describeEditor('Neovim', 'nvim', 'neovim', (nvim) => {
	const place = usePlace();
	const [config, olderConfig, ...commands] = documentedCode('Neovim', 'lua');
	const found = spawnSync(nvim, ['--version'], { encoding: 'utf8' });
	const [, minor] = /v0\.(\d+)/.exec(found.stdout ?? '') ?? [];
	const init = [minor !== undefined && Number(minor) < 11 ? olderConfig : config, ...commands].join('\n');

	beforeEach(() => place.write({ 'go.mod': GO_MOD, 'main.go': QUIET_PROGRAM, '.dockerignore': '.git\n', Dockerfile: DOCKERFILE }));

	/** Opens a file and runs `script`, a Lua function's body. */
	function drive(file: string, script: string): Promise<unknown> {
		writeFileSync(place.beside('init.lua'), init);
		writeFileSync(
			place.beside('drive.lua'),
			`${PRELUDE}
local ok, result = xpcall(function() ${script} end, debug.traceback)
vim.fn.writefile({ vim.fn.json_encode(ok and { result = result } or { error = result }) }, vim.env.RESULT)
vim.cmd('qall!')`,
		);
		return place.run(nvim, '--headless', '--clean', '-u', place.beside('init.lua'), file, '-c', `luafile ${place.beside('drive.lua')}`);
	}

	it('shows findings, and takes them back when they are mended by hand', async () => {
		const result = await drive(
			'Dockerfile',
			`wait('findings', function() return finds('shell-form-command') end)
			local before = vim.diagnostic.get(0)
			local at = vim.tbl_filter(function(each) return each.message:find('shell form') end, before)[1]
			vim.api.nvim_buf_set_lines(0, 8, 9, false, { 'CMD ["/app"]' })
			wait('fewer findings', function() return not finds('shell-form-command') end)
			return { line = at.lnum, column = at.col, source = at.source, left = codes() }`,
		);
		assert.deepEqual(result, { line: 8, column: 0, source: 'go-scratch', left: ['unpinned-go-image'] });
	});

	it('follows a Go file that is not saved', async () => {
		const needed = await drive(
			'Dockerfile',
			`wait('findings', function() return finds('shell-form-command') end)
			assert(not finds('missing-ca-certificates'))
			vim.cmd('set hidden | edit main.go')
			vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(${JSON.stringify(HTTPS_PROGRAM)}, '\\n'))
			vim.cmd('buffer Dockerfile')
			wait('another finding', function() return finds('missing-ca-certificates') end)
			return lines(buffer_of('Dockerfile'))`,
		);
		assert.equal(`${needed}\n`, DOCKERFILE);
	});

	it('mends one finding', async () => {
		const text = await drive(
			'Dockerfile',
			`wait('findings', function() return finds('shell-form-command') end)
			vim.api.nvim_win_set_cursor(0, { 9, 0 })
			choose('Convert CMD to exec form')
			vim.lsp.buf.code_action()
			wait('the mend', function() return not lines():find('CMD /app', 1, true) end)
			return lines()`,
		);
		assert.equal(`${text}\n`, DOCKERFILE.replace('CMD /app', 'CMD ["/app"]'));
	});

	it('mends all that is certain, on demand and on save', async () => {
		const { demanded, saved } = (await drive(
			'Dockerfile',
			`wait('findings', function() return finds('shell-form-command') end)
			vim.cmd('GoScratchFixAll')
			local demanded = lines()
			wait('no findings', function() return #codes() == 0 end)
			vim.api.nvim_buf_set_lines(0, 8, 9, false, { 'CMD /app' })
			wait('findings', function() return finds('shell-form-command') end)
			vim.cmd('write')
			return { demanded = demanded, saved = lines() }`,
		)) as Record<string, string>;
		const mended = DOCKERFILE.replace('CMD /app', 'CMD ["/app"]').replace('FROM golang ', 'FROM golang:1.26 ');
		assert.equal(`${demanded}\n`, mended);
		assert.equal(`${saved}\n`, mended);
		assert.equal(place.read('Dockerfile'), mended);
	});

	it('generates a Dockerfile for the program that a person chooses', async () => {
		place.write({ 'cmd/fetch/main.go': HTTPS_PROGRAM, 'cmd/wait/main.go': QUIET_PROGRAM, 'doc.go': 'package app\n' });
		await drive(
			'doc.go',
			`vim.fn.delete('main.go') vim.fn.delete('Dockerfile') vim.fn.delete('.dockerignore')
			answer('cmd/fetch')
			wait('the server', function()
				return next(vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = 0 }) or vim.lsp.buf_get_clients(0)) ~= nil
			end)
			vim.cmd('GoScratchGenerate')
			wait('the files', function() return buffer_of('Dockerfile') ~= -1 and buffer_of('.dockerignore') ~= -1 end)
			wait('their text', function() return lines(buffer_of('Dockerfile')):find('ENTRYPOINT') end)
			vim.cmd('wall')`,
		);
		const text = place.read('Dockerfile') ?? '';
		for (const part of ['./cmd/fetch', 'FROM scratch', 'ca-certificates.crt']) {
			assert(text.includes(part), `${part} is in\n${text}`);
		}
		assert.match(place.read('.dockerignore') ?? '', /\S/);
	});
});
