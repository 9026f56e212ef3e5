import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BinaryError, findBinary, type Surroundings } from '../src/binary';

// The stand-ins are shell scripts.
describe.skipIf(process.platform === 'win32')('the program', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'medcode-binary-'));
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  /** Writes a program that prints `output` and ends with `code`. */
  async function program(relative: string, output = `medcode 1.2.3 (${relative})`, code = 0): Promise<string> {
    const file = path.join(root, relative);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n[ "$1" = --version ] || exit 9\necho '${output}'\nexit ${code}\n`, { mode: 0o755 });
    return file;
  }

  function surroundings(given: { setting?: string; environment?: Record<string, string> } = {}): Surroundings {
    return {
      setting: given.setting ?? '',
      extensionDirectory: path.join(root, 'extension'),
      environment: { PATH: `${path.join(root, 'empty')}:${path.join(root, 'bin')}`, ...given.environment },
      platform: process.platform,
    };
  }

  test('is taken from the setting, the environment, the extension and PATH, in this order', async () => {
    const setting = await program('setting/medcode');
    const environment = { MEDCODE_PATH: await program('environment/medcode') };
    const carried = await program('extension/server/medcode');
    const onPath = await program('bin/medcode');

    await expect(findBinary(surroundings({ setting, environment }))).resolves.toEqual({
      path: setting,
      source: 'medcode.server.path',
      version: 'medcode 1.2.3 (setting/medcode)',
    });
    await expect(findBinary(surroundings({ environment }))).resolves.toMatchObject({
      path: environment.MEDCODE_PATH,
      source: 'MEDCODE_PATH',
    });
    await expect(findBinary(surroundings())).resolves.toMatchObject({ path: carried, source: 'the extension' });
    await rm(carried);
    await expect(findBinary(surroundings())).resolves.toMatchObject({ path: onPath, source: 'PATH' });
  });

  test('may be named for a look-up in PATH', async () => {
    const file = await program('bin/medcode-nightly');
    await expect(findBinary(surroundings({ setting: ' medcode-nightly ' }))).resolves.toMatchObject({ path: file });
  });

  test('is refused by a path that depends on the open folder', async () => {
    await expect(findBinary(surroundings({ setting: './medcode' }))).rejects.toThrow(
      /medcode\.server\.path is "\.\/medcode"\. Use an absolute path/,
    );
    await program('bin/medcode');
    await expect(findBinary(surroundings({ environment: { PATH: 'bin:.:' } }))).rejects.toThrow(/was not found/);
  });

  test('is not replaced by another one when the named one is not there', async () => {
    await program('bin/medcode');
    await expect(findBinary(surroundings({ setting: path.join(root, 'nowhere') }))).rejects.toThrow(
      /nowhere \(from medcode\.server\.path\) does not run: there is no such file\. Correct the setting medcode\.server\.path/,
    );
    await expect(findBinary(surroundings({ setting: 'medcode-other' }))).rejects.toThrow(/"medcode-other", which is not in PATH/);
  });

  test('is refused when it may not be executed, fails, or is something else', async () => {
    const file = await program('extension/server/medcode');
    await chmod(file, 0o644);
    await expect(findBinary(surroundings())).rejects.toThrow(
      /\(from the extension\) does not run: it may not be executed\. The setting medcode\.server\.path/,
    );
    await program('extension/server/medcode', 'medcode 1.2.3', 7);
    await chmod(file, 0o755);
    await expect(findBinary(surroundings())).rejects.toThrow(/--version ended with code 7/);
    await program('extension/server/medcode', 'GNU something 1.2');
    await expect(findBinary(surroundings())).rejects.toThrow(/is not medcode/);
  });

  test('is missed with the setting that names it', async () => {
    await expect(findBinary(surroundings())).rejects.toThrow(BinaryError);
    await expect(findBinary(surroundings())).rejects.toThrow(/set medcode\.server\.path/);
  });

  test('in PATH has to be executable', async () => {
    const file = await program('bin/medcode');
    await chmod(file, 0o644);
    await expect(findBinary(surroundings())).rejects.toThrow(/was not found/);
  });
});
