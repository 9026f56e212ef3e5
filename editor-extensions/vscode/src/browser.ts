// The code browser: a tree over chapters, blocks, categories and codes, each level asked of the server when it is opened.

import * as vscode from 'vscode';
import type { Code, Codes, Details, Node } from './codes';
import { catalogOf, type State } from './status';
import { systemName } from './systems';

/** Id of the view in package.json. */
export const BROWSER_VIEW = 'medcode.codes';

/** What menus tell entries apart by: whole systems, groups that are no codes (chapters, blocks, beginnings of codes), codes. */
export type Kind = 'system' | 'group' | 'header' | 'code';

/** What an entry is. A name such as `chapter-04` or `E08-E13` stands for a group; headers have the shape of a code. */
export function kindOf({ system, code, billable }: Code): Kind {
  if (code === '') return 'system';
  // Partial lists of CPT and HCPCS do not say what may be submitted.
  if (billable || (!saysWhatIsBillable(system) && code.length === 5)) return 'code';
  return system === 'icd-10-cm' && /^[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?$/.test(code) ? 'header' : 'group';
}

/** Feeds the tree. Answers are kept until the code sets or the server change. */
export class CodeTree implements vscode.TreeDataProvider<Node> {
  readonly #codes: Pick<Codes, 'children' | 'lookup'>;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #children = new Map<string, Promise<Node[]>>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** Names the code sets that answer; `undefined` while there are none. */
  #source: string | undefined;

  constructor(codes: Pick<Codes, 'children' | 'lookup'>) {
    this.#codes = codes;
  }

  /** Forgets all answers when the code sets are others now. Without any the tree is empty, and the view says what to do. */
  follow(state: State): void {
    const releases = state.phase === 'running' ? state.server?.releases : undefined;
    const source = catalogOf(state) === 'ready' ? JSON.stringify(releases) : undefined;
    if (source === this.#source) return;
    this.#source = source;
    this.#children.clear();
    this.#changed.fire(undefined);
  }

  getChildren(parent?: Node): Promise<Node[]> {
    if (this.#source === undefined) return Promise.resolve([]);
    const key = parent === undefined ? '' : idOf(parent);
    let children = this.#children.get(key);
    if (children === undefined) {
      children = this.#codes.children(parent).then(parent === undefined ? inUsualOrder : (same) => same);
      this.#children.set(key, children);
      // What could not be asked is asked again when the level is opened again.
      children.catch(() => this.#children.delete(key));
    }
    return children;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const kind = kindOf(node);
    const { label, description } = wording(node);
    const state = node.childCount > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const item = new vscode.TreeItem(label, state);
    item.id = idOf(node);
    item.description = description;
    item.contextValue = kind;
    item.iconPath = new vscode.ThemeIcon(ICONS[kind]);
    return item;
  }

  /** Fills in the text over an entry once the mouse rests on it. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
    const details = node.code === '' ? undefined : await this.#codes.lookup(node.code, node.system, token);
    item.tooltip = details?.found === true ? tooltip(details) : [node.code, node.title].filter(Boolean).join(' ');
    return item;
  }

  async getParent(node: Node): Promise<Node | undefined> {
    if (node.code === '') return undefined;
    const details = await this.#codes.lookup(node.code, node.system);
    const [above] = details?.ancestors ?? [];
    const systems = await this.getChildren();
    const system = systems.find((candidate) => candidate.system === node.system);
    if (above === undefined || system === undefined) return system;
    return { ...above, system: node.system, billable: false, childCount: 1 };
  }

  /** The entry for a code that was found elsewhere; `undefined` when the code sets do not hold it. */
  async find({ system, code }: Pick<Code, 'system' | 'code'>): Promise<Node | undefined> {
    const details = await this.#codes.lookup(code, system);
    if (details?.found !== true) return undefined;
    return { ...details, childCount: details.billable ? 0 : 1 };
  }
}

/** Whether a system has headers, which may not be submitted, beside its codes. */
export function saysWhatIsBillable(system: string): boolean {
  return system.startsWith('icd-10');
}

/** Diagnoses first, as in a note; systems that are not known here come last. */
const ORDER = ['icd-10-cm', 'icd-10-pcs', 'cpt', 'hcpcs'];

function inUsualOrder(systems: Node[]): Node[] {
  const place = ({ system }: Node): number => (ORDER.indexOf(system) + ORDER.length + 1) % (ORDER.length + 1);
  return [...systems].sort((a, b) => place(a) - place(b));
}

const ICONS: Readonly<Record<Kind, string>> = {
  system: 'library',
  group: 'folder',
  header: 'symbol-folder',
  code: 'symbol-constant',
};

function idOf({ system, code }: Code): string {
  return `${system}/${code}`;
}

/** Chapters are named by their title, which ends with their range of codes; all others by code and title. */
function wording({ system, code, title }: Node): { label: string; description: string } {
  if (code === '') return { label: systemName(system), description: title };
  const chapter = /^chapter-0*(\d+)$/.exec(code);
  if (chapter?.[1] !== undefined) return { label: `${chapter[1]}. ${withoutRange(title)}`, description: rangeIn(title) };
  return { label: code, description: withoutRange(title) };
}

function withoutRange(title: string): string {
  return title.replace(/ \([A-Z0-9]{3}(?:-[A-Z0-9]{3})?\)$/, '');
}

function rangeIn(title: string): string {
  return /\(([A-Z0-9]{3}(?:-[A-Z0-9]{3})?)\)$/.exec(title)?.[1] ?? '';
}

function tooltip(details: Details): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(`${details.code} ${details.title}`);
  text.appendMarkdown('\n\n');
  text.appendText(facts(details));
  const path = details.ancestors.map(({ code, title }) => (code.startsWith('chapter-') ? title : `${code} ${withoutRange(title)}`)).reverse();
  if (path.length > 0) {
    text.appendMarkdown('\n\n');
    text.appendText(path.join(' › '));
  }
  return text;
}

/** System, use and dates of a code in one line. */
export function facts({ system, billable, validFrom, validTo }: Details): string {
  const dates = [validFrom === '' ? '' : `valid since ${validFrom}`, validTo === '' ? '' : `until ${validTo}`].filter(Boolean).join(' ');
  const use = billable ? 'billable' : 'not billable';
  return [systemName(system), saysWhatIsBillable(system) ? use : '', dates].filter(Boolean).join(' · ');
}
