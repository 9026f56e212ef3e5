// Which notes are looked at, and what of the settings goes to the server.
// The settings themselves, with defaults and descriptions, stand in package.json.

import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { expandHome } from './paths';

/** The section under which all settings stand, here and in the server. */
export const SECTION = 'medcode';

/** Languages in which codes are checked. `activationEvents` in package.json names the same ones (a test compares them). */
export const LANGUAGES: readonly string[] = ['markdown', 'plaintext'];

/** Schemes of real notes. The old side of a comparison (`git:` and the like) is not one. */
const SCHEMES: readonly string[] = ['file', 'untitled'];

export const DOCUMENT_SELECTOR = LANGUAGES.flatMap((language) => SCHEMES.map((scheme) => ({ language, scheme })));

/** Title of the group of settings in package.json that concern the editor alone and are not sent to the server. */
const EDITOR_GROUP = 'Editor';

/** The part of package.json that describes settings. */
export interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly title: string; readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

/** Keys of the settings that the server understands, without the section: `diagnostics.delayMs`. */
export function serverKeys(manifest: Manifest): string[] {
  return manifest.contributes.configuration
    .filter((group) => group.title !== EDITOR_GROUP)
    .flatMap((group) => Object.keys(group.properties))
    .map((key) => key.slice(SECTION.length + 1));
}

/**
 * Settings for the server, nested: `{ diagnostics: { delayMs: 100 } }`.
 *
 * Only what somebody has set is there. A default from package.json would look to the server like a wish of the user and win over the
 * project's `medcode.toml`. An empty text means "not set" as well.
 */
export function serverSettings(keys: readonly string[], scope?: vscode.ConfigurationScope): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION, scope);
  const settings: Record<string, unknown> = {};
  for (const key of keys) {
    if (!isSet(configuration.inspect(key))) continue;
    const value = configuration.get(key);
    if (value !== '') setNested(settings, key.split('.'), value);
  }
  return settings;
}

/**
 * The environment for the server. The directory of the catalog has to be known before the first message, so the setting goes this way.
 * A variable that is there already wins, as the environment does over the editor in all settings.
 *
 * The catalog that a package may carry is named as well: the server puts it in place where none is installed.
 */
export function serverEnvironment(own: NodeJS.ProcessEnv, extensionDirectory: string): NodeJS.ProcessEnv {
  const carried = path.join(extensionDirectory, 'server', 'catalog.db');
  const offered = {
    MEDCODE_DATA_DIR: expandHome(vscode.workspace.getConfiguration(SECTION).get('dataDir', '').trim()),
    MEDCODE_SEED_CATALOG: existsSync(carried) ? carried : '',
  };
  const missing = Object.entries(offered).filter(([name, value]) => value !== '' && (own[name] ?? '') === '');
  return { ...own, ...Object.fromEntries(missing) };
}

/** Whether a setting has a value from anywhere but the manifest. */
function isSet(inspected: ReturnType<vscode.WorkspaceConfiguration['inspect']>): boolean {
  if (inspected === undefined) return false;
  return [
    inspected.globalValue,
    inspected.workspaceValue,
    inspected.workspaceFolderValue,
    inspected.globalLanguageValue,
    inspected.workspaceLanguageValue,
    inspected.workspaceFolderLanguageValue,
  ].some((value) => value !== undefined);
}

function setNested(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [head, ...rest] = keys;
  if (head === undefined) return;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = (target[head] ?? {}) as Record<string, unknown>;
  target[head] = inner;
  setNested(inner, rest, value);
}
