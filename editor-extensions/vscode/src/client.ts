// The life of the one language client: start, stop, restart, and what happens when the server ends by itself.

import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import {
  CloseAction,
  DidChangeConfigurationNotification,
  DocumentDiagnosticRequest,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type CloseHandlerResult,
  type ErrorHandler,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import type { Binary } from './binary';
import { SERVER_COMMANDS, type ServerCommands } from './codes';
import { DOCUMENT_SELECTOR, SECTION, serverSettings } from './config';
import { askForReason, readIgnored, savingWhatIsWritten } from './ignore';
import type { Problems } from './problems';
import { endServer, startServer } from './process';
import { parseStatus, type State as StatusState } from './status';

/** Milliseconds that the server has for `shutdown`, and again for ending after `exit`. VS Code gives an extension 5 s in all. */
const STOP_TIMEOUT_MS = 2000;

export interface ClientSurroundings {
  readonly log: vscode.LogOutputChannel;
  readonly trace: vscode.OutputChannel;
  readonly problems: Problems;
  /** Keys of the settings that are sent to the server. */
  readonly serverKeys: readonly string[];
  /** Finds the program anew for each start, since the setting may have changed. */
  readonly findBinary: () => Promise<Binary>;
  /** Environment of the server, asked anew for each process. */
  readonly environment: () => NodeJS.ProcessEnv;
  readonly showStatus: (state: StatusState) => void;
  /** Tells the user, once, that the server does not run and will not be tried again. */
  readonly reportFailure: (message: string) => void;
}

/** Starts, stops and restarts the server. Calls may overlap; they are carried out one after the other. */
export class Client implements ServerCommands {
  readonly #surroundings: ClientSurroundings;
  #session: Session | undefined;
  #turn: Promise<void> = Promise.resolve();
  #starting: AbortController | undefined;
  #wanted = false;

  constructor(surroundings: ClientSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Whether the server answers now. */
  get isRunning(): boolean {
    return this.#session?.isRunning === true;
  }

  /** Whether the server should run: it was started and nobody has stopped it since, though it may have failed. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** The program that was started last; `undefined` once it was stopped. */
  get binary(): Binary | undefined {
    return this.#session?.binary;
  }

  has(command: string): boolean {
    return this.#session?.has(command) === true;
  }

  /** Runs a command of the server; rejects with a sentence for the user when no server runs that has it. */
  run(command: string, argument: unknown, token?: vscode.CancellationToken): Promise<unknown> {
    if (this.#session?.isRunning !== true) return Promise.reject(new Error('The language server is not running.'));
    if (!this.#session.has(command)) {
      return Promise.reject(new Error(`This version of the language server (${this.#session.binary.version}) cannot do that.`));
    }
    return this.#session.run(command, argument, token);
  }

  /** Starts the server unless it runs. Never rejects: a failure is shown to the user and in the status item. */
  start(): Promise<void> {
    this.#wanted = true;
    return this.#inTurn(() => this.#start());
  }

  /** Stops the server, also in the middle of its start. Never rejects; the process is gone afterwards. */
  stop(): Promise<void> {
    this.#wanted = false;
    this.#starting?.abort();
    return this.#inTurn(() => this.#stop());
  }

  /** Stops and starts, with the program that the settings name at that moment. */
  restart(): Promise<void> {
    this.#wanted = true;
    this.#starting?.abort();
    return this.#inTurn(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(action);
    return this.#turn;
  }

  async #start(): Promise<void> {
    if (this.isRunning || !this.#wanted) return;
    await this.#stop();
    const { log, showStatus, reportFailure, findBinary } = this.#surroundings;
    const starting = new AbortController();
    this.#starting = starting;
    showStatus({ phase: 'starting' });
    try {
      const binary = await findBinary();
      starting.signal.throwIfAborted();
      log.info(`starting ${binary.path} (${binary.version}, from ${binary.source})`);
      this.#session = new Session(binary, this.#surroundings);
      await this.#session.start(starting.signal);
    } catch (error) {
      // Stopping a server that is about to start makes the start fail; that is no news to anybody.
      if (starting.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      log.error(message);
      await this.#stop();
      showStatus({ phase: 'failed', message });
      reportFailure(message);
    } finally {
      this.#starting = undefined;
    }
  }

  async #stop(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.end();
    this.#surroundings.showStatus({ phase: 'stopped' });
  }
}

/** One server that was started, with the client library's object for it. It ends once; a restart makes a new one. */
class Session {
  readonly #surroundings: ClientSurroundings;
  readonly #client: QuietClient;
  /** The newest process; the library asks for another after a crash. */
  #child: ChildProcess | undefined;
  /** `starting` until the server has answered for the first time. */
  #stage: 'starting' | 'started' | 'over' = 'starting';
  #endedEarly = false;
  #reported = false;

  constructor(
    readonly binary: Binary,
    surroundings: ClientSurroundings,
  ) {
    this.#surroundings = surroundings;
    this.#client = new QuietClient(SECTION, 'medcode', () => this.#spawn(), this.#options());
    this.#client.log = surroundings.log;
    this.#client.reportSevere = (message) => {
      this.#report(message);
    };
    this.#client.onDidChangeState(({ newState }) => {
      this.#stateChanged(newState);
    });
    this.#client.onNotification('medcode/status', (params: unknown) => {
      this.#statusArrived(params);
    });
  }

  get isRunning(): boolean {
    return this.#client.state === State.Running;
  }

  has(command: string): boolean {
    return this.#client.initializeResult?.capabilities.executeCommandProvider?.commands.includes(command) === true;
  }

  run(command: string, argument: unknown, token?: vscode.CancellationToken): Promise<unknown> {
    return this.#client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] }, token);
  }

  /** Asks anew for the issues of open notes, from a server that does not push them. */
  #askForProblems(): void {
    const pulled = this.#client.getFeature(DocumentDiagnosticRequest.method);
    for (const document of vscode.workspace.textDocuments) pulled?.getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
  }

  /** Resolves when the server has answered `initialize`. An abort kills the server, after which this rejects. */
  async start(aborted: AbortSignal): Promise<void> {
    const kill = (): void => void this.#child?.kill('SIGKILL');
    aborted.addEventListener('abort', kill, { once: true });
    try {
      await this.#client.start();
      this.#stage = 'started';
    } catch (error) {
      if (!this.#endedEarly) throw error;
      throw new Error(`${this.binary.path} ended before it was ready; its last words stand in the log.`, { cause: error });
    } finally {
      aborted.removeEventListener('abort', kill);
    }
  }

  async end(): Promise<void> {
    this.#stage = 'over';
    this.#surroundings.problems.clear();
    try {
      await this.#client.dispose(STOP_TIMEOUT_MS);
    } catch (error) {
      // The library refuses to stop what never ran and gives up on a server that does not answer. The process is ended below all the same.
      this.#surroundings.log.debug(`the client did not stop cleanly: ${String(error)}`);
    }
    this.#client.diagnostics?.dispose();
    if (this.#child !== undefined) await endServer(this.#child, STOP_TIMEOUT_MS);
  }

  async #spawn(): Promise<ChildProcess> {
    const { environment, log } = this.#surroundings;
    const child = await startServer(this.binary.path, environment());
    child.once('exit', (code, signal) => {
      log.info(signal === null ? `the server ended with code ${code}` : `the server was ended by ${signal}`);
    });
    this.#child = child;
    // The session may have ended while the system was starting the process.
    if (this.#stage === 'over') child.kill('SIGKILL');
    return child;
  }

  #stateChanged(state: State): void {
    if (this.#stage === 'over') return;
    const { showStatus } = this.#surroundings;
    switch (state) {
      case State.Starting:
        showStatus({ phase: 'starting' });
        break;
      case State.Running:
        this.#reported = false;
        this.#surroundings.problems.ask = () => {
          this.#askForProblems();
        };
        showStatus({ phase: 'running' });
        break;
      case State.Stopped:
        showStatus({ phase: 'failed', message: 'The server ended.' });
        break;
    }
  }

  #statusArrived(params: unknown): void {
    const server = parseStatus(params);
    if (server === undefined) this.#surroundings.log.warn('the server sent a status in a form that this version does not know');
    else if (this.#stage !== 'over') this.#surroundings.showStatus({ phase: 'running', server });
  }

  /** Passes on what went wrong after the first start; a first start that fails is reported by whoever asked for it. */
  #report(message: string): void {
    if (this.#stage !== 'started' || this.#reported) return;
    this.#reported = true;
    this.#surroundings.reportFailure(message);
  }

  /** Restarts a server that crashed, up to four times in three minutes; one that never came up is not tried again. */
  #errorHandler(): ErrorHandler {
    let crashes: ErrorHandler | undefined;
    return {
      // Broken pipes come with each crash; `closed` says what there is to say.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: (): CloseHandlerResult | Promise<CloseHandlerResult> => {
        // What has closed its output is of no use, even if it still runs.
        this.#child?.kill('SIGKILL');
        if (!this.isRunning) {
          this.#endedEarly = true;
          return { action: CloseAction.DoNotRestart, message: 'The server ended before it was ready.' };
        }
        crashes ??= this.#client.createDefaultErrorHandler();
        return crashes.closed();
      },
    };
  }

  #options(): LanguageClientOptions {
    const { log, trace, problems, serverKeys } = this.#surroundings;
    return {
      documentSelector: DOCUMENT_SELECTOR,
      diagnosticCollectionName: SECTION,
      outputChannel: log,
      traceOutputChannel: trace,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // A function: the library calls it again when it starts the server anew after a crash.
      initializationOptions: () => ({ client: 'vscode', statusNotification: true, ...serverSettings(serverKeys) }),
      // Without it the library shows a message of its own beside the one of `reportFailure`.
      initializationFailedHandler: () => false,
      errorHandler: this.#errorHandler(),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the contract with the server has both ways, and this one tells of a change
      synchronize: { configurationSection: SECTION },
      middleware: {
        ...problems.middleware,
        executeCommand: async (command, args, next) => {
          const ignored = command === SERVER_COMMANDS.ignoreInProject ? readIgnored(args) : undefined;
          if (ignored === undefined) return (await next(command, args)) as unknown;
          const reasoned = await askForReason(ignored);
          return reasoned === undefined ? undefined : savingWhatIsWritten(async () => (await next(command, [reasoned])) as unknown);
        },
        workspace: {
          // The library would send all settings with their defaults, the editor's own ones included.
          didChangeConfiguration: () =>
            this.#client.sendNotification(DidChangeConfigurationNotification.type, {
              settings: { [SECTION]: serverSettings(serverKeys) },
            }),
          configuration: async (params, token, next) => {
            const answers: unknown = await next(params, token);
            if (!Array.isArray(answers)) return [];
            return params.items.map(({ section, scopeUri }, index): unknown =>
              section === SECTION
                ? serverSettings(serverKeys, scopeUri === undefined ? undefined : vscode.Uri.parse(scopeUri))
                : answers[index],
            );
          },
        },
      },
    };
  }
}

/**
 * The library's client with two differences. It writes to the log at the level of each message, where the library writes everything as
 * information. And it leaves messages to the user to us: the library's come in twos and threes for one failure.
 */
class QuietClient extends LanguageClient {
  log: vscode.LogOutputChannel | undefined;
  reportSevere: ((message: string) => void) | undefined;

  override debug(message: string, data?: unknown): void {
    this.log?.debug(withReason(message, data));
  }

  override info(message: string, data?: unknown): void {
    this.log?.info(withReason(message, data));
  }

  override warn(message: string, data?: unknown): void {
    this.log?.warn(withReason(message, data));
  }

  override error(message: string, data?: unknown, showNotification?: boolean | 'force'): void {
    this.log?.error(withReason(message, data));
    if (showNotification === 'force') this.reportSevere?.(message);
  }
}

function withReason(message: string, data: unknown): string {
  return data instanceof Error ? `${message} ${data.message}` : message;
}
