// The language status items: whether the server runs and where its answers come from; which code sets there are and how long they hold.

import * as vscode from 'vscode';
import { DOCUMENT_SELECTOR } from './config';
import { systemName } from './systems';

/** Parameters of the notification `medcode/status`. */
export interface ServerStatus {
  readonly health: 'ok' | 'warning' | 'error';
  /** One sentence. */
  readonly message: string;
  /** `fallback`: the local catalog answers for a remote service that is away. */
  readonly backend: 'embedded' | 'remote' | 'fallback';
  readonly catalog: 'ready' | 'installing' | 'missing';
  readonly releases: readonly Release[];
}

export interface Release {
  readonly system: string;
  readonly version: string;
  /** Last day, inclusive, that the release covers (`YYYY-MM-DD`); not there when no end is known. */
  readonly endDate?: string;
}

/** What is known of the server at a moment. */
export type State =
  | { readonly phase: 'starting' }
  /** `server` is not there until the server has told its status. */
  | { readonly phase: 'running'; readonly server?: ServerStatus }
  | { readonly phase: 'stopped' }
  | { readonly phase: 'failed'; readonly message: string };

/** What the catalog is in a state; `none` while no server tells. */
export function catalogOf(state: State): 'none' | 'stopped' | ServerStatus['catalog'] {
  if (state.phase === 'stopped' || state.phase === 'failed') return 'stopped';
  return (state.phase === 'running' ? state.server?.catalog : undefined) ?? 'none';
}

/** What a status item shows. */
export interface Presentation {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly busy: boolean;
  readonly command: keyof typeof COMMAND_TITLES;
}

const COMMAND_TITLES = {
  'medcode.showLog': 'Show Log',
  'medcode.restart': 'Restart',
  'medcode.start': 'Start',
  'medcode.installCatalog': 'Install Catalog',
} as const;

/** Reads the parameters of `medcode/status`; `undefined` when they have another form, as those of a different version might. */
export function parseStatus(params: unknown): ServerStatus | undefined {
  if (!isRecord(params)) return undefined;
  const { health, message, backend, catalog, releases } = params;
  if (health !== 'ok' && health !== 'warning' && health !== 'error') return undefined;
  if (backend !== 'embedded' && backend !== 'remote' && backend !== 'fallback') return undefined;
  if (catalog !== 'ready' && catalog !== 'installing' && catalog !== 'missing') return undefined;
  if (typeof message !== 'string' || !Array.isArray(releases)) return undefined;
  return { health, message, backend, catalog, releases: releases.flatMap(parseRelease) };
}

