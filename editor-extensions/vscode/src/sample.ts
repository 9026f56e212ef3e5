// A note to try things with.

import * as vscode from 'vscode';

const NOTE = `# Follow-up visit

DOS: 2026-03-02

Chronic kidney disease, stage 3. Type 2 diabetes, well controlled.

Dx: N18.3, E11.9
`;

/** Opens an invented note that is not saved anywhere, the caret at its end. */
export async function openSampleNote(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: NOTE });
  const end = document.lineAt(document.lineCount - 1).range.end;
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) });
}
