// The extension in the real user interface: packaged with the server, installed in code-server, looked at in headless Chromium.
// `setup.sh` installs what it needs. Environment:
//   MEDCODE_BINARY     the program to carry in the package
//   MEDCODE_DATA_DIR   a directory with an installed catalog, to carry in the package
//   CACHE_DIR          where setup.sh has put its packages
//   ARTEFACTS_DIR      where screenshots go, and logs after a failure
// With --pictures those of the README, of the walkthrough and of docs/images are replaced by new ones.

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageExtension } from '../scripts/package.mjs';
import { Editor, packageWithServer, vsceIn } from './editor.mjs';
import { Workbench } from './workbench.mjs';

const NOTE = `# Follow-up visit

DOS: 2026-03-02
Dx: N18.3

# Earlier visit

DOS: 2026-02-02
Dx: E11.9
`;

/** Everything that a package with a server consists of. */
const PACKAGE_CONTENT = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/THIRD-PARTY-NOTICES.txt',
  'dist/extension.js',
  'icon.png',
  'media/browser.png',
  'media/codes.svg',
  'media/completion.png',
  'media/fix.png',
  'media/hover.png',
  'media/project.png',
  'media/search.png',
  'media/squiggle.png',
  'package.json',
  'server/catalog.db',
  'server/medcode',
];

const SETTINGS = {
  // Titles behind codes would be part of the lines that are compared; one step switches them on.
  'editor.inlayHints.enabled': 'off',
  // Only what the server offers shall be in the list.
  'editor.wordBasedSuggestions': 'off',
  'editor.minimap.enabled': false,
  'editor.fontSize': 15,
  // Folders that are not trusted open in restricted mode without a question.
  'security.workspace.trust.startupPrompt': 'never',
  'workbench.startupEditor': 'none',
};

function variable(name) {
  const value = process.env[name];
  if (value === undefined || value === '') {
    console.error(`${name} is not set; the head of ui-test/run.mjs says what it is`);
    process.exit(2);
  }
  return path.resolve(value);
}

