import { release } from 'node:os';
import type { Part } from './collect.js';
import { hidden } from './secrets.js';

/** What the text is about. */
export interface About {
  cluster: string;
  /** When it was made. */
  time: Date;
  version: string;
  /** Name and description of the engine. */
  engine: string;
  /** What was collected. */
  parts: readonly Pick<Part, 'path' | 'title'>[];
  problems: readonly string[];
}

/** README.txt of a bundle: what is in it, and what made it. */
export function readmeText({ cluster, time, version, engine, parts, problems }: About): string {
  const width = Math.max(...parts.map(({ path }) => path.length), 'problems.txt'.length);
  const row = (path: string, title: string): string => `  ${path.padEnd(width)}  ${title}`;
  const { length } = problems;
  return [
    `Cluster "${cluster}", as it was at ${time.toISOString()}`,
    '',
    row('kcluster', version),
    row('node', process.version),
    row('platform', `${process.platform} ${process.arch}, ${release()}`),
    row('engine', engine),
    '',
    'What is in here:',
    ...parts.map(({ path, title }) => row(path, title)),
    ...(length === 0 ? [] : [row('problems.txt', 'what could not be collected, and why')]),
    '',
    length === 0
      ? 'Everything could be collected.'
      : `What could not be collected, or only in part: ${length}; see problems.txt.`,
    `Passwords and other secrets are written ${hidden}.`,
    '',
  ].join('\n');
}
