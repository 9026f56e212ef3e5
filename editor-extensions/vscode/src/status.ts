// The language status item: whether the server runs, where its answers come from and how long its data holds.

import * as vscode from 'vscode';
import { DOCUMENT_SELECTOR } from './config';

/** Parameters of the notification `medcode/status`. */
export interface ServerStatus {
  readonly health: 'ok' | 'warning' | 'error';
  /** One sentence. */
  readonly message: string;
  readonly backend: 'embedded' | 'remote';
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

/** What the status item shows. */
export interface Presentation {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly busy: boolean;
  readonly command: 'medcode.showLog' | 'medcode.restart' | 'medcode.start';
}

const COMMAND_TITLES = { 'medcode.showLog': 'Show Log', 'medcode.restart': 'Restart', 'medcode.start': 'Start' } as const;

/** Reads the parameters of `medcode/status`; `undefined` when they have another form, as those of a different version might. */
export function parseStatus(params: unknown): ServerStatus | undefined {
  if (!isRecord(params)) return undefined;
  const { health, message, backend, catalog, releases } = params;
  if (health !== 'ok' && health !== 'warning' && health !== 'error') return undefined;
  if (backend !== 'embedded' && backend !== 'remote') return undefined;
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

/** Words for a state. */
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

function presentRunning(server: ServerStatus | undefined): Presentation {
  if (server === undefined) {
    return { text: 'medcode: running', detail: '', severity: 'information', busy: false, command: 'medcode.showLog' };
  }
  const where = server.backend === 'remote' ? 'remote service' : 'local catalog';
  // A server that is well says which releases it has; they follow with their last days.
  const message = isReady(server) && server.releases.length > 0 ? '' : server.message;
  const detail = [message, where, ...server.releases.map(releaseText)].filter((part) => part !== '').join(' · ');
  if (server.catalog === 'installing') {
    return { text: 'medcode: installing the catalog', detail, severity: 'information', busy: true, command: 'medcode.showLog' };
  }
  if (server.catalog === 'missing') {
    return { text: 'medcode: no catalog', detail, severity: 'error', busy: false, command: 'medcode.restart' };
  }
  const severity = server.health === 'ok' ? 'information' : server.health;
  return { text: isReady(server) ? 'medcode: ready' : 'medcode: limited', detail, severity, busy: false, command: 'medcode.showLog' };
}

function releaseText({ system, version, endDate }: Release): string {
  return endDate === undefined ? `${system} ${version}` : `${system} ${version} (to ${endDate})`;
}

function isReady(server: ServerStatus): boolean {
  return server.health === 'ok' && server.catalog === 'ready';
}

/** Environment variable that adds an item to the status bar, which a test can see without opening anything. */
export const TEST_MODE_VARIABLE = 'MEDCODE_UI_TEST';

/** The status item; begins as stopped. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('medcode.status', DOCUMENT_SELECTOR);
  readonly #testItem: vscode.StatusBarItem | undefined;

  constructor(testMode: boolean) {
    this.#item.name = 'medcode';
    if (testMode) {
      this.#testItem = vscode.window.createStatusBarItem('medcode.test', vscode.StatusBarAlignment.Left);
      this.#testItem.name = 'medcode test';
      this.#testItem.show();
    }
    this.show({ phase: 'stopped' });
  }

  show(state: State): void {
    const { text, detail, severity, busy, command } = present(state);
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.severity = languageStatusSeverity(severity);
    this.#item.busy = busy;
    this.#item.command = { command, title: COMMAND_TITLES[command] };
    if (this.#testItem) this.#testItem.text = text;
  }

  dispose(): void {
    this.#item.dispose();
    this.#testItem?.dispose();
  }
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
