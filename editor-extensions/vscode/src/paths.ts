// Paths as people write them in settings.

import { homedir } from 'node:os';
import path from 'node:path';

/** Puts the home directory in place of a leading `~/`. */
export function expandHome(file: string): string {
  return /^~[/\\]/.test(file) ? path.join(homedir(), file.slice(2)) : file;
}
