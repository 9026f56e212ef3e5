import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import manifest from '../package.json';
import { serverEnvironment, serverKeys, serverSettings } from '../src/config';
import { settings } from './vscode';

const KEYS = serverKeys(manifest);

beforeEach(() => {
  settings.clear();
});

test('sends the settings of the server and none of the editor', () => {
  expect(KEYS).toContain('server.url');
  expect(KEYS).toContain('rules');
  for (const own of ['server.path', 'dataDir', 'completion.autoTrigger', 'trace.server']) expect(KEYS).not.toContain(own);
});

test('sends nothing that nobody has set, so that medcode.toml is not overruled by defaults', () => {
  settings.set('medcode.diagnostics.delayMs', { default: 200 });
  settings.set('medcode.rules', { default: {} });
  expect(serverSettings(KEYS)).toEqual({});
});

test('nests what was set', () => {
  settings.set('medcode.diagnostics.delayMs', { default: 200, user: 50 });
  settings.set('medcode.diagnostics.max', { default: 200, workspace: 10 });
  settings.set('medcode.rules', { default: {}, user: { 'expired-code': 'warning' } });
  settings.set('medcode.completion.autoTrigger', { default: 'smart', user: 'off' });
  expect(serverSettings(KEYS)).toEqual({ diagnostics: { delayMs: 50, max: 10 }, rules: { 'expired-code': 'warning' } });
});

test('takes a value that equals the default but was set', () => {
  settings.set('medcode.completion.max', { default: 50, user: 50 });
  expect(serverSettings(KEYS)).toEqual({ completion: { max: 50 } });
});

test('takes an empty text as not set', () => {
  settings.set('medcode.asOf', { default: '', user: '' });
  expect(serverSettings(KEYS)).toEqual({});
});

test('hands over the data directory in the environment, where it is not set already', () => {
  expect(serverEnvironment({ HOME: '/h' }, '/none')).toEqual({ HOME: '/h' });
  settings.set('medcode.dataDir', { default: '', user: '/data' });
  expect(serverEnvironment({ HOME: '/h' }, '/none')).toEqual({ HOME: '/h', MEDCODE_DATA_DIR: '/data' });
  expect(serverEnvironment({ MEDCODE_DATA_DIR: '' }, '/none')).toEqual({ MEDCODE_DATA_DIR: '/data' });
  expect(serverEnvironment({ MEDCODE_DATA_DIR: '/other' }, '/none')).toEqual({ MEDCODE_DATA_DIR: '/other' });
  settings.set('medcode.dataDir', { default: '', user: '~/data' });
  expect(serverEnvironment({}, '/none')).toEqual({ MEDCODE_DATA_DIR: path.join(homedir(), 'data') });
});

test('names the catalog that the package carries', async () => {
  const extension = await mkdtemp(path.join(tmpdir(), 'medcode-config-'));
  const catalog = path.join(extension, 'server/catalog.db');
  expect(serverEnvironment({}, extension)).toEqual({});
  await mkdir(path.dirname(catalog));
  await writeFile(catalog, '');
  expect(serverEnvironment({}, extension)).toEqual({ MEDCODE_SEED_CATALOG: catalog });
  expect(serverEnvironment({ MEDCODE_SEED_CATALOG: '/mine' }, extension)).toEqual({ MEDCODE_SEED_CATALOG: '/mine' });
  await rm(extension, { recursive: true });
});
