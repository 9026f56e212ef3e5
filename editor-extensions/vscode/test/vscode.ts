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
};

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
  createLanguageStatusItem: (): Item => {
    const item = createItem();
    languageStatusItems.push(item);
    return item;
  },
  match: (selector: readonly { language: string; scheme: string }[], document: { languageId: string; uri: { scheme: string } }) =>
    selector.some(({ language, scheme }) => language === document.languageId && scheme === document.uri.scheme) ? 10 : 0,
};

export const window: { activeTextEditor: { document: unknown } | undefined; createStatusBarItem: () => Item } = {
  activeTextEditor: undefined,
  createStatusBarItem: () => {
    const item = createItem();
    statusBarItems.push(item);
    return item;
  },
};

export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 } as const;
export const StatusBarAlignment = { Left: 1, Right: 2 } as const;

export const Uri = { parse: (text: string) => ({ text }) };
