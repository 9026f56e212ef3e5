// Entry point: puts the parts together and registers the commands.

import process from 'node:process';
import * as vscode from 'vscode';
import { findBinary } from './binary';
import { BROWSER_VIEW, CodeTree } from './browser';
import { Client } from './client';
import { Codes } from './codes';
import { registerCommands } from './commands';
import { SECTION, serverEnvironment, serverKeys, type Manifest } from './config';
import { Problems } from './problems';
import { catalogOf, StatusItems, TEST_MODE_VARIABLE } from './status';
import { LazyOutputChannel } from './trace';
import { registerTrigger } from './trigger';

const BINARY_SETTING = 'medcode.server.path';

/** Settings that a server takes at its start only. */
const START_SETTINGS = [BINARY_SETTING, 'medcode.dataDir'];

let client: Client | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('medcode', { log: true });
  const trace = new LazyOutputChannel('medcode trace', () => vscode.window.createOutputChannel('medcode trace'));
  const status = new StatusItems(process.env[TEST_MODE_VARIABLE] === '1');
  const problems = new Problems();
  const created: Client = new Client({
    log,
    trace,
    problems,
    serverKeys: serverKeys(context.extension.packageJSON as Manifest),
    findBinary: () =>
      findBinary({
        setting: vscode.workspace.getConfiguration(SECTION).get('server.path', ''),
        extensionDirectory: context.extensionPath,
        environment: process.env,
        platform: process.platform,
      }),
    environment: () => serverEnvironment(process.env, context.extensionPath),
    showStatus: (state) => {
      status.show(state);
      void vscode.commands.executeCommand('setContext', 'medcode.catalog', catalogOf(state));
      tree.follow(state);
    },
    reportFailure: (message) => void reportFailure(message, log),
  });
  const codes = new Codes(created);
  const tree = new CodeTree(codes);
  const view = vscode.window.createTreeView(BROWSER_VIEW, { treeDataProvider: tree, showCollapseAll: true });
  client = created;

  context.subscriptions.push(
    log,
    trace,
    status,
    view,
    registerCommands({ server: created, codes, tree, view }),
    vscode.commands.registerCommand('medcode.toggleDiagnostics', () => {
      problems.toggle();
      status.problemsAreShown(problems.areShown);
    }),
    vscode.commands.registerCommand('medcode.restart', () => created.restart()),
    vscode.commands.registerCommand('medcode.start', () => created.start()),
    vscode.commands.registerCommand('medcode.stop', () => created.stop()),
    vscode.commands.registerCommand('medcode.showLog', () => {
      log.show();
    }),
    vscode.commands.registerCommand('medcode.showVersion', () => showVersion(context, created)),
    // Other settings go to the running server. Trust given to a folder arrives here too: its value then counts.
    vscode.workspace.onDidChangeConfiguration((event) => {
      const needsRestart = START_SETTINGS.some((setting) => event.affectsConfiguration(setting));
      if (needsRestart && created.isWanted) void created.restart();
    }),
    registerTrigger(() => created.isRunning),
  );
  void created.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function reportFailure(message: string, log: vscode.LogOutputChannel): Promise<void> {
  const openSettings = 'Open Settings';
  const showLog = 'Show Log';
  const choice = await vscode.window.showErrorMessage(`medcode is not running. ${message}`, openSettings, showLog);
  // The setting belongs to the machine on which the program runs: with a remote one it is not among the user's.
  const settings = vscode.env.remoteName === undefined ? 'workbench.action.openSettings' : 'workbench.action.openRemoteSettings';
  if (choice === openSettings) await vscode.commands.executeCommand(settings, { query: BINARY_SETTING });
  if (choice === showLog) log.show();
}

async function showVersion(context: vscode.ExtensionContext, client: Client): Promise<void> {
  const { version } = context.extension.packageJSON as { version: string };
  const { binary } = client;
  const server = binary === undefined ? 'no server is running' : `${binary.version} at ${binary.path} (from ${binary.source})`;
  await vscode.window.showInformationMessage(`Extension ${version}; ${server}`);
}