function parseRelease(value: unknown): Release[] {
  if (!isRecord(value) || typeof value['system'] !== 'string' || typeof value['version'] !== 'string') return [];
  const { system, version, endDate } = value;
  return [typeof endDate === 'string' ? { system, version, endDate } : { system, version }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Words for the health of the server. */
export function present(state: State): Presentation {
  switch (state.phase) {
    case 'starting':
      return { text: 'medcode: starting', detail: '', severity: 'information', busy: true, command: 'medcode.showLog' };
    case 'stopped':
      return { text: 'medcode: stopped', detail: 'Notes are not checked.', severity: 'warning', busy: false, command: 'medcode.start' };
    case 'failed':
      return { text: 'medcode: not running', detail: state.message, severity: 'error', busy: false, command: 'medcode.restart' };
    case 'running':
      return presentRunning(state.server);
  }
}

const BACKENDS: Readonly<Record<ServerStatus['backend'], string>> = {
  embedded: 'local catalog',
  remote: 'remote service',
  fallback: 'local catalog, the remote service is away',
};

function presentRunning(server: ServerStatus | undefined): Presentation {
  if (server === undefined) {
    return { text: 'medcode: running', detail: '', severity: 'information', busy: false, command: 'medcode.showLog' };
  }
  // A server that is well says which releases it has; they have an item of their own.
  const message = isReady(server) && server.releases.length > 0 ? '' : server.message;
  const detail = [message, BACKENDS[server.backend]].filter((part) => part !== '').join(' · ');
  if (server.catalog === 'installing') {
    return { text: 'medcode: installing the catalog', detail, severity: 'information', busy: true, command: 'medcode.showLog' };
  }
  if (server.catalog === 'missing') {
    return { text: 'medcode: no catalog', detail: message, severity: 'error', busy: false, command: 'medcode.installCatalog' };
  }
  if (isReady(server)) return { text: 'medcode: ready', detail, severity: 'information', busy: false, command: 'medcode.showLog' };
  // A server that is unwell for long may be helped by a restart.
  const severity = server.health === 'ok' ? 'information' : server.health;
  return { text: 'medcode: limited', detail, severity, busy: false, command: 'medcode.restart' };
}

/** Words for the code sets; `undefined` while there are none. `today` is `YYYY-MM-DD`. */
export function presentCatalog(state: State, today: string): Presentation | undefined {
  const releases = state.phase === 'running' ? (state.server?.releases ?? []) : [];
  if (releases.length === 0) return undefined;
  const ended = releases.filter(({ endDate }) => endDate !== undefined && endDate < today);
  const [firstEnd] = releases.flatMap(({ endDate }) => endDate ?? []).sort();
  const holds = firstEnd === undefined ? 'Code sets' : `Code sets until ${firstEnd}`;
  // Short, since there is room for little: most systems have releases of the same day.
  const versions = [...new Set(releases.map(({ version }) => version))];
  const systems = (wanted: string): string[] => releases.filter(({ version }) => version === wanted).map(({ system }) => systemName(system));
  return {
    text: ended.length > 0 ? `Code sets ended on ${String(firstEnd)}` : holds,
    detail: versions.map((version) => `${systems(version).join(', ')} ${version}`).join(' · '),
    severity: ended.length > 0 ? 'warning' : 'information',
    busy: false,
    command: 'medcode.installCatalog',
  };
}

function isReady(server: ServerStatus): boolean {
  return server.health === 'ok' && server.catalog === 'ready';
}

/** Environment variable that adds an item to the status bar, which a test can see without opening anything. */
export const TEST_MODE_VARIABLE = 'MEDCODE_UI_TEST';

/** The status items; begin as stopped. */
export class StatusItems implements vscode.Disposable {
  readonly #health = createItem('medcode.status', 'medcode');
  /** Not there while there are no code sets to speak of. */
  #catalog: vscode.LanguageStatusItem | undefined;
  readonly #testItem: vscode.StatusBarItem | undefined;
  #state: State = { phase: 'stopped' };
  #problemsAreShown = true;

  constructor(testMode: boolean) {
    if (testMode) {
      this.#testItem = vscode.window.createStatusBarItem('medcode.test', vscode.StatusBarAlignment.Left);
      this.#testItem.name = 'medcode test';
      this.#testItem.show();
    }
    this.show(this.#state);
  }

  show(state: State): void {
    this.#state = state;
    const health = present(state);
    const detail = this.#problemsAreShown ? health.detail : ['problems are hidden', health.detail].filter(Boolean).join(' · ');
    fill(this.#health, { ...health, detail });
    if (this.#testItem) this.#testItem.text = health.text;

    const catalog = presentCatalog(state, new Date().toISOString().slice(0, 10));
    if (catalog === undefined) {
      this.#catalog?.dispose();
      this.#catalog = undefined;
    } else {
      this.#catalog ??= createItem('medcode.catalog', 'medcode code sets');
      fill(this.#catalog, catalog);
    }
  }

  /** Says that reported issues are hidden, so that nobody takes a note for clean. */
  problemsAreShown(areShown: boolean): void {
    this.#problemsAreShown = areShown;
    this.show(this.#state);
  }

  dispose(): void {
    this.#health.dispose();
    this.#catalog?.dispose();
    this.#testItem?.dispose();
  }
}

function createItem(id: string, name: string): vscode.LanguageStatusItem {
  const item = vscode.languages.createLanguageStatusItem(id, DOCUMENT_SELECTOR);
  item.name = name;
  return item;
}

function fill(item: vscode.LanguageStatusItem, { text, detail, severity, busy, command }: Presentation): void {
  item.text = text;
  item.detail = detail;
  item.severity = languageStatusSeverity(severity);
  item.busy = busy;
  item.command = { command, title: COMMAND_TITLES[command] };
}

function languageStatusSeverity(severity: Presentation['severity']): vscode.LanguageStatusSeverity {
  switch (severity) {
    case 'information':
      return vscode.LanguageStatusSeverity.Information;
    case 'warning':
      return vscode.LanguageStatusSeverity.Warning;
    case 'error':
      return vscode.LanguageStatusSeverity.Error;
  }
}
