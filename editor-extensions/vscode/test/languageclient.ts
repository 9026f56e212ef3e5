// A stand-in for the client library with the behaviour that the extension builds on (9.0.1): it starts a real process, is running when
// that has written a line, cannot be stopped before, starts a crashed server anew when the error handler says so.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export enum State {
  Stopped = 1,
  Running = 2,
  Starting = 3,
}
export enum CloseAction {
  DoNotRestart = 1,
  Restart = 2,
}
export enum ErrorAction {
  Continue = 1,
  Shutdown = 2,
}
export enum RevealOutputChannelOn {
  Never = 4,
}
export const ExecuteCommandRequest = { type: 'workspace/executeCommand' };
export const DocumentDiagnosticRequest = { method: 'textDocument/diagnostic' };
export const vsdiag = { DocumentDiagnosticReportKind: { full: 'full' } };
export const DidChangeConfigurationNotification = { type: 'workspace/didChangeConfiguration' };

interface CloseResult {
  action: CloseAction;
  message?: string;
  handled?: boolean;
}

export interface Options {
  errorHandler: { closed: () => CloseResult };
  initializationOptions: () => unknown;
  middleware: {
    executeCommand: (command: string, args: unknown[], next: (command: string, args: unknown[]) => Promise<unknown>) => Promise<unknown>;
    workspace: {
      didChangeConfiguration: () => Promise<void>;
      configuration: (params: unknown, token: unknown, next: () => Promise<unknown>) => Promise<unknown>;
    };
  };
}

export class LanguageClient {
  static readonly made: LanguageClient[] = [];

  state = State.Stopped;
  child: ChildProcess | undefined;
  readonly initializeResult = { capabilities: { executeCommandProvider: { commands: ['medcode.server.search'] } } };
  readonly sent: unknown[][] = [];
  readonly errors: unknown[][] = [];
  readonly notificationHandlers = new Map<string, (params: unknown) => void>();
  readonly diagnostics = undefined;
  #stateListener: (event: { newState: State }) => void = () => undefined;
  #isStopping = false;
  #crashes = 0;

  constructor(
    readonly id: string,
    readonly name: string,
    readonly serverOptions: () => Promise<ChildProcess>,
    readonly options: Options,
  ) {
    LanguageClient.made.push(this);
  }

  onDidChangeState(listener: (event: { newState: State }) => void): void {
    this.#stateListener = listener;
  }

  onNotification(method: string, handler: (params: unknown) => void): void {
    this.notificationHandlers.set(method, handler);
  }

  sendRequest(...call: unknown[]): Promise<unknown> {
    this.sent.push(call);
    return Promise.resolve('answer');
  }

  getFeature() {
    return undefined;
  }

  sendNotification(...call: unknown[]): Promise<void> {
    this.sent.push(call);
    return Promise.resolve();
  }

  createDefaultErrorHandler() {
    return {
      closed: (): CloseResult =>
        ++this.#crashes < 5 ? { action: CloseAction.Restart } : { action: CloseAction.DoNotRestart, message: 'crashed 5 times' },
    };
  }

  async start(): Promise<void> {
    this.#become(State.Starting);
    try {
      this.child = await this.serverOptions();
      await this.#firstLine(this.child);
    } catch (error) {
      this.#become(State.Stopped);
      this.error('could not create the connection', error, 'force');
      throw error;
    }
    this.#become(State.Running);
  }

  async dispose(timeoutMs: number): Promise<void> {
    if (this.state === State.Stopped) return;
    if (this.state === State.Starting || !this.child) throw new Error('not running');
    this.#isStopping = true;
    const ended = once(this.child, 'close').then(() => true);
    this.child.stdin?.write('exit\n');
    const inTime = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, timeoutMs, false))]);
    this.#become(State.Stopped);
    if (inTime === false) throw new Error('timed out');
  }

  /** In the library this writes to the log and, when forced, shows a message; the extension overrides it. */
  error(...call: [message: string, data?: unknown, showNotification?: boolean | 'force']): void {
    this.errors.push(call);
  }

  #become(newState: State): void {
    this.state = newState;
    this.#stateListener({ newState });
  }

  #firstLine(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      child.stdout?.once('data', () => {
        resolve();
      });
      child.stdout?.once('close', () => {
        if (this.#isStopping) return;
        const result = this.options.errorHandler.closed();
        reject(new Error('pending response rejected'));
        if (result.action === CloseAction.DoNotRestart) {
          this.error(result.message ?? 'closed', undefined, result.handled === true ? false : 'force');
          this.#become(State.Stopped);
        } else {
          this.start().catch((error: unknown) => {
            this.error('restart failed', error, 'force');
          });
        }
      });
    });
  }
}
