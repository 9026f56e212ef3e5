import { beforeEach, describe, expect, test } from 'vitest';
import { parseStatus, present, StatusItem, type ServerStatus } from '../src/status';
import { languageStatusItems, statusBarItems } from './vscode';

const READY: ServerStatus = {
  health: 'ok',
  message: 'All code sets are loaded.',
  backend: 'embedded',
  catalog: 'ready',
  releases: [{ system: 'icd-10-cm', version: '2026-04-01', endDate: '2026-09-30' }, { system: 'cpt', version: '2026' }],
};

describe('the notification', () => {
  test('is read as it comes', () => {
    expect(parseStatus(structuredClone(READY))).toEqual(READY);
  });

  test('may have an end date of null', () => {
    const releases = [{ system: 'cpt', version: '2026', endDate: null }];
    expect(parseStatus({ ...READY, releases })?.releases).toEqual([{ system: 'cpt', version: '2026' }]);
  });

  test.each([
    undefined,
    null,
    3,
    {},
    { ...READY, health: 'fine' },
    { ...READY, backend: 1 },
    { ...READY, catalog: '' },
    { ...READY, releases: {} },
  ])('is refused in another form: %j', (params) => {
    expect(parseStatus(params)).toBeUndefined();
  });
});

describe('what is shown', () => {
  test('names back end and releases with their end', () => {
    expect(present({ phase: 'running', server: READY })).toEqual({
      text: 'medcode: ready',
      detail: 'local catalog · icd-10-cm 2026-04-01 (to 2026-09-30) · cpt 2026',
      severity: 'information',
      busy: false,
      command: 'medcode.showLog',
    });
  });

  test('repeats the message of a server without releases', () => {
    expect(present({ phase: 'running', server: { ...READY, releases: [] } }).detail).toBe('All code sets are loaded. · local catalog');
  });

  test('is not ready before the server has said so', () => {
    expect(present({ phase: 'running' }).text).toBe('medcode: running');
  });

  test('is limited while a remote service is away', () => {
    const server: ServerStatus = { ...READY, health: 'warning', backend: 'remote', message: 'The service does not answer.', releases: [] };
    expect(present({ phase: 'running', server })).toMatchObject({
      text: 'medcode: limited',
      detail: 'The service does not answer. · remote service',
      severity: 'warning',
    });
  });

  test('is busy while the catalog is installed', () => {
    const server: ServerStatus = { ...READY, catalog: 'installing', releases: [] };
    expect(present({ phase: 'running', server })).toMatchObject({ text: 'medcode: installing the catalog', busy: true });
  });

  test('offers a restart without a catalog and after a failed start', () => {
    const server: ServerStatus = { ...READY, health: 'error', catalog: 'missing' };
    expect(present({ phase: 'running', server })).toMatchObject({ severity: 'error', command: 'medcode.restart' });
    expect(present({ phase: 'failed', message: 'why' })).toMatchObject({ severity: 'error', command: 'medcode.restart', detail: 'why' });
  });

  test('offers a start when stopped', () => {
    expect(present({ phase: 'stopped' })).toMatchObject({ severity: 'warning', command: 'medcode.start' });
  });
});

describe('the item', () => {
  beforeEach(() => {
    languageStatusItems.length = 0;
    statusBarItems.length = 0;
  });

  test('follows the state', () => {
    const item = new StatusItem(false);
    expect(languageStatusItems[0]?.text).toBe('medcode: stopped');
    item.show({ phase: 'running', server: READY });
    expect(languageStatusItems[0]).toMatchObject({
      text: 'medcode: ready',
      severity: 0,
      command: { command: 'medcode.showLog', title: 'Show Log' },
    });
    expect(statusBarItems).toEqual([]);
  });

  test('has a twin in the status bar for tests only', () => {
    new StatusItem(true).show({ phase: 'running', server: READY });
    expect(statusBarItems[0]).toMatchObject({ text: 'medcode: ready', isShown: true });
  });
});
