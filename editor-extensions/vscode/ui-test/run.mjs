// The extension in the real user interface: packaged with the server, installed in code-server, looked at in headless Chromium.
// `setup.sh` installs what it needs. Environment:
//   MEDCODE_BINARY     the program to carry in the package
//   MEDCODE_DATA_DIR   a directory with an installed catalog
//   CACHE_DIR          where setup.sh has put its packages
//   ARTEFACTS_DIR      where screenshots go, and logs after a failure

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Editor, packageExtension } from './editor.mjs';
import { Workbench } from './workbench.mjs';

const NOTE = `# Visit

DOS: 2026-03-02
Dx: N18.3

DOS: 2026-03-02
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
  'package.json',
  'server/medcode',
];

const SETTINGS = {
  // Only what the server offers shall be in the list.
  'editor.wordBasedSuggestions': 'off',
  'editor.minimap.enabled': false,
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
for (const stale of ['failure.png', 'logs']) await rm(picture(stale), { recursive: true, force: true });
const directory = await mkdtemp(path.join(tmpdir(), 'medcode-vscode-'));

let vsix;
let editor;
let workbench;

/** Makes a folder with the note, and opens both in a new editor. */
async function openNote({ name, folderSettings, trustsFolders }) {
  const editorDirectory = path.join(directory, name);
  const folder = path.join(editorDirectory, 'notes');
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  await writeFile(path.join(folder, 'note.md'), NOTE);
  await writeFolderSettings(name, folderSettings);
  const environment = { MEDCODE_UI_TEST: '1', MEDCODE_DATA_DIR: dataDirectory };
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
  'the package carries the server and nothing that does not belong': async () => {
    const made = await packageExtension({ binary, cacheDirectory, into: directory });
    vsix = made.vsix;
    const unexpected = made.files.filter((file) => !PACKAGE_CONTENT.includes(file));
    const missing = PACKAGE_CONTENT.filter((file) => !made.files.includes(file));
    assert(unexpected.length + missing.length === 0, `unexpected: ${unexpected.join(' ')}; missing: ${missing.join(' ')}`);
  },
  'the package is installed and the editor opens a note': async () => {
    await openNote({ name: 'main', folderSettings: {}, trustsFolders: true });
  },
  'a note in Markdown starts the server': async () => {
    await workbench.waitForStatus('medcode: ready');
  },
  'an expired code is underlined, and it alone': async () => {
    await workbench.waitForSquiggles('error', 1);
    await workbench.screenshot(picture('squiggle.png'));
    const line = await workbench.squiggleBox('error');
    const code = await workbench.boxOf('N18.3');
    const apart = Math.max(Math.abs(line.x - code.x), Math.abs(line.x + line.width - code.x - code.width));
    assert(apart < 2, `the line and the code are ${apart} pixels apart`);
  },
  'the hover says what a code means': async () => {
    await workbench.hoverOver('E11.9', 'Type 2 diabetes mellitus without complications');
    await workbench.screenshot(picture('hover.png'));
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
  'a fix puts a valid code in place of the expired one': async () => {
    await workbench.clickOn('N18.3');
    await workbench.openFixes('N18.30');
    await workbench.screenshot(picture('fix.png'));
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
    await workbench.screenshot(picture('completion.png'));
    await workbench.acceptCompletion('E11.22');
    await workbench.waitForLine('Dx: E11.22');
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
  },
};

async function keepEvidence() {
  await workbench?.screenshot(picture('failure.png')).catch(() => undefined);
  for (const name of ['main', 'untrusted']) {
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
const failed = Object.keys(steps).length - passed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
