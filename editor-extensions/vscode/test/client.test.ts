import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { Client } from '../src/client';
import { Problems } from '../src/problems';
import type { State as StatusState } from '../src/status';
import { LanguageClient } from './languageclient';
import { answers, settings } from './vscode';

vi.mock('vscode-languageclient/node', () => import('./languageclient'));

/** Bodies of servers, as shell scripts; `$ROOT/pids` collects the process ids. */
const SERVERS = {
  good: 'echo ready; read -r line; exit 0',
  hanging: 'exec sleep 60',
  dying: 'exit 3',
  stubborn: 'trap "" TERM; echo ready; exec sleep 60',
} as const;

describe.skipIf(process.platform === 'win32')('the client', () => {
  let root: string;
  let file: string;
  let shown: StatusState[];
  let failures: string[];
  let client: Client;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'medcode-client-'));
    file = path.join(root, 'medcode');
    shown = [];
    failures = [];
    LanguageClient.made.length = 0;
    settings.clear();
    const ignore = () => undefined;
    client = new Client({
      log: { info: ignore, warn: ignore, error: ignore, debug: ignore } as unknown as vscode.LogOutputChannel,
      trace: {} as vscode.OutputChannel,
      problems: new Problems(),
      serverKeys: ['asOf'],
      findBinary: () => Promise.resolve({ path: file, source: 'PATH', version: 'medcode 1.2.3' }),
      environment: () => process.env,
      showStatus: (state) => void shown.push(state),
      reportFailure: (message) => void failures.push(message),
    });
  });

  afterEach(async () => {
    await client.stop();
    expect(await livingServers(), 'no process is left').toEqual([]);
    await rm(root, { recursive: true });
  });

  async function serverIs(body: string): Promise<void> {
    await writeFile(file, `#!/bin/sh\necho $$ >> '${root}/pids'\n${body}\n`, { mode: 0o755 });
  }

  async function pids(): Promise<number[]> {
    const text = await readFile(path.join(root, 'pids'), 'utf8').catch(() => '');
    return text.trim().split('\n').filter(Boolean).map(Number);
  }

  async function livingServers(): Promise<number[]> {
    return (await pids()).filter((pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    });
  }

  const phase = () => shown.at(-1)?.phase;

  test('starts one server, however often it is asked', async () => {
    await serverIs(SERVERS.good);
    await Promise.all([client.start(), client.start()]);
    await client.start();
    expect(client.isRunning).toBe(true);
    expect(phase()).toBe('running');
    expect(await pids()).toHaveLength(1);
    expect(client.binary?.version).toBe('medcode 1.2.3');
  });

  test('stops it and starts another', async () => {
    await serverIs(SERVERS.good);
    await client.start();
    await client.stop();
    expect([client.isRunning, client.isWanted, phase()]).toEqual([false, false, 'stopped']);
    expect(await livingServers()).toEqual([]);
    await client.start();
    expect([client.isRunning, client.isWanted, phase()]).toEqual([true, true, 'running']);
  });

  test('restarts it', async () => {
    await serverIs(SERVERS.good);
    await client.start();
    await client.restart();
    expect(client.isRunning).toBe(true);
    const [first, second, ...more] = await pids();
    expect(more).toEqual([]);
    expect(await livingServers()).toEqual([second]);
    expect(first).not.toBe(second);
  });

  test('stops a server that does not come up', async () => {
    await serverIs(SERVERS.hanging);
    const starting = client.start();
    await vi.waitUntil(async () => (await pids()).length > 0);
    await client.stop();
    await starting;
    expect([phase(), failures]).toEqual(['stopped', []]);
  });

  test('replaces a server that does not come up', async () => {
    await serverIs(SERVERS.hanging);
    const starting = client.start();
    await vi.waitUntil(async () => (await pids()).length > 0);
    await serverIs(SERVERS.good);
    await client.restart();
    await starting;
    expect([client.isRunning, failures]).toEqual([true, []]);
  });

  test('kills a server that does not end', async () => {
    await serverIs(SERVERS.stubborn);
    await client.start();
    await client.stop();
    expect([phase(), await livingServers()]).toEqual(['stopped', []]);
  });

  test('tells once of a server that ends before it is ready', async () => {
    await serverIs(SERVERS.dying);
    await client.start();
    expect(failures).toEqual([`${file} ended before it was ready; its last words stand in the log.`]);
    expect([phase(), client.isWanted]).toEqual(['failed', true]);
  });

  test('tells once of a program that the system cannot start', async () => {
    await client.start();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('ENOENT');
    expect(phase()).toBe('failed');
  });

  test('brings a killed server back, and gives up when it dies again and again', async () => {
    await serverIs(SERVERS.good);
    await client.start();
    for (let crash = 1; crash <= 4; crash++) {
      await killNewest();
      await vi.waitUntil(async () => client.isRunning && (await pids()).length === crash + 1);
    }
    expect(failures).toEqual([]);
    await killNewest();
    await vi.waitUntil(() => failures.length > 0);
    expect(failures).toEqual(['crashed 5 times']);
    expect(phase()).toBe('failed');

    await client.start();
    expect(client.isRunning).toBe(true);
  });

  test('tells once of a server that cannot be brought back', async () => {
    await serverIs(SERVERS.good);
    await client.start();
    await serverIs(SERVERS.dying);
    await killNewest();
    await vi.waitUntil(() => failures.length > 0);
    await vi.waitUntil(() => phase() === 'failed');
    expect(failures).toHaveLength(1);
  });

  async function killNewest(): Promise<void> {
    const newest = (await pids()).at(-1);
    if (newest === undefined) throw new Error('no server was started');
    process.kill(newest, 'SIGKILL');
  }

  test('shows the status that the server tells', async () => {
    await serverIs(SERVERS.good);
    await client.start();
    const tell = LanguageClient.made[0]?.notificationHandlers.get('medcode/status');
    const server = { health: 'ok', message: '', backend: 'embedded', catalog: 'ready', releases: [] };
    tell?.(server);
    expect(shown.at(-1)).toEqual({ phase: 'running', server });
    tell?.({ health: 'splendid' });
    expect(shown.at(-1)).toEqual({ phase: 'running', server });
  });

  test('sends settings at the start, on a change and when asked, its own ones alone', async () => {
    settings.set('medcode.asOf', { user: '2026-03-02' });
    settings.set('medcode.server.path', { user: '/x' });
    await serverIs(SERVERS.good);
    await client.start();
    const [library] = LanguageClient.made;
    expect(library?.options.initializationOptions()).toEqual({ client: 'vscode', statusNotification: true, asOf: '2026-03-02' });

    settings.set('medcode.asOf', { user: '2026-04-01' });
    await library?.options.middleware.workspace.didChangeConfiguration();
    expect(library?.sent).toEqual([['workspace/didChangeConfiguration', { settings: { medcode: { asOf: '2026-04-01' } } }]]);

    const params = { items: [{ section: 'medcode', scopeUri: 'file:///notes' }, { section: 'editor' }] };
    const next = () => Promise.resolve([{ server: { path: '/x' } }, { tabSize: 4 }]);
    expect(await library?.options.middleware.workspace.configuration(params, undefined, next)).toEqual([{ asOf: '2026-04-01' }, { tabSize: 4 }]);
  });

  test('runs the commands that the server has, and says why it cannot run others', async () => {
    await expect(client.run('medcode.server.search', {})).rejects.toThrow('The language server is not running.');
    await serverIs(SERVERS.good);
    await client.start();
    expect([client.has('medcode.server.search'), client.has('medcode.server.fly')]).toEqual([true, false]);
    expect(await client.run('medcode.server.search', { query: 'x' })).toBe('answer');
    const request = { command: 'medcode.server.search', arguments: [{ query: 'x' }] };
    expect(LanguageClient.made[0]?.sent).toEqual([['workspace/executeCommand', request, undefined]]);
    await expect(client.run('medcode.server.fly', {})).rejects.toThrow('medcode 1.2.3');
  });

  test('asks for a reason before an issue is ignored in the project, and lets all other commands pass', async () => {
    await serverIs(SERVERS.good);
    await client.start();
    const run = LanguageClient.made[0]?.options.middleware.executeCommand;
    const next = vi.fn(() => Promise.resolve('done'));
    const ignored = { uri: 'file:///a.md', rule: 'unknown-code', codes: ['E11.99'] };

    answers.push(' a trial code ');
    expect(await run?.('medcode.server.ignoreInProject', [ignored], next)).toBe('done');
    expect(next).toHaveBeenLastCalledWith('medcode.server.ignoreInProject', [{ ...ignored, reason: 'a trial code' }]);

    answers.push(undefined);
    expect(await run?.('medcode.server.ignoreInProject', [ignored], next)).toBeUndefined();
    expect(next).toHaveBeenCalledTimes(1);

    await run?.('medcode.server.search', ['x'], next);
    expect(next).toHaveBeenLastCalledWith('medcode.server.search', ['x']);
  });
});
