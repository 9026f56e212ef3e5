import { beforeEach, describe, expect, test } from 'vitest';
import { catalogOf, parseStatus, present, presentCatalog, StatusItems, type ServerStatus } from '../src/status';
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
  test('names the back end', () => {
    expect(present({ phase: 'running', server: READY })).toEqual({
      text: 'medcode: ready',
      detail: 'local catalog',
      severity: 'information',
      busy: false,
      command: 'medcode.showLog',
    });
  });

  test('names the code sets and the day on which the first of them ends', () => {
    expect(presentCatalog({ phase: 'running', server: READY }, '2026-09-30')).toEqual({
      text: 'Code sets until 2026-09-30',
      detail: 'ICD-10-CM 2026-04-01 · CPT 2026',
      severity: 'information',
      busy: false,
      command: 'medcode.installCatalog',
    });
    expect(presentCatalog({ phase: 'stopped' }, '2026-09-30')).toBeUndefined();
  });

  test('names the day of several code sets once', () => {
    const releases = ['icd-10-cm', 'icd-10-pcs'].map((system) => ({ system, version: '2026-04-01' }));
    const state = { phase: 'running', server: { ...READY, releases } } as const;
    expect(presentCatalog(state, '2026-09-30')).toMatchObject({ text: 'Code sets', detail: 'ICD-10-CM, ICD-10-PCS 2026-04-01' });
  });

  test('warns of code sets that have ended', () => {
    expect(presentCatalog({ phase: 'running', server: READY }, '2026-10-01')).toMatchObject({
      text: 'Code sets ended on 2026-09-30',
      severity: 'warning',
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
      command: 'medcode.restart',
    });
  });

  test('tells a local catalog that stands in for a service', () => {
    const server: ServerStatus = { ...READY, health: 'warning', backend: 'fallback', message: 'The service is away.' };
    expect(present({ phase: 'running', server }).detail).toBe('The service is away. · local catalog, the remote service is away');
  });

  test('is busy while the catalog is installed', () => {
    const server: ServerStatus = { ...READY, catalog: 'installing', releases: [] };
    expect(present({ phase: 'running', server })).toMatchObject({ text: 'medcode: installing the catalog', busy: true });
  });

  test('offers the installation of a catalog where there is none, and a restart after a failed start', () => {
    const server: ServerStatus = { ...READY, health: 'error', catalog: 'missing' };
    expect(present({ phase: 'running', server })).toMatchObject({ severity: 'error', command: 'medcode.installCatalog' });
    expect(present({ phase: 'failed', message: 'why' })).toMatchObject({ severity: 'error', command: 'medcode.restart', detail: 'why' });
  });

  test('offers a start when stopped', () => {
    expect(present({ phase: 'stopped' })).toMatchObject({ severity: 'warning', command: 'medcode.start' });
  });
});

describe('the items', () => {
  beforeEach(() => {
    languageStatusItems.length = 0;
    statusBarItems.length = 0;
  });

  test('follow the state', () => {
    const items = new StatusItems(false);
    expect(languageStatusItems.map(({ text }) => text)).toEqual(['medcode: stopped']);
    items.show({ phase: 'running', server: READY });
    expect(languageStatusItems).toMatchObject([
      { text: 'medcode: ready', severity: 0, command: { command: 'medcode.showLog', title: 'Show Log' } },
      { detail: 'ICD-10-CM 2026-04-01 · CPT 2026', command: { command: 'medcode.installCatalog', title: 'Install Catalog' } },
    ]);
    items.show({ phase: 'stopped' });
    expect(languageStatusItems[1]?.isShown).toBe(false);
    expect(statusBarItems).toEqual([]);
  });

  test('say that issues are hidden', () => {
    const items = new StatusItems(false);
    items.show({ phase: 'running', server: READY });
    items.problemsAreShown(false);
    expect(languageStatusItems[0]?.detail).toBe('problems are hidden · local catalog');
    items.problemsAreShown(true);
    expect(languageStatusItems[0]?.detail).toBe('local catalog');
  });

  test('have a twin in the status bar for tests only', () => {
    new StatusItems(true).show({ phase: 'running', server: READY });
    expect(statusBarItems[0]).toMatchObject({ text: 'medcode: ready', isShown: true });
  });
});

test('the state of the catalog is known to menus', () => {
  expect(catalogOf({ phase: 'failed', message: '' })).toBe('stopped');
  expect(catalogOf({ phase: 'starting' })).toBe('none');
  expect(catalogOf({ phase: 'running', server: READY })).toBe('ready');
});
