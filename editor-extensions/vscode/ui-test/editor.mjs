// Packages the extension with a server inside, installs it in code-server and runs that. All files lie in a directory that the caller gives.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { packageExtension } from '../scripts/package.mjs';

const run = promisify(execFile);

/** Makes a .vsix that carries `binary`, without its debugging symbols, and `catalog`; returns its path and what is in it. */
export async function packageWithServer({ binary, cacheDirectory, catalog, into }) {
  const stripped = path.join(into, 'medcode');
  await run('strip', ['--strip-debug', '-o', stripped, binary]);
  const vsce = vsceIn(cacheDirectory);
  const target = `linux-${process.arch}`;
  return packageExtension({ binary: stripped, catalog, out: path.join(into, 'medcode.vsix'), target, vsce });
}

/** The packager that setup.sh has installed. */
export function vsceIn(cacheDirectory) {
  return path.join(cacheDirectory, 'tool/node_modules/.bin/vsce');
}

/** A running editor. */
export class Editor {
  #process;
  #directory;

  /** Address of the workbench. */
  address;

  /**
   * Installs `vsix` and starts the editor with `environment` added to a plain one. With `trustsFolders` it trusts what it opens without
   * asking. A running editor takes no notice of changes to the user's settings on disk, but of those to a folder's.
   */
  static async start({ cacheDirectory, directory, environment, settings, trustsFolders, vsix }) {
    const editor = new Editor();
    editor.#directory = directory;
    await mkdir(path.join(directory, 'home'), { recursive: true });
    await mkdir(path.join(directory, 'user-data/User'), { recursive: true });
    await writeFile(path.join(directory, 'user-data/User/settings.json'), JSON.stringify(settings));
    await writeFile(path.join(directory, 'config.yaml'), 'auth: none\n');

    const entry = path.join(cacheDirectory, 'cs/node_modules/code-server/out/node/entry.js');
    const base = [
      entry,
      ...['--config', path.join(directory, 'config.yaml')],
      ...['--user-data-dir', path.join(directory, 'user-data')],
      ...['--extensions-dir', path.join(directory, 'extensions')],
    ];
    // Nothing else is handed down: variables of an editor in whose terminal this may run would send the files to that one.
    const env = { PATH: process.env.PATH, HOME: path.join(directory, 'home'), LANG: 'C.UTF-8', ...environment };
    await run('node', [...base, '--install-extension', vsix], { env });

    // A process group of its own, so that `stop` reaches all that the editor starts.
    editor.#process = spawn(
      'node',
      [
        ...base,
        ...['--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check'],
        ...(trustsFolders ? ['--disable-workspace-trust'] : []),
      ],
      { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const log = createWriteStream(path.join(directory, 'code-server.log'));
    editor.#process.stderr.pipe(log);
    editor.address = await editor.#listeningAddress(log);
    return editor;
  }

  async #listeningAddress(log) {
    for await (const line of createInterface({ input: this.#process.stdout })) {
      log.write(`${line}\n`);
      const address = /HTTP server listening on (http:\S+?)\/?$/.exec(line)?.[1];
      if (address !== undefined) {
        this.#process.stdout.pipe(log);
        return address;
      }
    }
    throw new Error(`the editor ended; see ${log.path}`);
  }

  /** Process ids of language servers that run from the installed extension. */
  async languageServers() {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const found = [];
    for (const pid of pids) {
      // A process may end between the two looks.
      const [program, ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
      if (program.startsWith(path.join(this.#directory, 'extensions')) && args.includes('lsp')) found.push(Number(pid));
    }
    return found;
  }

  async stop() {
    const group = -this.#process.pid;
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      process.kill(group, 'SIGTERM');
      const timer = setTimeout(() => process.kill(group, 'SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    }
    try {
      process.kill(group, 'SIGKILL');
    } catch {
      // The group is empty, as it should be.
    }
  }
}
