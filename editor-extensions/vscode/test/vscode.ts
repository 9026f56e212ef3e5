// A small stand-in for the module `vscode`: just what the extension's own code and the start of the client library touch.
// Tests set `settings` and look at what was recorded.

export const version = '1.100.3';

/** Values by full key, as a user, a workspace or the manifest (`default`) would give them. */
export interface SettingLayers {
  default?: unknown;
  user?: unknown;
  workspace?: unknown;
}

export const settings = new Map<string, SettingLayers>();

export const workspace = {
  getConfiguration(section: string) {
    const layers = (key: string): SettingLayers => settings.get(`${section}.${key}`) ?? {};
    return {
      get: (key: string, fallback?: unknown): unknown => {
        const { workspace, user, default: initial } = layers(key);
        return workspace ?? user ?? initial ?? fallback;
      },
      inspect: (key: string) => {
        const { workspace, user, default: initial } = layers(key);
        return { key, defaultValue: initial, globalValue: user, workspaceValue: workspace };
      },
    };
  },
  onDidChangeTextDocument: event<unknown>(),
  textDocuments: [] as object[],
};

/** What the user does in the next input boxes, quick picks and messages, in this order; `undefined` turns back. */
export const answers: unknown[] = [];

/** Messages that were shown. */
export const messages: string[] = [];

/** Issues as `languages.getDiagnostics` gives them. */
export const reported: unknown[] = [];

export const clipboard: string[] = [];

/** An event that tests raise by `.fire`. */
function event<T>() {
  const listeners = new Set<(value: T) => void>();
  const subscribe = (listener: (value: T) => void) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
  return Object.assign(subscribe, {
    fire: (value: T) => {
      for (const listener of listeners) listener(value);
    },
  });
}

export const executedCommands: unknown[][] = [];

export const commands = {
  executeCommand: (...call: unknown[]) => {
    executedCommands.push(call);
    return Promise.resolve();
  },
};

export interface Item {
  name?: string;
  text?: string;
  detail?: string;
  severity?: number;
  busy?: boolean;
  command?: unknown;
  isShown?: boolean;
  show: () => void;
  dispose: () => void;
}

function createItem(): Item {
  const item: Item = {
    show: () => {
      item.isShown = true;
    },
    dispose: () => {
      item.isShown = false;
    },
  };
  return item;
}

export const languageStatusItems: Item[] = [];
export const statusBarItems: Item[] = [];

export const languages = {
  getDiagnostics: () => reported,
  createLanguageStatusItem: (): Item => {
    const item = createItem();
    languageStatusItems.push(item);
    return item;
  },
  match: (selector: readonly { language: string; scheme: string }[], document: { languageId: string; uri: { scheme: string } }) =>
    selector.some(({ language, scheme }) => language === document.languageId && scheme === document.uri.scheme) ? 10 : 0,
};

/** A quick pick whose user is the test. */
function createQuickPick() {
  return {
    items: [] as unknown[],
    activeItems: [] as unknown[],
    busy: false,
    isShown: false,
    onDidChangeValue: event<string>(),
    onDidTriggerItemButton: event<{ item: unknown; button: unknown }>(),
    onDidAccept: event<undefined>(),
    onDidHide: event<undefined>(),
    show() {
      this.isShown = true;
    },
    hide() {
      this.isShown = false;
      this.onDidHide.fire(undefined);
    },
    dispose: () => undefined,
  };
}

export const quickPicks: ReturnType<typeof createQuickPick>[] = [];

const show = (message: string): Promise<unknown> => {
  messages.push(message);
  return Promise.resolve(answers.shift());
};

export interface Window {
  activeTextEditor: object | undefined;
  visibleTextEditors: object[];
}

const editors: Window = { activeTextEditor: undefined, visibleTextEditors: [] };

export const window = Object.assign(editors, {
  createStatusBarItem: () => {
    const item = createItem();
    statusBarItems.push(item);
    return item;
  },
  createQuickPick: () => {
    const made = createQuickPick();
    quickPicks.push(made);
    return made;
  },
  showInputBox: () => Promise.resolve(answers.shift()),
  showQuickPick: () => Promise.resolve(answers.shift()),
  showInformationMessage: show,
  showErrorMessage: show,
  setStatusBarMessage: (message: string) => void messages.push(message),
  showTextDocument: () => Promise.resolve(),
});

export const env = {
  clipboard: {
    writeText: (text: string) => {
      clipboard.push(text);
      return Promise.resolve();
    },
  },
};

export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 } as const;
export const StatusBarAlignment = { Left: 1, Right: 2 } as const;

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;
export const ViewColumn = { Active: -1 } as const;

export class ThemeIcon {
  constructor(readonly id: string) {}
}

export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState: number,
  ) {}
}

export class MarkdownString {
  value = '';

  appendText(text: string): void {
    this.value += text;
  }

  appendMarkdown(text: string): void {
    this.value += text;
  }
}

export class SnippetString {
  value = '';

  appendText(text: string): this {
    this.value += text;
    return this;
  }
}

export class EventEmitter<T> {
  readonly event = event<T>();

  fire(value: T): void {
    this.event.fire(value);
  }
}

export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false };

  cancel(): void {
    this.token.isCancellationRequested = true;
  }

  dispose(): void {
    // Nothing is held.
  }
}

export const Uri = { parse: (text: string) => ({ text }) };
