// The commands of the palette and of menus that concern codes and notes.

import * as vscode from 'vscode';
import { BROWSER_VIEW, facts, kindOf, type CodeTree } from './browser';
import { SERVER_COMMANDS, type Code, type Codes, type Details, type Node, type ServerCommands } from './codes';
import { openConfiguration } from './configurationFile';
import { ignoreAtCaret } from './ignore';
import { codeAtCaret, copyCode, insertCode, insertCodeFromView } from './insertion';
import { openSampleNote } from './sample';
import { searchCodes } from './searchCodes';

export interface CommandSurroundings {
  readonly server: ServerCommands;
  readonly codes: Codes;
  readonly tree: CodeTree;
  readonly view: vscode.TreeView<Node>;
}

/** Registers them. A command that fails says why, once. */
export function registerCommands(surroundings: CommandSurroundings): vscode.Disposable {
  const { server, codes, tree, view } = surroundings;

  async function openPage({ system, code }: Code): Promise<void> {
    await server.run(SERVER_COMMANDS.openPage, { system, code });
  }

  async function reveal(code: Pick<Code, 'system' | 'code'>): Promise<void> {
    const node = await tree.find(code);
    if (node === undefined) throw new Error(`${code.code} is not in the code sets.`);
    await vscode.commands.executeCommand(`${BROWSER_VIEW}.focus`);
    await view.reveal(node, { select: true, focus: true, expand: kindOf(node) !== 'code' });
  }

  async function lookUp(): Promise<void> {
    const asked = await vscode.window.showInputBox({
      title: 'Look Up Code',
      prompt: 'A code, with or without its point',
      placeHolder: 'E11.9',
      value: codeAtCaret(),
    });
    if (asked === undefined || asked.trim() === '') return;
    const details = await codes.lookup(asked.trim());
    if (details === undefined) throw new Error('The language server answered in a form that this version does not know.');
    const actions = details.found
      ? { 'Open Page': () => openPage(details), 'Show in Browser': () => reveal(details), Insert: () => insertCode(details) }
      : {};
    const chosen = await vscode.window.showInformationMessage(sentence(details), ...Object.keys(actions));
    await Object.entries(actions).find(([name]) => name === chosen)?.[1]();
  }

  const actions = { insert: insertCode, copy: copyCode, openPage, reveal };
  const handlers: Readonly<Record<string, (code: Node) => unknown>> = {
    'medcode.searchCodes': () => {
      searchCodes(codes, wrapped(actions));
    },
    'medcode.lookUpCode': lookUp,
    'medcode.checkWorkspace': () => checkWorkspace(server),
    'medcode.installCatalog': () => server.run(SERVER_COMMANDS.installCatalog, {}),
    'medcode.openConfiguration': openConfiguration,
    'medcode.ignoreInProject': () => ignoreAtCaret(server),
    'medcode.openSampleNote': openSampleNote,
    'medcode.insertCode': insertCodeFromView,
    'medcode.copyCode': copyCode,
    'medcode.openPage': openPage,
  };
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([name, handler]) => vscode.commands.registerCommand(name, (code: Node) => reported(() => handler(code)))),
  );
}

/** What a look-up has found, in one or two sentences. */
export function sentence(details: Details): string {
  const { code, title, found, unavailable, suggestions } = details;
  if (unavailable !== '') return `${code} could not be looked up: ${unavailable}.`;
  if (found) return `${code} ${title}. ${facts(details)}.`;
  const nearest = suggestions.slice(0, 3).map((suggestion) => `${suggestion.code} ${suggestion.title}`);
  return nearest.length === 0 ? `${code} is in no code set.` : `${code} is in no code set. Nearest: ${nearest.join('; ')}.`;
}

async function checkWorkspace(server: ServerCommands): Promise<void> {
  await server.run(SERVER_COMMANDS.checkWorkspace, {});
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}

async function reported(action: () => unknown): Promise<void> {
  try {
    await action();
  } catch (error) {
    await vscode.window.showErrorMessage(`medcode: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Actions = Parameters<typeof searchCodes>[1];

function wrapped(actions: Actions): Actions {
  return {
    insert: (hit) => reported(() => actions.insert(hit)),
    copy: (hit) => reported(() => actions.copy(hit)),
    openPage: (hit) => reported(() => actions.openPage(hit)),
    reveal: (hit) => reported(() => actions.reveal(hit)),
  };
}
