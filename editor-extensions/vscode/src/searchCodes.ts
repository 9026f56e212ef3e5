// Search Codes: a list that the server fills anew with each change of the query.
//
// VS Code hands only the first word of a query to workspace symbols; a list of our own gets all of them.

import * as vscode from 'vscode';
import { kindOf } from './browser';
import type { Codes, Hit } from './codes';
import { systemName } from './systems';

/** The most codes in the list. */
const LIMIT = 50;

interface CodeItem extends vscode.QuickPickItem {
  /** Not there in a line that only says something. */
  readonly hit?: Hit;
}

/** What can be done with a code that was found. */
export interface CodeActions {
  readonly insert: (hit: Hit) => Promise<unknown>;
  readonly copy: (hit: Hit) => Promise<void>;
  readonly openPage: (hit: Hit) => Promise<void>;
  readonly reveal: (hit: Hit) => Promise<void>;
}

const BUTTONS = [
  { action: 'reveal', button: { iconPath: new vscode.ThemeIcon('list-tree'), tooltip: 'Show in the code browser' } },
  { action: 'openPage', button: { iconPath: new vscode.ThemeIcon('book'), tooltip: 'Open the tabular page' } },
  { action: 'copy', button: { iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy the code' } },
] as const;

/** Opens the list. Enter takes a code into the note; buttons do the other things. */
export function searchCodes(codes: Pick<Codes, 'search'>, actions: CodeActions): void {
  const list = vscode.window.createQuickPick<CodeItem>();
  list.title = 'Search Codes';
  list.placeholder = 'Words or the beginning of a code, such as "foot ulcer" or E11.6';
  const search = new LatestSearch(codes, (items) => {
    list.items = items;
    list.busy = false;
  });
  list.onDidChangeValue((query) => {
    list.busy = query.trim() !== '';
    void search.run(query);
  });
  list.onDidTriggerItemButton(({ item, button }) => {
    const chosen = BUTTONS.find((candidate) => candidate.button === button);
    if (item.hit === undefined || chosen === undefined) return;
    if (chosen.action !== 'copy') list.hide();
    void actions[chosen.action](item.hit);
  });
  list.onDidAccept(() => {
    const [item] = list.activeItems;
    if (item?.hit === undefined) return;
    list.hide();
    void actions.insert(item.hit);
  });
  list.onDidHide(() => {
    search.cancel();
    list.dispose();
  });
  list.show();
}

/** Searches for the newest query only: a former one is cancelled, and an answer that comes too late is dropped. */
class LatestSearch {
  readonly #codes: Pick<Codes, 'search'>;
  readonly #show: (items: CodeItem[]) => void;
  #running: vscode.CancellationTokenSource | undefined;

  constructor(codes: Pick<Codes, 'search'>, show: (items: CodeItem[]) => void) {
    this.#codes = codes;
    this.#show = show;
  }

  cancel(): void {
    this.#running?.cancel();
    this.#running?.dispose();
    this.#running = undefined;
  }

  async run(query: string): Promise<void> {
    this.cancel();
    const wanted = query.trim();
    if (wanted === '') {
      this.#show([]);
      return;
    }
    const running = new vscode.CancellationTokenSource();
    this.#running = running;
    const items = await this.#items(wanted, running.token);
    if (this.#running === running) this.#show(items);
  }

  async #items(query: string, token: vscode.CancellationToken): Promise<CodeItem[]> {
    try {
      const hits = await this.#codes.search(query, LIMIT, token);
      return hits.length === 0 ? [remark(`Nothing found for “${query}”`)] : hits.map(codeItem);
    } catch (error) {
      return [remark(error instanceof Error ? error.message : String(error))];
    }
  }
}

function remark(label: string): CodeItem {
  return { label, alwaysShow: true };
}

function codeItem(hit: Hit): CodeItem {
  const isCode = kindOf(hit) === 'code';
  const title = hit.matched === '' ? hit.title : `${hit.title} (${hit.matched})`;
  return {
    label: hit.code,
    description: title,
    detail: isCode ? systemName(hit.system) : `${systemName(hit.system)} · header, not billable`,
    iconPath: new vscode.ThemeIcon(isCode ? 'symbol-constant' : 'symbol-folder'),
    // The server has chosen; the list must not filter once more by its own rules.
    alwaysShow: true,
    buttons: BUTTONS.map(({ button }) => button),
    hit,
  };
}
