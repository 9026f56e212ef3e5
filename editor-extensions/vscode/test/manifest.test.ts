// package.json against the code, for what nothing else compares.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import manifest from '../package.json';
import { BROWSER_VIEW } from '../src/browser';
import { LANGUAGES, SECTION } from '../src/config';

/** What every setting has to have. */
interface Described {
  markdownDescription: string;
  scope: string;
}

test('activates for the languages that are checked', () => {
  expect(manifest.activationEvents).toEqual(LANGUAGES.map((language) => `onLanguage:${language}`));
});

/** Names of the commands that the sources register. */
function registered(): string[] {
  const source = (name: string) => readFileSync(new URL(`../src/${name}.ts`, import.meta.url), 'utf8');
  const alone = source('extension').matchAll(/registerCommand\('([^']+)'/g);
  const listed = source('commands').matchAll(/^ {4}'(medcode\.\w+)':/gm);
  return [...alone, ...listed].map((match) => match[1] ?? '');
}

test('declares the commands that are registered', () => {
  expect(registered().sort()).toEqual(manifest.contributes.commands.map(({ command }) => command).sort());
});

test('puts only its own commands into menus, views and walkthroughs', () => {
  const own = new Set([...registered(), `${BROWSER_VIEW}.focus`, 'editor.action.quickFix']);
  const named = JSON.stringify([manifest.contributes.viewsWelcome, manifest.contributes.walkthroughs]).matchAll(/\(command:([^)]+)\)/g);
  const listed = Object.values(manifest.contributes.menus).flatMap((entries) => entries.map(({ command }) => command));
  for (const command of [...[...named].map((match) => match[1] ?? ''), ...listed]) expect(own).toContain(command);
});

test('has the view that the code browser fills, and the pictures of its walkthrough', () => {
  expect(manifest.contributes.views.medcode.map(({ id }) => id)).toEqual([BROWSER_VIEW]);
  for (const { media } of manifest.contributes.walkthroughs.flatMap(({ steps }) => steps)) {
    expect(existsSync(new URL(`../${media.image}`, import.meta.url)), media.image).toBe(true);
  }
});

test('gives every kind of code a colour in every language', () => {
  const types = manifest.contributes.semanticTokenTypes.map(({ id }) => id).sort();
  expect(manifest.contributes.semanticTokenScopes.map(({ language }) => language)).toEqual(LANGUAGES);
  for (const { scopes } of manifest.contributes.semanticTokenScopes) expect(Object.keys(scopes).sort()).toEqual(types);
});

test('names commands apart from those of the server, which the client registers itself', () => {
  for (const { command, category } of manifest.contributes.commands) {
    expect(command).toMatch(/^medcode\.(?!server\.)/);
    expect(category).toBe('medcode');
  }
});

test('keeps all settings in its section, described and with a scope', () => {
  for (const { properties } of manifest.contributes.configuration) {
    for (const [key, property] of Object.entries(properties as Record<string, Described>)) {
      expect(key.startsWith(`${SECTION}.`)).toBe(true);
      expect(property.markdownDescription.length).toBeGreaterThan(0);
      expect(property.scope.length).toBeGreaterThan(0);
    }
  }
});

test('lets no untrusted folder choose the program, the service or the catalog', () => {
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
  expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(
    expect.arrayContaining(['medcode.server.path', 'medcode.server.url', 'medcode.dataDir']),
  );
});

test('locks its packages without addresses to fetch them from', () => {
  const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  expect(lock).not.toContain('"resolved"');
});
