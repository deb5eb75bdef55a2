import type { Finding } from '../cluster/diagnosis.js';
import type { Style } from './style.js';

/** A finding for people: how it came out, and below it what to do. */
export function findingLines({ name, level, detail, mend }: Finding, style: Style): string[] {
  const mark = { ok: style.good('✓'), warn: style.warn('!'), fail: style.bad('✗') }[level];
  return [`${mark} ${name}: ${detail}`, ...(mend === undefined ? [] : [`    ${mend}`])];
}
