import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askForReason, ignoreAtCaret, readIgnored, savingWhatIsWritten } from '../src/ignore';
import { answers, messages, reported, window, workspace } from './vscode';

const IGNORED = { uri: 'file:///a.md', rule: 'unknown-code', codes: ['E11.99'] };

let run: unknown[][];
const server = {
  has: () => true,
  run: (...call: unknown[]) => {
    run.push(call);
    return Promise.resolve();
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  run = [];
  for (const list of [answers, messages, reported]) list.length = 0;
  window.activeTextEditor = { document: { uri: { toString: () => IGNORED.uri } }, selection: { active: 4 } };
});

afterEach(() => {
  // Whatever was waited for is waited for no longer.
  vi.runAllTimers();
  vi.useRealTimers();
});

/** An issue that holds at the caret, unless told otherwise. */
function issue(rule: string, more: object = {}) {
  return { source: 'medcode', code: { value: rule }, message: rule, range: { contains: () => true }, data: { codes: ['E11.99'] }, ...more };
}

test('a reason that is there is not asked for', async () => {
  expect(await askForReason({ ...IGNORED, reason: 'why' })).toEqual({ ...IGNORED, reason: 'why' });
});

test('an empty reason goes to the server, turning back stops', async () => {
  answers.push('', undefined);
  expect(await askForReason(IGNORED)).toEqual({ ...IGNORED, reason: '' });
  expect(await askForReason({ ...IGNORED, reason: '' })).toBeUndefined();
});

test('arguments are read, those in another form are left to the server', () => {
  expect(readIgnored([{ ...IGNORED, extra: 1 }])).toEqual(IGNORED);
  expect(readIgnored([{ uri: 'x', rule: 'y' }])).toEqual({ uri: 'x', rule: 'y', codes: [] });
  for (const args of [[], ['x'], [null], [{ uri: 1, rule: 'y' }]]) expect(readIgnored(args)).toBeUndefined();
});

test('the issue at the caret is ignored', async () => {
  const elsewhere = { range: { contains: () => false } };
  reported.push(issue('unknown-code'), issue('expired-code', elsewhere), issue('spelling', { source: 'another' }));
  answers.push('because');
  await ignoreAtCaret(server);
  expect(run).toEqual([['medcode.server.ignoreInProject', { ...IGNORED, reason: 'because' }]]);
});

test('of several issues the user chooses one', async () => {
  reported.push(issue('unknown-code'), issue('expired-code'));
  answers.push(undefined);
  await ignoreAtCaret(server);
  expect([run, messages]).toEqual([[], []]);
});

test('without an issue nothing is asked', async () => {
  await ignoreAtCaret(server);
  expect([run, messages]).toEqual([[], ['medcode has reported nothing at the caret.']]);
});

/** A document in which something was written. */
function written(path: string) {
  return { document: { uri: { path }, isDirty: true, save: vi.fn() }, contentChanges: [{ text: '[[ignore]]' }] };
}

test('the configuration file is saved once the entry is in it, and only then', async () => {
  const note = written('/notes/a.md');
  const [first, second] = [written('/notes/.medcode.toml'), written('/notes/.medcode.toml')];
  const done = await savingWhatIsWritten(() => {
    for (const change of [note, first, second]) workspace.onDidChangeTextDocument.fire(change);
    return Promise.resolve('done');
  });
  expect(done).toBe('done');
  expect([note, first, second].map(({ document }) => document.save.mock.calls.length)).toEqual([0, 1, 0]);
});

test('a configuration file that the user is changing is left to them', async () => {
  const change = written('/notes/medcode.toml');
  workspace.textDocuments = [change.document];
  await savingWhatIsWritten(() => {
    workspace.onDidChangeTextDocument.fire(change);
    return Promise.resolve();
  });
  workspace.textDocuments = [];
  expect(change.document.save).not.toHaveBeenCalled();
});
