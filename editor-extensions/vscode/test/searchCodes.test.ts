import { beforeEach, expect, test, vi } from 'vitest';
import type { Hit } from '../src/codes';
import { searchCodes } from '../src/searchCodes';
import { quickPicks } from './vscode';

const HIT: Hit = { system: 'icd-10-cm', code: 'I77.2', title: 'Rupture of artery', billable: true, matched: 'Ulcer of artery' };

interface Item {
  label: string;
  buttons?: unknown[];
}

let pending: { query: string; token: { isCancellationRequested: boolean }; answer: (hits: Hit[]) => void; fail: (error: Error) => void }[];
const actions = { insert: vi.fn(done), copy: vi.fn(done), openPage: vi.fn(done), reveal: vi.fn(done) };

function done(): Promise<void> {
  return Promise.resolve();
}

function open() {
  searchCodes(
    { search: (query, _limit, token) => new Promise((answer, fail) => pending.push({ query, token: token ?? never(), answer, fail })) },
    actions,
  );
  return quickPicks.at(-1) ?? never();
}

function never(): never {
  throw new Error('is always there');
}

beforeEach(() => {
  pending = [];
  vi.clearAllMocks();
});

test('each change asks anew, and only the newest answer counts', async () => {
  const list = open();
  list.onDidChangeValue.fire('ul');
  list.onDidChangeValue.fire('ulcer');
  expect(pending.map(({ query, token }) => [query, token.isCancellationRequested])).toEqual([
    ['ul', true],
    ['ulcer', false],
  ]);
  pending[1]?.answer([HIT]);
  await vi.waitUntil(() => list.items.length > 0);
  pending[0]?.answer([{ ...HIT, code: 'OLD' }]);
  await Promise.resolve();
  expect(list.items).toMatchObject([
    { label: 'I77.2', description: 'Rupture of artery (Ulcer of artery)', detail: 'ICD-10-CM', alwaysShow: true },
  ]);
});

test('an empty query empties the list', async () => {
  const list = open();
  list.onDidChangeValue.fire('x');
  pending[0]?.answer([HIT]);
  await vi.waitUntil(() => list.items.length > 0);
  list.onDidChangeValue.fire(' ');
  await vi.waitUntil(() => list.items.length === 0);
  expect(pending).toHaveLength(1);
});

test('says when nothing is found and when nobody could be asked', async () => {
  const list = open();
  list.onDidChangeValue.fire('xyzzy');
  pending[0]?.answer([]);
  await vi.waitUntil(() => list.items.length > 0);
  expect((list.items[0] as Item).label).toBe('Nothing found for “xyzzy”');
  list.onDidChangeValue.fire('ulcer');
  pending[1]?.fail(new Error('The language server is not running.'));
  await vi.waitUntil(() => (list.items[0] as Item).label === 'The language server is not running.');
  list.activeItems = list.items;
  list.onDidAccept.fire(undefined);
  expect(list.isShown).toBe(true);
});

test('a code is inserted by Enter, and by its buttons shown, opened and copied', async () => {
  const list = open();
  list.onDidChangeValue.fire('ulcer');
  pending[0]?.answer([HIT]);
  await vi.waitUntil(() => list.items.length > 0);
  const item = list.items[0] as Item;
  const [reveal, openPage, copy] = item.buttons ?? [];
  list.onDidTriggerItemButton.fire({ item, button: copy });
  expect([actions.copy.mock.calls, list.isShown]).toEqual([[[HIT]], true]);
  list.onDidTriggerItemButton.fire({ item, button: openPage });
  list.onDidTriggerItemButton.fire({ item, button: reveal });
  expect([actions.openPage.mock.calls, actions.reveal.mock.calls]).toEqual([[[HIT]], [[HIT]]]);
  list.activeItems = [item];
  list.onDidAccept.fire(undefined);
  expect([actions.insert.mock.calls, list.isShown]).toEqual([[[HIT]], false]);
});
