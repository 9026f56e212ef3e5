// Checks (or with --fix writes) the format of the plugin's Lua files by ../stylua.toml.
//
//   node stylua.mjs MODULE_DIR [--fix]
//
// stylua itself is a native program that its npm package downloads from elsewhere. The same author's WebAssembly build comes from npm
// whole; it has no command line and does not read stylua.toml, which is what this file does. MODULE_DIR is where npm installed it.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [moduleDir, mode] = process.argv.slice(2);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { Config, IndentType, LineEndings, LuaVersion, OutputVerification, QuoteStyle, CallParenType, formatCode } = createRequire(
  resolve(moduleDir, 'package.json'),
)('@johnnymorganz/stylua');

const ENUMS = {
  syntax: LuaVersion,
  line_endings: LineEndings,
  indent_type: IndentType,
  quote_style: QuoteStyle,
  call_parentheses: CallParenType,
};

/** Reads stylua.toml, which holds nothing but `key = value` lines. */
function readConfig() {
  const config = Config.new();
  for (const line of readFileSync(resolve(root, 'stylua.toml'), 'utf8').split('\n')) {
    const [, key, text, number] = line.match(/^(\w+) = (?:"(\w+)"|(\d+))$/) ?? [];
    if (!key) {
      if (line.trim() !== '') throw new Error(`stylua.toml: not understood: ${line}`);
      continue;
    }
    const value = number === undefined ? ENUMS[key]?.[text] : Number(number);
    if (value === undefined || !(key in config)) throw new Error(`stylua.toml: not known: ${line}`);
    config[key] = value;
  }
  return config;
}

let unformatted = 0;
for (const file of readdirSync(root, { recursive: true })) {
  if (!file.endsWith('.lua') && file !== '.luacheckrc') continue;
  const path = resolve(root, file);
  const source = readFileSync(path, 'utf8');
  const formatted = formatCode(source, readConfig(), undefined, OutputVerification.Full);
  if (formatted === source) continue;
  if (mode === '--fix') {
    writeFileSync(path, formatted);
  } else {
    console.error(`${file} is not formatted`);
    unformatted += 1;
  }
}
process.exit(unformatted === 0 ? 0 : 1);
