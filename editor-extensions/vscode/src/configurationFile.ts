// Open Configuration: the medcode.toml that governs a note, or a new one.

import * as vscode from 'vscode';

/** Names of the configuration file, the first wins within a folder. */
const NAMES = ['medcode.toml', '.medcode.toml'] as const;

const BEGINNING = `# Settings of medcode for the notes in this folder and below,
# for every editor and the command line.

# The day that counts where a note states none; by default today.
# asOf = "2026-03-02"

[rules]
# Levels: "off", "hint", "info", "warning" or "error".
# missing-dot = "off"

# Issues that are right as they are:
# [[ignore]]
# rule = "excludes1-conflict"
# codes = ["E55.9", "E83.51"]
# reason = "hypocalcaemia has another cause"
`;

/** Whether a file is a configuration file, by its name. */
export function isConfigurationFile({ path }: vscode.Uri): boolean {
  return NAMES.some((name) => path.endsWith(`/${name}`));
}

/** Opens the file that governs the active note. Where there is none, offers to make one. */
export async function openConfiguration(): Promise<void> {
  const note = vscode.window.activeTextEditor?.document.uri;
  const folder = note === undefined ? undefined : vscode.workspace.getWorkspaceFolder(note);
  const root = folder?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const start = note?.scheme === 'file' ? vscode.Uri.joinPath(note, '..') : root;
  if (start === undefined) {
    await vscode.window.showInformationMessage('Open a folder, or save the note, so that a medcode.toml has a place beside it.');
    return;
  }
  const existing = await governing(start);
  if (existing !== undefined) {
    await vscode.window.showTextDocument(existing);
    return;
  }
  const file = vscode.Uri.joinPath(root ?? start, NAMES[0]);
  const create = 'Create';
  const answer = await vscode.window.showInformationMessage(`There is no medcode.toml for these notes yet. Create ${file.fsPath}?`, create);
  if (answer !== create) return;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(BEGINNING));
  await vscode.window.showTextDocument(file);
}

/** The nearest file in a folder and those above it, as the server looks for it. */
async function governing(start: vscode.Uri): Promise<vscode.Uri | undefined> {
  for (let folder = start; ; folder = vscode.Uri.joinPath(folder, '..')) {
    for (const name of NAMES) {
      const file = vscode.Uri.joinPath(folder, name);
      if (await exists(file)) return file;
    }
    if (vscode.Uri.joinPath(folder, '..').path === folder.path) return undefined;
  }
}

function exists(file: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(file)).then(
    () => true,
    () => false,
  );
}
