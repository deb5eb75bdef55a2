import { readFileSync } from 'node:fs';
import { isInForeground } from './proc-stat.js';

/**
 * Whether Ctrl-C at a terminal reaches this process, and with it the programs that it has started: their group of
 * processes has the terminal, wherever their streams go.
 */
export function hasTerminal(): boolean {
  if (process.platform !== 'linux') return process.stdin.isTTY;
  return isInForeground(readFileSync('/proc/self/stat', 'utf8'));
}
