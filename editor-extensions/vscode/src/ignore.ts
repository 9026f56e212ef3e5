// Ignore in Project: asks for the reason. The server writes the entry into the configuration file of the note.

import * as vscode from 'vscode';
import { SERVER_COMMANDS, type ServerCommands } from './codes';
import { SECTION } from './config';
import { isConfigurationFile } from './configurationFile';

/** Arguments of `medcode.server.ignoreInProject`. */
export interface Ignored {
  readonly uri: string;
  readonly rule: string;
  readonly codes: readonly string[];
  readonly reason?: string;
}

/**
 * The arguments with the reason that the user gives; `undefined` when the user has turned back.
 *
 * An empty reason is passed on: the server then writes the entry and leads to the place where the reason goes.
 */
export async function askForReason(ignored: Ignored): Promise<Ignored | undefined> {
  if ((ignored.reason ?? '') !== '') return ignored;
  const what = [ignored.rule, ignored.codes.join(', ')].filter(Boolean).join(': ');
  const reason = await vscode.window.showInputBox({
    title: `Ignore in Project: ${what}`,
    prompt: 'Why is this right here? The reason goes into the configuration file, for those who read it later.',
    placeHolder: 'hypocalcaemia has another cause',
    ignoreFocusOut: true,
  });
  return reason === undefined ? undefined : { ...ignored, reason: reason.trim() };
}

/** Milliseconds after which the server's entry is not waited for any longer. */
const WRITTEN_WITHIN_MS = 10_000;

/**
 * Runs what makes the server write an entry, and saves the configuration file once the entry is in it: only then does it count. A file in
 * which the user has changes of their own is left to them.
 */
export async function savingWhatIsWritten<T>(write: () => Promise<T>): Promise<T> {
  const dirty = new Set(vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty));
  const listening = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length === 0 || !isConfigurationFile(document.uri)) return;
    listening.dispose();
    if (!dirty.has(document)) void document.save();
  });
  setTimeout(() => {
    listening.dispose();
  }, WRITTEN_WITHIN_MS).unref();
  return write();
}

/** Reads the arguments of the server's command; `undefined` when they have another form. */
export function readIgnored(args: readonly unknown[]): Ignored | undefined {
  const [first] = args;
  if (typeof first !== 'object' || first === null) return undefined;
  const { uri, rule, codes, reason } = first as Record<string, unknown>;
  if (typeof uri !== 'string' || typeof rule !== 'string') return undefined;
  const listed = Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [];
  return { uri, rule, codes: listed, ...(typeof reason === 'string' ? { reason } : {}) };
}

/** Ignores the issue at the caret, of several the one that the user chooses. */
export async function ignoreAtCaret(server: ServerCommands): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const issues = editor === undefined ? [] : issuesAt(editor.document.uri, editor.selection.active);
  const issue = issues.length > 1 ? await choose(issues) : issues[0];
  if (issue === undefined) {
    if (issues.length === 0) await vscode.window.showInformationMessage('medcode has reported nothing at the caret.');
    return;
  }
  const ignored = await askForReason(issue.ignored);
  if (ignored !== undefined) await savingWhatIsWritten(() => server.run(SERVER_COMMANDS.ignoreInProject, ignored));
}

interface Issue {
  readonly message: string;
  readonly ignored: Ignored;
}

function issuesAt(uri: vscode.Uri, position: vscode.Position): Issue[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, range }) => source === SECTION && range.contains(position))
    .map((diagnostic) => ({
      message: diagnostic.message,
      ignored: { uri: uri.toString(), rule: ruleOf(diagnostic), codes: codesOf(diagnostic) },
    }));
}

function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}

/** The client library keeps what the server sent along in a field of its own. */
function codesOf(diagnostic: vscode.Diagnostic & { readonly data?: unknown }): string[] {
  const { codes } = (diagnostic.data ?? {}) as { readonly codes?: unknown };
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [];
}

async function choose(issues: readonly Issue[]): Promise<Issue | undefined> {
  const items = issues.map((issue) => ({ label: issue.ignored.rule, detail: issue.message, issue }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Ignore in Project' });
  return chosen?.issue;
}
