import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Disposable } from 'vscode';
import { opensSuggestions, registerTrigger } from '../src/trigger';
import { executedCommands, settings, window, workspace } from './vscode';

describe('places where a code may stand', () => {
  test.each(['E1', 'e11', 'Dx: E1', 'seen for (I1', 'J45', 'U0', 'u07', '* Z0', 'E11.9, E7', 'S72'])('opens at %j', (text) => {
    expect(opensSuggestions(text)).toBe(true);
  });

  test.each([
    'Dx: typ',
    'Dx: type 2 diab',
    'Diagnosis Dx 1: foot',
    'ICD-10: foot ulcer',
    'icd10: ast',
    'CPT: off',
    'Px: knee',
    'Dx: E11.9, foot ul',
    'Dx: E11.9; ast',
  ])('opens at words under a label: %j', (text) => {
    expect(opensSuggestions(text)).toBe(true);
  });

  test.each([
    '',
    'E',
    'the patient was',
    'U1',
    'u7',
    'AB1',
    'xE1',
    'E119x',
    'E11.',
    '12',
    'Dx: ty',
    'Dx:',
    'Dx: type 2 diabetes, of',
    'Plan: rest and fluids',
    'index: foo bar',
  ])('stays closed at %j', (text) => {
    expect(opensSuggestions(text)).toBe(false);
  });

  test('does bounded work on a line of any length', () => {
    const started = performance.now();
    expect(opensSuggestions('Dx: a,;'.repeat(200_000) + ' ')).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('typing', () => {
  let trigger: Disposable;
  let isRunning: boolean;

  beforeEach(() => {
    executedCommands.length = 0;
    settings.clear();
    settings.set('medcode.completion.autoTrigger', { default: 'smart' });
    settings.set('editor.quickSuggestions', { default: { other: 'off', comments: 'off', strings: 'off' } });
    isRunning = true;
    trigger = registerTrigger(() => isRunning);
  });

  afterEach(() => {
    trigger.dispose();
  });

  /** Types the last character of `line` into a note. */
  function typeLast(line: string, changed: { languageId?: string; scheme?: string; reason?: number; inactive?: boolean; text?: string } = {}) {
    const document = {
      languageId: changed.languageId ?? 'markdown',
      uri: { scheme: changed.scheme ?? 'file' },
      lineAt: () => ({ text: line }),
    };
    window.activeTextEditor = changed.inactive === true ? undefined : { document };
    const change = { text: changed.text ?? line.slice(-1), range: { start: { line: 0, character: line.length - 1 } } };
    workspace.onDidChangeTextDocument.fire({ document, contentChanges: [change], reason: changed.reason });
    return executedCommands.length > 0;
  }

  test('opens the list', () => {
    expect(typeLast('Dx: E1')).toBe(true);
    expect(executedCommands).toEqual([['editor.action.triggerSuggest', { auto: true }]]);
  });

  test('opens it in an untitled note', () => {
    expect(typeLast('E1', { scheme: 'untitled' })).toBe(true);
  });

  test.each([
    ['in another language', { languageId: 'rust' }],
    ['on the old side of a comparison', { scheme: 'git' }],
    ['in a note that is not in front', { inactive: true }],
    ['on undo', { reason: 1 }],
    ['when text is pasted', { text: 'Dx: E1' }],
    ['on white space', { text: ' ' }],
  ])('stays closed %s', (_, changed) => {
    expect(typeLast('Dx: E1', changed)).toBe(false);
  });

  test('stays closed when the user has switched it off', () => {
    settings.set('medcode.completion.autoTrigger', { default: 'smart', user: 'off' });
    expect(typeLast('Dx: E1')).toBe(false);
  });

  test.each([true, { other: 'on' }, { other: true }])('leaves it to VS Code with quick suggestions %j', (value) => {
    settings.set('editor.quickSuggestions', { default: value });
    expect(typeLast('Dx: E1')).toBe(false);
  });

  test('opens it with inline suggestions, which show no list', () => {
    settings.set('editor.quickSuggestions', { user: { other: 'inline' } });
    expect(typeLast('Dx: E1')).toBe(true);
  });

  test('stays closed without a server', () => {
    isRunning = false;
    expect(typeLast('Dx: E1')).toBe(false);
  });
});
