// Required before a program: prints each file and each module of Node that the program loads.
const Module = require('node:module');
const path = require('node:path');

const load = Module._load;
Module._load = (request, ...rest) => {
	process.stderr.write(`loaded ${path.basename(request).replace(/^node:/, '')}\n`);
	return load(request, ...rest);
};
