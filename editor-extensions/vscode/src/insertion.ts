// Codes into notes and onto the clipboard.

import * as vscode from 'vscode';
import type { Code } from './codes';
import { DOCUMENT_SELECTOR, SECTION } from './config';

/** What the words of the setting `medcode.completion.insert` stand for; anything else is a template itself. */
const TEMPLATES: Readonly<Record<string, string>> = {
  code: '{code}',
  codeAndTitle: '{code} {title}',
  titleAndCode: '{title} {code}',
};

/** The text for a code, as the setting `medcode.completion.insert` wants it; without title it is the code alone. */
export function insertionText({ code, title }: Pick<Code, 'code' | 'title'>, setting: string): string {
  const template = TEMPLATES[setting] ?? setting;
  if (title === '' || !template.includes('{code}')) return code;
  return template.replaceAll('{code}', code).replaceAll('{title}', title);
}

/** The editor that codes go to: the active one, or else the only one in sight with a note in it. */
export function targetEditor(): vscode.TextEditor | undefined {
  if (vscode.window.activeTextEditor !== undefined) return vscode.window.activeTextEditor;
  const notes = vscode.window.visibleTextEditors.filter(({ document }) => vscode.languages.match(DOCUMENT_SELECTOR, document) > 0);
  return notes.length === 1 ? notes[0] : undefined;
}

/** Puts a code in place of every selection of the note, and returns its editor. Where there is no note, copies the code and says so. */
export async function insertCode(inserted: Code): Promise<vscode.TextEditor | undefined> {
  const editor = targetEditor();
  if (editor === undefined) {
    await copyCode(inserted);
    return undefined;
  }
  const setting = vscode.workspace.getConfiguration(SECTION, editor.document).get('completion.insert', 'code');
  // As a snippet it leaves the caret behind the code in the same step; moved afterwards, it would get in the way of who types on.
  await editor.insertSnippet(new vscode.SnippetString().appendText(insertionText(inserted, setting)));
  return editor;
}

/** The same from a view, which has the focus: it goes back to the note. */
export async function insertCodeFromView(inserted: Code): Promise<void> {
  const editor = await insertCode(inserted);
  if (editor === undefined) return;
  await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active });
}

/** Copies the code, without its title. */
export async function copyCode({ code }: Code): Promise<void> {
  await vscode.env.clipboard.writeText(code);
  vscode.window.setStatusBarMessage(`${code} copied`, 3000);
}

/** The code at the caret or in the selection, as written; empty where there is none. */
export function codeAtCaret(): string {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return '';
  const { document, selection } = editor;
  if (!selection.isEmpty) return selection.isSingleLine ? document.getText(selection).trim() : '';
  const range = document.getWordRangeAtPosition(selection.active, /[A-Za-z0-9][A-Za-z0-9.]*[A-Za-z0-9]/);
  const word = range === undefined ? '' : document.getText(range);
  // Words without a digit are no codes.
  return /\d/.test(word) ? word : '';
}
