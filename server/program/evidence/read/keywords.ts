import { keyword } from './names.ts';
import { FIRST_KEYWORD } from './tokens.ts';

const word = (text: Parameters<typeof keyword>[0]) => FIRST_KEYWORD + keyword(text);

export const BREAK = word('break');

export const CASE = word('case');

export const CHAN = word('chan');

export const CONST = word('const');

export const CONTINUE = word('continue');

export const DEFAULT = word('default');

export const DEFER = word('defer');

export const ELSE = word('else');

export const FALLTHROUGH = word('fallthrough');

export const FOR = word('for');

export const FUNC = word('func');

export const GO = word('go');

export const GOTO = word('goto');

export const IF = word('if');

export const IMPORT = word('import');

export const INTERFACE = word('interface');

export const MAP = word('map');

export const PACKAGE = word('package');

export const RANGE = word('range');

export const RETURN = word('return');

export const SELECT = word('select');

export const STRUCT = word('struct');

export const SWITCH = word('switch');

export const TYPE_WORD = word('type');

export const VAR = word('var');
