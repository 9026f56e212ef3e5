// Finds the `medcode` program and proves that it runs.

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { expandHome } from './paths';

/** Where a program was found, in the order of the search. */
export type BinarySource = 'medcode.server.path' | 'MEDCODE_PATH' | 'the extension' | 'PATH';

export interface Binary {
  /** Absolute path. */
  readonly path: string;
  readonly source: BinarySource;
  /** What `medcode --version` printed. */
  readonly version: string;
}

export interface Surroundings {
  /** The setting `medcode.server.path`; empty when not set. */
  readonly setting: string;
  /** Directory of the extension; a carried program lies in its `server/`. */
  readonly extensionDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** No usable program; the message says what was tried and which setting mends it. */
export class BinaryError extends Error {
  override readonly name = 'BinaryError';
}

/** Milliseconds for `--version`; ample, since a virus scanner may look at a new program first. */
const VERSION_TIMEOUT_MS = 20_000;

/**
 * Finds the program by setting, environment, extension and `PATH`, in this order, and runs `--version`.
 *
 * What the user has named is taken or refused, never replaced by a later candidate: another program than the one named would be a puzzle.
 *
 * @throws BinaryError when nothing is found or what was found does not run.
 */
export async function findBinary(surroundings: Surroundings): Promise<Binary> {
  const { path: file, source } = await locate(surroundings);
  return { path: file, source, version: await readVersion(file, source) };
}

async function locate(surroundings: Surroundings): Promise<Omit<Binary, 'version'>> {
  const setting = surroundings.setting.trim();
  if (setting !== '') {
    return { path: await resolveNamed(setting, 'medcode.server.path', surroundings), source: 'medcode.server.path' };
  }
  const environment = surroundings.environment['MEDCODE_PATH']?.trim() ?? '';
  if (environment !== '') {
    return { path: await resolveNamed(environment, 'MEDCODE_PATH', surroundings), source: 'MEDCODE_PATH' };
  }
  const carried = path.join(surroundings.extensionDirectory, 'server', executableName('medcode', surroundings.platform));
  if (await exists(carried)) return { path: carried, source: 'the extension' };

  const onPath = await searchPath('medcode', surroundings);
  if (onPath !== undefined) return { path: onPath, source: 'PATH' };
  throw new BinaryError('The medcode program was not found. Install it, or set medcode.server.path to where it is.');
}

/** Absolute path of a program that the user has named by `source`. */
async function resolveNamed(named: string, source: BinarySource, surroundings: Surroundings): Promise<string> {
  const file = expandHome(named);
  if (path.isAbsolute(file)) return file;
  // A path relative to the open folder would let the folder decide what is started.
  if (/[/\\]/.test(file)) {
    throw new BinaryError(`${source} is "${named}". Use an absolute path, a path that begins with ~/, or a name to look up in PATH.`);
  }
  const found = await searchPath(file, surroundings);
  if (found === undefined) throw new BinaryError(`${source} is "${named}", which is not in PATH.`);
  return found;
}

/**
 * First file of that name in `PATH`. Not left to the system: Windows looks into the working directory, thus into the open folder, first.
 * For the same reason relative entries of `PATH` do not count.
 */
async function searchPath(name: string, { environment, platform }: Surroundings): Promise<string | undefined> {
  const variable = Object.keys(environment).find((key) => key === 'PATH' || (platform === 'win32' && key.toUpperCase() === 'PATH'));
  const directories = (variable === undefined ? '' : (environment[variable] ?? '')).split(path.delimiter);
  for (const directory of directories) {
    if (!path.isAbsolute(directory)) continue;
    const file = path.join(directory, executableName(name, platform));
    if (await exists(file, constants.X_OK)) return file;
  }
  return undefined;
}

function executableName(name: string, platform: NodeJS.Platform): string {
  return platform === 'win32' && !name.toLowerCase().endsWith('.exe') ? `${name}.exe` : name;
}

async function exists(file: string, mode = constants.F_OK): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

async function readVersion(file: string, source: BinarySource): Promise<string> {
  const output = await new Promise<string>((resolve, reject) => {
    // The working directory is not the open folder's, so that nothing in there is loaded by accident.
    execFile(file, ['--version'], { timeout: VERSION_TIMEOUT_MS, cwd: path.dirname(file), windowsHide: true }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new BinaryError(`${file} (from ${source}) does not run: ${reason(error)}. ${remedy(source)}`, { cause: error }));
    });
  });
  const version = output.split('\n', 1)[0]?.trim() ?? '';
  if (!/^medcode \d+\.\d+/.test(version)) {
    throw new BinaryError(`${file} (from ${source}) is not medcode: --version printed something else. ${remedy(source)}`);
  }
  return version;
}

function reason(error: Error & { code?: unknown; killed?: unknown; signal?: unknown }): string {
  if (error.killed === true) return `no answer to --version within ${VERSION_TIMEOUT_MS / 1000} s`;
  if (error.code === 'ENOENT') return 'there is no such file';
  if (error.code === 'EACCES') return 'it may not be executed';
  if (typeof error.code === 'number') return `--version ended with code ${error.code}`;
  return typeof error.signal === 'string' ? `--version was ended by ${error.signal}` : error.message;
}

function remedy(source: BinarySource): string {
  return source === 'medcode.server.path' ? 'Correct the setting medcode.server.path.' : 'The setting medcode.server.path can name another one.';
}
