import { expect, test, vi } from 'vitest';
import { Problems } from '../src/problems';

vi.mock('vscode-languageclient/node', () => import('./languageclient'));

const URI = { toString: () => 'file:///a.md' } as never;
const ISSUES = [{ message: 'x' }] as never;

test('pushed issues are hidden and shown again without a new check', () => {
  const problems = new Problems();
  const shown = vi.fn();
  problems.middleware.handleDiagnostics?.(URI, ISSUES, shown);
  problems.toggle();
  problems.toggle();
  expect(shown.mock.calls.map(([, issues]) => issues as unknown)).toEqual([ISSUES, [], ISSUES]);
});

test('what arrives while issues are hidden is shown later', () => {
  const problems = new Problems();
  const shown = vi.fn();
  problems.toggle();
  problems.middleware.handleDiagnostics?.(URI, ISSUES, shown);
  expect(shown).toHaveBeenLastCalledWith(URI, []);
  problems.toggle();
  expect(shown).toHaveBeenLastCalledWith(URI, ISSUES);
});

test('a note that is clean, or whose server is gone, is left alone', () => {
  const problems = new Problems();
  const shown = vi.fn();
  problems.middleware.handleDiagnostics?.(URI, ISSUES, shown);
  problems.middleware.handleDiagnostics?.(URI, [], shown);
  problems.toggle();
  expect(shown).toHaveBeenCalledTimes(2);
  problems.toggle();
  problems.middleware.handleDiagnostics?.(URI, ISSUES, shown);
  problems.clear();
  problems.toggle();
  expect(shown).toHaveBeenCalledTimes(3);
});

test('pulled issues are asked for anew with each change', async () => {
  const problems = new Problems();
  problems.ask = vi.fn();
  const answer = { kind: 'full', items: ISSUES } as never;
  const ask = () => problems.middleware.provideDiagnostics?.(URI, undefined, {} as never, () => answer);
  expect(await ask()).toBe(answer);
  problems.toggle();
  expect(await ask()).toEqual({ kind: 'full', items: [] });
  expect(problems.ask).toHaveBeenCalledTimes(1);
});

test('issues of notes that are not open are hidden as well', () => {
  const problems = new Problems();
  const part = { items: [{ uri: URI, version: null, kind: 'full', items: ISSUES }] };
  const reported = vi.fn();
  const next = vi.fn((_ids: unknown, _token: unknown, report: (part: unknown) => void) => {
    report(part);
    return null;
  });
  const ask = () => problems.middleware.provideWorkspaceDiagnostics?.([], {} as never, reported, next as never);
  void ask();
  expect(reported).toHaveBeenLastCalledWith(part);
  problems.toggle();
  void ask();
  expect(reported).toHaveBeenLastCalledWith({ items: [{ uri: URI, version: null, kind: 'full', items: [] }] });
});
