// Opens the list of codes while typing in languages where VS Code does not (Markdown, by default).
// It only asks for suggestions at places where a code may stand; what is offered there the server decides.

import * as vscode from 'vscode';
import { DOCUMENT_SELECTOR, SECTION } from './config';

/**
 * A word that begins like a diagnosis code: a letter and a digit, and at most one more character. Codes that begin with U all begin with U0.
 * After that the list is open, or the user has closed it.
 */
const CODE_START = /(?:^|[^A-Za-z0-9])(?:[A-TV-Za-tv-z]\d|[Uu]0)[A-Za-z0-9]?$/;

/** At least three letters of words after a label such as `Dx:`, also after a comma or semicolon in the same list. */
const LABELLED_WORDS = /\b(?:dx|icd[- ]?10|cpt|hcpcs|px)\b[^:\n]{0,20}:\s*(?:[^\n]*[,;]\s*)?[A-Za-z][A-Za-z0-9 ]{2,60}$/i;

/** How far back from the caret a label is looked for, in UTF-16 units; bounds the work on lines of any length. */
const REACH = 1000;

/** Whether suggestions should open, given the text of the line up to the caret. */
export function opensSuggestions(textBeforeCaret: string): boolean {
  const text = textBeforeCaret.slice(-REACH);
  return CODE_START.test(text) || LABELLED_WORDS.test(text);
}

/** Asks for suggestions where `opensSuggestions` says so, as long as `isRunning` (otherwise only VS Code's own words would show). */
export function registerTrigger(isRunning: () => boolean): vscode.Disposable {
  return vscode.workspace.onDidChangeTextDocument((event) => {
    const text = typedText(event);
    if (text === undefined || !opensSuggestions(text)) return;
    if (!isRunning() || !isWanted(event.document)) return;
    void vscode.commands.executeCommand('editor.action.triggerSuggest', { auto: true });
  });
}

/** Text of the line up to the caret when the change was one character typed into the active note, else `undefined`. */
function typedText(event: vscode.TextDocumentChangeEvent): string | undefined {
  const { document, contentChanges, reason } = event;
  const [change] = contentChanges;
  // A reason means undo or redo, several changes mean several carets.
  if (change === undefined || contentChanges.length > 1 || reason !== undefined) return undefined;
  if (!/^\S$/.test(change.text)) return undefined;
  if (vscode.window.activeTextEditor?.document !== document) return undefined;
  if (vscode.languages.match(DOCUMENT_SELECTOR, document) === 0) return undefined;
  const { line, character } = change.range.start;
  return document.lineAt(line).text.slice(0, character + 1);
}

function isWanted(document: vscode.TextDocument): boolean {
  const scope = { uri: document.uri, languageId: document.languageId };
  if (vscode.workspace.getConfiguration(SECTION, scope).get('completion.autoTrigger') !== 'smart') return false;
  return !opensByItself(vscode.workspace.getConfiguration('editor', scope).get('quickSuggestions'));
}

/** Whether VS Code opens the list in running text by itself; `inline` shows one grey suggestion and no list. */
function opensByItself(quickSuggestions: unknown): boolean {
  if (typeof quickSuggestions === 'boolean') return quickSuggestions;
  const other = (quickSuggestions as { other?: unknown } | undefined)?.other;
  return other === 'on' || other === true;
}
