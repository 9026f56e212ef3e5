// Questions about codes to the language server, and the form of its answers.

import type { CancellationToken } from 'vscode';

/** Commands of the server that answer questions. Palette commands have other names (`medcode.`), or the start would fail. */
export const SERVER_COMMANDS = {
  search: 'medcode.server.search',
  lookup: 'medcode.server.lookup',
  children: 'medcode.server.children',
  openPage: 'medcode.server.openPage',
  ignoreInProject: 'medcode.server.ignoreInProject',
  checkWorkspace: 'medcode.server.checkWorkspace',
  installCatalog: 'medcode.server.installCatalog',
} as const;

/** A code, chapter, block or code system. */
export interface Code {
  /** Short id: `icd-10-cm`, `icd-10-pcs`, `cpt`, `hcpcs`. */
  readonly system: string;
  /** As published; empty for a whole system. */
  readonly code: string;
  /** The official title; empty where the installed data has none. */
  readonly title: string;
  /** Whether it may be submitted on the date that was asked about. */
  readonly billable: boolean;
}

/** A code that a search found. */
export interface Hit extends Code {
  /** The term that matched, where it is another than the title; else empty. */
  readonly matched: string;
}

/** A place in the hierarchy. */
export interface Node extends Code {
  readonly childCount: number;
}

/** Everything that is shown of one code. */
export interface Details extends Code {
  readonly found: boolean;
  /** First and last day (inclusive) on which it may be submitted, `YYYY-MM-DD`; empty when not known. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Nearest first. */
  readonly ancestors: readonly Pick<Code, 'code' | 'title'>[];
  /** What may have been meant, when it was not found. */
  readonly suggestions: readonly Pick<Code, 'code' | 'title'>[];
  /** Why it could not be asked; empty when it could. */
  readonly unavailable: string;
}

/** Runs a command of the server. */
export interface ServerCommands {
  /** Whether the server that runs has the command. */
  has: (command: string) => boolean;
  run: (command: string, argument: unknown, token?: CancellationToken) => Promise<unknown>;
}

/** Asks the server that runs at that moment. Every question rejects when there is none. */
export class Codes {
  readonly #server: ServerCommands;

  constructor(server: ServerCommands) {
    this.#server = server;
  }

  /** The codes that words or the beginning of a code find, best first; at most `limit`. */
  async search(query: string, limit: number, token?: CancellationToken): Promise<Hit[]> {
    const answer = await this.#server.run(SERVER_COMMANDS.search, { query, limit }, token);
    return results(answer).map((hit) => ({ ...code(hit), matched: hit['matched_in'] === 'display' ? '' : text(hit['matched']) }));
  }

  /** What is known of one code; `undefined` when the answer has another form. */
  async lookup(asked: string, system?: string, token?: CancellationToken): Promise<Details | undefined> {
    const question = system === undefined ? { codes: [asked] } : { codes: [asked], system };
    const [found] = results(await this.#server.run(SERVER_COMMANDS.lookup, question, token));
    if (found === undefined) return undefined;
    return {
      ...code(found),
      found: found['found'] === true,
      validFrom: text(found['valid_from']),
      validTo: text(found['valid_to']),
      ancestors: records(found['ancestors']).map(code),
      suggestions: records(found['suggestions']).map(code),
      unavailable: text(found['unavailable']),
    };
  }

  /** The direct children of a code in the order of the code set; of nothing, the code systems. */
  async children(parent?: Code, token?: CancellationToken): Promise<Node[]> {
    const question = parent === undefined ? {} : { system: parent.system, code: parent.code };
    const answer = await this.#server.run(SERVER_COMMANDS.children, question, token);
    return records(answer).map((child) => ({
      ...code(child),
      title: text(child['title']),
      childCount: typeof child['childCount'] === 'number' ? child['childCount'] : 0,
    }));
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function results(answer: unknown): Fields[] {
  return isFields(answer) ? records(answer['results']) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function code(fields: Fields): Code {
  return {
    system: text(fields['system']),
    code: text(fields['code']),
    title: text(fields['display']),
    billable: fields['billable'] === true,
  };
}
