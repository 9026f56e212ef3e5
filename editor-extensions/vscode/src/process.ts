// The running language server as a process. The client library starts it through here so that it can be ended at any moment,
// also while it starts, when the library itself has no way to stop it.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';

/**
 * Starts `file lsp`. Its working directory is the home directory: the server finds its files from the notes, not from where it runs.
 *
 * @throws Error when the system cannot start the program.
 */
export async function startServer(file: string, environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(file, ['lsp'], { cwd: homedir(), env: environment, stdio: 'pipe', windowsHide: true });
  // Rejects with the cause when 'error' comes first.
  await once(child, 'spawn');
  return child;
}

/** Waits until the process is gone, and kills it when it takes longer than `graceMs`. */
export async function endServer(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  try {
    await ended;
  } finally {
    clearTimeout(timer);
  }
}
