// Bundles the extension into one file and writes the licences of what went into it.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  external: ['vscode'],
  format: 'cjs',
  platform: 'node',
  // The Node inside the oldest VS Code of `engines`.
  target: 'node20',
  minify: true,
  metafile: true,
  logLevel: 'info',
});

/** Directories of the packages that the bundle contains, by the last `node_modules` in a path. */
function packageDirectories(inputs) {
  const found = new Set();
  for (const input of Object.keys(inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) found.add(match[1]);
  }
  return [...found].sort();
}

const notices = [];
for (const directory of packageDirectories(metafile.inputs)) {
  const manifest = JSON.parse(await readFile(path.join(root, directory, 'package.json'), 'utf8'));
  const licence = (await readdir(path.join(root, directory))).find((name) => /^licen[cs]e/i.test(name));
  if (licence === undefined) throw new Error(`${directory} has no licence file; look at it before it is shipped`);
  const text = await readFile(path.join(root, directory, licence), 'utf8');
  notices.push(`${manifest.name} ${manifest.version} (${manifest.license})\n\n${text.trim()}\n`);
}
await writeFile(
  path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'),
  `This extension contains the following packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`,
);
