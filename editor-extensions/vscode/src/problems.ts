// Toggle Diagnostics: hides what is reported in this window, and shows it again, without asking the server.

import { vsdiag, type Middleware } from 'vscode-languageclient/node';

/** An answer without issues and without an id, after which the next question gets a whole answer again. */
function nothing(): { kind: vsdiag.DocumentDiagnosticReportKind.full; items: [] } {
  return { kind: vsdiag.DocumentDiagnosticReportKind.full, items: [] };
}

/** Shows or hides reported issues. The newest list of each note is kept, so that showing again needs no new check. */
export class Problems {
  readonly #newest = new Map<string, () => void>();
  #areShown = true;
  /** Asks anew for what the server does not push. */
  ask: () => void = () => undefined;

  get areShown(): boolean {
    return this.#areShown;
  }

  toggle(): void {
    this.#areShown = !this.#areShown;
    for (const show of this.#newest.values()) show();
    this.ask();
  }

  /** Forgets what was reported by a server that is gone. */
  clear(): void {
    this.#newest.clear();
  }

  readonly middleware: Middleware = {
    handleDiagnostics: (uri, diagnostics, next) => {
      const show = (): void => {
        next(uri, this.#areShown ? diagnostics : []);
      };
      if (diagnostics.length === 0) this.#newest.delete(uri.toString());
      else this.#newest.set(uri.toString(), show);
      show();
    },
    provideDiagnostics: (document, previousResultId, token, next) => (this.#areShown ? next(document, previousResultId, token) : nothing()),
    provideWorkspaceDiagnostics: (resultIds, token, report, next) =>
      next(resultIds, token, (part) => {
        if (this.#areShown || part === null) report(part);
        else report({ items: part.items.map(({ uri, version }) => ({ uri, version, ...nothing() })) });
      }),
  };
}
