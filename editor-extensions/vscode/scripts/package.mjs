// Makes the .vsix. Run by `npm run package`, by `cargo xtask package vscode`, which brings program and catalog along, and by the UI tests.
//
// usage: node scripts/package.mjs [--out FILE] [--target TARGET --binary FILE [--catalog FILE]] [--vsce FILE]
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);

const EXTENSION = path.resolve(import.meta.dirname, '..');

/** What a package consists of, beside the server; `.vscodeignore` and `package.json` guide the packager. */
const PACKAGED = ['.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'icon.png', 'media', 'package.json'];

/** Platforms of VS Code that packages are made for. Alpine's programs are linked to musl, and run on every Linux. */
export const TARGETS = [
  'linux-x64',
  'linux-arm64',
  'linux-armhf',
  'alpine-x64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
];

/**
 * Makes a .vsix and returns its path and the files in it. Nothing but `dist/` is written to the source directory.
 *
 * `target` is the platform that `binary`, the program, is for; without both the package serves every platform and looks for the program
 * elsewhere. `catalog` is the catalog file that is put in place where none is installed. `vsce` is the packager's program; by default npx
 * obtains it.
 */
export async function packageExtension({ binary, catalog, out, target, vsce }) {
  if ((binary === undefined) !== (target === undefined)) throw new Error('a target and a binary come together');
  if (target !== undefined && !TARGETS.includes(target)) throw new Error(`${target} is none of ${TARGETS.join(', ')}`);
  if (!existsSync(path.join(EXTENSION, 'node_modules/.bin/esbuild'))) {
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: EXTENSION });
  }
  await run('node', ['scripts/bundle.mjs'], { cwd: EXTENSION });

  const stage = await mkdtemp(path.join(tmpdir(), 'medcode-package-'));
  try {
    for (const name of PACKAGED) await cp(path.join(EXTENSION, name), path.join(stage, name), { recursive: true });
    await mkdir(path.join(stage, 'server'));
    const program = target?.startsWith('win32') ? 'medcode.exe' : 'medcode';
    if (binary !== undefined) await cp(binary, path.join(stage, 'server', program));
    if (catalog !== undefined) await cp(catalog, path.join(stage, 'server/catalog.db'));

    const [packager, ...first] = vsce === undefined ? ['npx', '--yes', '@vscode/vsce@3.9.2'] : [vsce];
    const platform = target === undefined ? [] : ['--target', target];
    const rest = ['package', ...platform, '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '-o', path.resolve(out)];
    await mkdir(path.dirname(path.resolve(out)), { recursive: true });
    await run(packager, [...first, ...rest], { cwd: stage });
    const { stdout } = await run(packager, [...first, 'ls', '--no-dependencies'], { cwd: stage });
    return { vsix: path.resolve(out), files: stdout.trim().split('\n').sort() };
  } finally {
    await rm(stage, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { out: text, target: text, binary: text, catalog: text, vsce: text } });
  const { version } = JSON.parse(await readFile(path.join(EXTENSION, 'package.json'), 'utf8'));
  const platform = values.target === undefined ? '' : `-${values.target}`;
  const { vsix, files } = await packageExtension({ out: `medcode${platform}-${version}.vsix`, ...values });
  const { size } = await stat(vsix);
  console.log(`${vsix}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
}
