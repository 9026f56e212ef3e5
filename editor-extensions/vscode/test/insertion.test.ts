import { beforeEach, expect, test } from 'vitest';
import { insertCode, insertCodeFromView, insertionText } from '../src/insertion';
import { clipboard, messages, settings, window } from './vscode';

const CODE = { system: 'icd-10-cm', code: 'E11.9', title: 'Type 2 diabetes', billable: true };

beforeEach(() => {
  settings.clear();
  window.activeTextEditor = undefined;
  window.visibleTextEditors = [];
  clipboard.length = 0;
  messages.length = 0;
});

test.each([
  ['code', 'E11.9'],
  ['codeAndTitle', 'E11.9 Type 2 diabetes'],
  ['titleAndCode', 'Type 2 diabetes E11.9'],
  ['{title} ({code})', 'Type 2 diabetes (E11.9)'],
  ['nonsense', 'E11.9'],
])('is written as the setting wants it: %s', (setting, text) => {
  expect(insertionText(CODE, setting)).toBe(text);
});

test('is the code alone without a title', () => {
  expect(insertionText({ code: 'E11.9', title: '' }, 'codeAndTitle')).toBe('E11.9');
});

/** An editor over a note. */
function editor() {
  const inserted: string[] = [];
  return {
    inserted,
    document: { languageId: 'markdown', uri: { scheme: 'file' } },
    insertSnippet: ({ value }: { value: string }) => {
      inserted.push(value);
      return Promise.resolve(true);
    },
  };
}

test('goes to the carets of the active editor', async () => {
  const active = editor();
  window.activeTextEditor = active;
  window.visibleTextEditors = [active, editor()];
  settings.set('medcode.completion.insert', { user: 'codeAndTitle' });
  await insertCode(CODE);
  expect(active.inserted).toEqual(['E11.9 Type 2 diabetes']);
});

test('goes to the only note in sight while a view has the focus', async () => {
  const note = editor();
  window.visibleTextEditors = [{ document: { languageId: 'log', uri: { scheme: 'output' } } }, note];
  await insertCodeFromView(CODE);
  expect(note.inserted).toEqual(['E11.9']);
});

test('is copied where there is no note, or more than one', async () => {
  await insertCode(CODE);
  window.visibleTextEditors = [editor(), editor()];
  await insertCode(CODE);
  expect([clipboard, messages]).toEqual([
    ['E11.9', 'E11.9'],
    ['E11.9 copied', 'E11.9 copied'],
  ]);
});