const binary = variable('MEDCODE_BINARY');
const dataDirectory = variable('MEDCODE_DATA_DIR');
const cacheDirectory = variable('CACHE_DIR');
const artefacts = variable('ARTEFACTS_DIR');

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Calls `look` until it gives something true. For what shows in no selector; the limit is that of the other waits. */
async function until(look, what) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const result = await look();
    if (result) return result;
    assert(Date.now() < deadline, `waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

await mkdir(artefacts, { recursive: true });
const picture = (name) => path.join(artefacts, name);
const EXTENSION = path.resolve(import.meta.dirname, '..');

/** Where pictures that are shown to users lie, by their name among the artefacts. */
const PUBLISHED = {
  ...Object.fromEntries(['squiggle', 'completion', 'hover', 'fix', 'search', 'browser', 'project'].map((name) => [name, [`media/${name}.png`]])),
};
PUBLISHED.completion.push('../../docs/images/vscode-completion.png');
PUBLISHED.hover.push('../../docs/images/vscode-hover.png');

async function publishPictures() {
  for (const [name, places] of Object.entries(PUBLISHED)) {
    for (const place of places) await cp(picture(`${name}.png`), path.join(EXTENSION, place));
  }
}
for (const stale of ['failure.png', 'logs']) await rm(picture(stale), { recursive: true, force: true });
const directory = await mkdtemp(path.join(tmpdir(), 'medcode-vscode-'));

/** The packages: with program and catalog, and without both. */
const packages = {};
let editor;
let workbench;

/** Makes a folder with the note, and opens both in a new editor. No catalog is installed there, and none can be. */
async function openNote({ name, folderSettings = {}, trustsFolders = true, note = NOTE, vsix = packages.complete }) {
  const editorDirectory = path.join(directory, name);
  const folder = path.join(editorDirectory, 'notes');
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(path.join(folder, 'note.md'), note);
  await writeFolderSettings(name, folderSettings);
  const environment = { MEDCODE_UI_TEST: '1', MEDCODE_PYTHON: '/there/is/no/python' };
  editor = await Editor.start({ cacheDirectory, directory: editorDirectory, environment, settings: SETTINGS, trustsFolders, vsix });
  const profileDirectory = path.join(editorDirectory, 'profile');
  workbench = await Workbench.open({ address: editor.address, cacheDirectory, folder, name: 'note.md', profileDirectory });
}

async function writeFolderSettings(name, settings) {
  await writeFile(path.join(directory, name, 'notes/.vscode/settings.json'), JSON.stringify(settings));
}

/** Closes the window and the editor, as often as it is called. */
async function closeEditor() {
  await workbench?.close();
  workbench = undefined;
  await editor?.stop();
}

/** The one language server, once it is another than `former`. */
const newServer = (former) =>
  until(async () => {
    const servers = await editor.languageServers();
    return servers.length === 1 && servers[0] !== former ? servers[0] : undefined;
  }, 'a new language server');

const steps = {
  'the package carries the program, the code sets and nothing that does not belong': async () => {
    const catalog = path.join(dataDirectory, 'catalog.db');
    const made = await packageWithServer({ binary, cacheDirectory, catalog, into: directory });
    packages.complete = made.vsix;
    const unexpected = made.files.filter((file) => !PACKAGE_CONTENT.includes(file));
    const missing = PACKAGE_CONTENT.filter((file) => !made.files.includes(file));
    assert(unexpected.length + missing.length === 0, `unexpected: ${unexpected.join(' ')}; missing: ${missing.join(' ')}`);
  },
  'the package is installed and the editor opens a note': async () => {
    await openNote({ name: 'main' });
    // Only the note is of interest.
    await workbench.press('Control+b');
  },
  'a note in Markdown starts the server, which needs no network': async () => {
    await workbench.waitForStatus('medcode: ready');
  },
  'an expired code is underlined, and it alone': async () => {
    // The lines above encounters come later than the text, and move what is below them.
    await workbench.waitForLenses(2);
    await workbench.waitForSquiggles('error', 1);
    await workbench.screenshotOfNote(picture('squiggle.png'));
    const line = await workbench.squiggleBox('error');
    const code = await workbench.boxOf('N18.3');
    const apart = Math.max(Math.abs(line.x - code.x), Math.abs(line.x + line.width - code.x - code.width));
    assert(apart < 2, `the line and the code are ${apart} pixels apart`);
  },
  'the hover says what a code means': async () => {
    await workbench.hoverOver('E11.9', 'Type 2 diabetes mellitus without complications');
    await workbench.screenshotOfNote(picture('hover.png'));
    await workbench.press('Escape');
  },
  'a changed setting acts without a restart': async () => {
    const [server] = await editor.languageServers();
    await writeFolderSettings('main', { 'medcode.rules': { 'expired-code': 'off' } });
    await workbench.waitForSquiggles('error', 0);
    await writeFolderSettings('main', {});
    await workbench.waitForSquiggles('error', 1);
    assert((await editor.languageServers())[0] === server, 'the server was restarted');
  },
  'the official title stands behind a code': async () => {
    await writeFolderSettings('main', { 'editor.inlayHints.enabled': 'on' });
    await workbench.waitForText('Type 2 diabetes mellitus without');
    await writeFolderSettings('main', {});
    await workbench.waitForLine('Dx: E11.9');
  },
  'a fix puts a valid code in place of the expired one': async () => {
    await workbench.clickOn('N18.3');
    await workbench.openFixes('N18.30');
    await workbench.screenshotOfNote(picture('fix.png'));
    await workbench.applyFix('N18.30');
    await workbench.waitForLine('Dx: N18.30');
    await workbench.waitForSquiggles('error', 0);
  },
  'the list opens at the second character of a code in Markdown': async () => {
    await workbench.clickOn('E11.9');
    await workbench.press('Control+End');
    await workbench.type('Dx: E1');
    await workbench.waitForCompletion('E1');
  },
  'a completion is accepted': async () => {
    await workbench.type('1.2');
    await workbench.waitForCompletion('E11.22');
    await workbench.screenshotOfNote(picture('completion.png'));
    await workbench.acceptCompletion('E11.22');
    await workbench.waitForLine('Dx: E11.22');
  },
  'the code browser leads from a code set down to its codes': async () => {
    await workbench.openCodeBrowser();
    await workbench.widenSideBar(160);
    for (const label of ['ICD-10-CM', '4. Endocrine', 'E08-E13', 'E11']) await workbench.expandTreeRow(label);
    await workbench.waitForTreeRow('E11.9');
    await workbench.screenshot(picture('browser.png'));
  },
  'a code of the browser goes to the caret': async () => {
    await workbench.clickOn('E11.22');
    await workbench.press('End');
    await workbench.type(', ');
    await workbench.pressTreeButton('E11.9', 'Insert Code');
    await workbench.waitForLine('Dx: E11.22, E11.9');
    await workbench.waitForNoteFocus();
  },
  'a search over all words finds a code and takes it into the note': async () => {
    await workbench.type(', ');
    await workbench.runCommand('medcode: Search Codes');
    await workbench.waitForInput('Search Codes');
    await workbench.type('diabetic foot ulcer');
    await workbench.waitForPick('E11.621');
    await workbench.screenshot(picture('search.png'));
    await workbench.acceptPick('E11.621');
    await workbench.waitForLine('Dx: E11.22, E11.9, E11.621');
    await workbench.waitForNoteFocus();
  },
  'what was found is shown in the code browser': async () => {
    await workbench.runCommand('medcode: Search Codes');
    await workbench.waitForInput('Search Codes');
    await workbench.type('S72.001A');
    await workbench.pressPickButton('S72.001A', 'Show in the code browser');
    await workbench.waitForSelectedTreeRow('S72.001A');
    await workbench.press('Control+1');
    await workbench.waitForNoteFocus();
    await workbench.press('Control+b');
  },
  'a code is looked up': async () => {
    await workbench.clickOn('E11.22');
    await workbench.runCommand('medcode: Look Up Code');
    await workbench.waitForInput('Look Up Code');
    await workbench.press('Enter');
    await workbench.waitForNotification('E11.22 Type 2 diabetes mellitus with diabetic chronic kidney disease. ICD-10-CM · billable');
    await workbench.runCommand('Notifications: Clear All Notifications');
  },
  'the language status names the code sets and how long they hold': async () => {
    await workbench.openLanguageStatus('Code sets until');
    await workbench.screenshot(picture('status.png'));
    await workbench.press('Escape');
  },
  'problems are hidden and shown again': async () => {
    await workbench.clickOn('E11.621');
    await workbench.press('End');
    await workbench.type(', N18.3');
    await workbench.waitForSquiggles('error', 1);
    await workbench.runCommand('medcode: Toggle Diagnostics');
    await workbench.waitForSquiggles('error', 0);
    await workbench.runCommand('medcode: Toggle Diagnostics');
    await workbench.waitForSquiggles('error', 1);
  },
  'the sample note is checked without being saved': async () => {
    await workbench.runCommand('medcode: Open Sample Note');
    await workbench.waitForLine('Dx: N18.3, E11.9');
    await workbench.waitForSquiggles('error', 1);
    await workbench.runCommand('View: Revert and Close Editor');
    await workbench.waitForLine('Dx: E11.22, E11.9, E11.621, N18.3');
  },
  'a configuration file is made where there is none': async () => {
    await workbench.runCommand('medcode: Open Configuration');
    await workbench.waitForNotification('There is no medcode.toml');
    await workbench.pressNotificationButton('Create');
    await workbench.waitForLine('[rules]');
    await workbench.runCommand('View: Revert and Close Editor');
  },
  'an issue is ignored in the project, with a reason': async () => {
    await workbench.waitForLine('Dx: E11.22, E11.9, E11.621, N18.3');
    // The N18.30 above begins alike.
    await workbench.clickOn(', N18.3');
    await workbench.waitForSquiggles('error', 1);
    await workbench.openFixes('Ignore expired-code in this project');
    await workbench.applyFix('Ignore expired-code in this project');
    await workbench.waitForInput('Ignore in Project: expired-code: N18.3');
    await workbench.type('history, as it was coded then');
    await workbench.press('Enter');
    await workbench.waitForLine('reason = "history, as it was coded then"');
    const file = path.join(directory, 'main/notes/medcode.toml');
    await until(async () => (await readFile(file, 'utf8')).includes('history, as it was coded then'), 'the entry on the disk');
    await workbench.screenshotOfNote(picture('project.png'));
    await workbench.runCommand('View: Revert and Close Editor');
    await workbench.waitForSquiggles('error', 0);
  },
  'everything that is safe is fixed when the note is saved': async () => {
    await writeFolderSettings('main', { 'editor.codeActionsOnSave': { 'source.fixAll.medcode': 'explicit' } });
    await workbench.clickOn('E11.621');
    await workbench.press('Control+End');
    await workbench.type(', e10.9');
    await workbench.press('Escape');
    await workbench.press('Control+s');
    await workbench.waitForLine('Dx: E11.22, E11.9, E11.621, N18.3, E10.9');
  },
  'the restart command starts another server': async () => {
    const [server] = await editor.languageServers();
    await workbench.runCommand('medcode: Restart');
    await newServer(server);
    await workbench.waitForStatus('medcode: ready');
  },
  'a killed server comes back': async () => {
    const [server] = await editor.languageServers();
    process.kill(server, 'SIGKILL');
    await newServer(server);
    await workbench.waitForStatus('medcode: ready');
  },
  'the stop command leaves no server, the start command brings one': async () => {
    await workbench.runCommand('medcode: Stop');
    await workbench.waitForStatus('medcode: stopped');
    assert((await editor.languageServers()).length === 0, 'a server is left');
    await workbench.openCodeBrowser('The language server is not running');
    await workbench.runCommand('medcode: Start');
    await workbench.waitForStatus('medcode: ready');
  },
  'the end of the editor ends the server': async () => {
    await closeEditor();
    await until(async () => (await editor.languageServers()).length === 0, 'the end of the server');
  },
  'a folder that is not trusted is checked, but does not choose the program': async () => {
    const evidence = path.join(directory, 'started-by-the-folder');
    const program = path.join(directory, 'program');
    await writeFile(program, `#!/bin/sh\ntouch '${evidence}'\n`, { mode: 0o755 });
    await openNote({ name: 'untrusted', folderSettings: { 'medcode.server.path': program }, trustsFolders: false });
    await workbench.waitForStatus('Restricted Mode');
    await workbench.waitForStatus('medcode: ready');
    await workbench.waitForSquiggles('error', 1);
    assert(!existsSync(evidence), 'the program that the folder names was started');
    await closeEditor();
  },
  'a missing program is one message with the way out': async () => {
    const out = path.join(directory, 'universal.vsix');
    packages.universal = (await packageExtension({ out, vsce: vsceIn(cacheDirectory) })).vsix;
    await openNote({ name: 'missing', vsix: packages.universal });
    await workbench.waitForNotification('The medcode program was not found. Install it, or set medcode.server.path');
    await workbench.waitForStatus('medcode: not running');
    const messages = await workbench.notifications();
    assert(messages.length === 1, `several messages: ${messages.join(' | ')}`);
    await workbench.screenshot(picture('missing.png'));
    await workbench.pressNotificationButton('Open Settings');
    await workbench.waitForSetting('medcode.server.path');
  },
};

async function keepEvidence() {
  await workbench?.screenshot(picture('failure.png')).catch(() => undefined);
  for (const name of ['main', 'untrusted', 'missing']) {
    for (const log of ['code-server.log', 'user-data/logs']) {
      const from = path.join(directory, name, log);
      if (existsSync(from)) await cp(from, path.join(picture('logs'), name, path.basename(log)), { recursive: true });
    }
  }
  console.log(`screenshot and logs of the failure: ${artefacts}`);
}

async function cleanUp() {
  await closeEditor();
  await rm(directory, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
}

// Each step builds on the one before: after a failure the others count as failed, too.
let passed = 0;
let hasFailed = false;
for (const [name, step] of Object.entries(steps)) {
  if (hasFailed) {
    console.log(`not reached: ${name}`);
    continue;
  }
  const started = Date.now();
  try {
    await step();
    passed += 1;
    console.log(`ok (${((Date.now() - started) / 1000).toFixed(1)} s): ${name}`);
  } catch (error) {
    hasFailed = true;
    console.log(`FAILED: ${name}\n${error.stack}`);
    await keepEvidence();
  }
}
await cleanUp();
if (!hasFailed && process.argv.includes('--pictures')) await publishPictures();
const failed = Object.keys(steps).length - passed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
