// package.json against the code, for what nothing else compares.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import manifest from '../package.json';
import { LANGUAGES, SECTION } from '../src/config';

/** What every setting has to have. */
interface Described {
  markdownDescription: string;
  scope: string;
}

test('activates for the languages that are checked', () => {
  expect(manifest.activationEvents).toEqual(LANGUAGES.map((language) => `onLanguage:${language}`));
});

test('declares the commands that are registered', () => {
  const source = readFileSync(new URL('../src/extension.ts', import.meta.url), 'utf8');
  const registered = [...source.matchAll(/registerCommand\('([^']+)'/g)].map((match) => match[1]);
  expect(registered.sort()).toEqual(manifest.contributes.commands.map(({ command }) => command).sort());
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
