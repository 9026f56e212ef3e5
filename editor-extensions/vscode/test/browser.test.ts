import { beforeEach, describe, expect, test } from 'vitest';
import type * as vscode from 'vscode';
import { CodeTree, facts, kindOf } from '../src/browser';
import type { Code, Details, Node } from '../src/codes';
import type { State } from '../src/status';

const RELEASES = [{ system: 'icd-10-cm', version: '2026-04-01' }];
const READY: State = {
  phase: 'running',
  server: { health: 'ok', message: '', backend: 'embedded', catalog: 'ready', releases: RELEASES },
};
const SYSTEM: Node = { system: 'icd-10-cm', code: '', title: '2026-04-01', billable: false, childCount: 22 };
const HCPCS: Node = { ...SYSTEM, system: 'hcpcs' };
const CHAPTER: Node = { ...SYSTEM, code: 'chapter-04', title: 'Endocrine diseases (E00-E89)', childCount: 10 };
const HEADER: Node = { ...SYSTEM, code: 'E11', title: 'Type 2 diabetes', childCount: 11 };
const CODE: Node = { ...SYSTEM, code: 'E11.9', title: 'Type 2 diabetes without complications', billable: true, childCount: 0 };
const DETAILS: Details = {
  ...CODE,
  found: true,
  validFrom: '2015-10-01',
  validTo: '',
  ancestors: [HEADER, CHAPTER],
  suggestions: [],
  unavailable: '',
};

let asked: string[];
let failure: Error | undefined;
let tree: CodeTree;

beforeEach(() => {
  asked = [];
  failure = undefined;
  tree = new CodeTree({
    children: (parent?: Code) => {
      asked.push(parent?.code ?? 'systems');
      return failure === undefined ? Promise.resolve(parent === undefined ? [HCPCS, SYSTEM] : [CHAPTER]) : Promise.reject(failure);
    },
    lookup: (code) => Promise.resolve(code === 'E11.9' ? DETAILS : { ...DETAILS, found: false, ancestors: [] }),
  });
});

describe('the levels', () => {
  test('are empty until code sets are there', async () => {
    expect(await tree.getChildren()).toEqual([]);
    tree.follow(READY);
    expect(await tree.getChildren()).toEqual([SYSTEM, HCPCS]);
    tree.follow({ phase: 'stopped' });
    expect(await tree.getChildren()).toEqual([]);
  });

  test('are asked once, until the code sets change', async () => {
    let changes = 0;
    tree.onDidChangeTreeData(() => (changes += 1));
    tree.follow(READY);
    await tree.getChildren(SYSTEM);
    tree.follow(structuredClone(READY));
    await tree.getChildren(SYSTEM);
    expect([asked, changes]).toEqual([[''], 1]);
    tree.follow({ ...READY, server: { ...READY.server, releases: [{ system: 'icd-10-cm', version: '2026-10-01' }] } } as State);
    await tree.getChildren(SYSTEM);
    expect([asked, changes]).toEqual([['', ''], 2]);
  });

  test('that could not be asked are asked again', async () => {
    tree.follow(READY);
    failure = new Error('away');
    await expect(tree.getChildren(SYSTEM)).rejects.toThrow('away');
    failure = undefined;
    expect(await tree.getChildren(SYSTEM)).toEqual([CHAPTER]);
  });
});

describe('an entry', () => {
  test.each([
    [SYSTEM, { label: 'ICD-10-CM', description: '2026-04-01', contextValue: 'system', collapsibleState: 1 }],
    [CHAPTER, { label: '4. Endocrine diseases', description: 'E00-E89', contextValue: 'group' }],
    [HEADER, { id: 'icd-10-cm/E11', label: 'E11', description: 'Type 2 diabetes', contextValue: 'header' }],
    [CODE, { label: 'E11.9', contextValue: 'code', collapsibleState: 0, iconPath: { id: 'symbol-constant' } }],
  ])('shows what it is: %j', (node, expected) => {
    expect(tree.getTreeItem(node)).toMatchObject(expected);
  });

  test('says more when the mouse rests on it', async () => {
    const item = await tree.resolveTreeItem(tree.getTreeItem(CODE), CODE, {} as vscode.CancellationToken);
    const lines = (item.tooltip as vscode.MarkdownString).value.split('\n\n');
    expect(lines).toEqual([
      'E11.9 Type 2 diabetes without complications',
      'ICD-10-CM · billable · valid since 2015-10-01',
      'Endocrine diseases (E00-E89) › E11 Type 2 diabetes',
    ]);
  });

  test('leads to what it lies below', async () => {
    tree.follow(READY);
    expect(await tree.getParent(CODE)).toMatchObject({ system: 'icd-10-cm', code: 'E11' });
    expect(await tree.getParent(CHAPTER)).toEqual(SYSTEM);
    expect(await tree.getParent(SYSTEM)).toBeUndefined();
  });

  test('is found by its code', async () => {
    expect(await tree.find(CODE)).toMatchObject({ code: 'E11.9', childCount: 0 });
    expect(await tree.find({ system: 'icd-10-cm', code: 'E99' })).toBeUndefined();
  });
});

test.each([
  [{ system: 'icd-10-cm', code: 'E08-E13', billable: false }, 'group'],
  [{ system: 'icd-10-cm', code: 'S72.001', billable: false }, 'header'],
  [{ system: 'hcpcs', code: 'J', billable: false }, 'group'],
  [{ system: 'hcpcs', code: 'J0120', billable: false }, 'code'],
  [{ system: 'icd-10-pcs', code: '0DT', billable: false }, 'group'],
  [{ system: 'icd-10-pcs', code: '0DTJ4ZZ', billable: true }, 'code'],
])('kinds are told apart: %j', (code, kind) => {
  expect(kindOf({ title: '', ...code })).toBe(kind);
});

test('facts are one line', () => {
  expect(facts({ ...DETAILS, system: 'hcpcs', validFrom: '', billable: false })).toBe('HCPCS Level II');
  expect(facts({ ...DETAILS, validTo: '2026-09-30', billable: false })).toBe('ICD-10-CM · not billable · valid since 2015-10-01 until 2026-09-30');
});
