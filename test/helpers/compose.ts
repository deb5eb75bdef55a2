import { execa, execaSync } from 'execa';
import { describe } from 'vitest';
import { isMet, runsLong } from './require.js';

/** A command that runs compose files. */
export interface ComposeTool {
  name: string;
  words: readonly [string, ...string[]];
  /** The releases that the tests are for. */
  release: { wanted: string; accepts: (major: number, minor: number) => boolean };
  /** It finds a project by labels, without its file, and keeps in `up` what kcluster made. */
  readsLabels: boolean;
}

export const dockerCompose: ComposeTool = {
  name: 'docker compose',
  words: ['docker', 'compose'],
  release: {
    wanted: '2.35 or newer',
    accepts: (major, minor) => major > 2 || (major === 2 && minor >= 35),
  },
  readsLabels: true,
};

/** The one written in Python, which many still have. */
const dockerCompose1: ComposeTool = {
  name: 'docker-compose',
  words: ['docker-compose'],
  release: { wanted: '1', accepts: (major) => major === 1 },
  readsLabels: false,
};

const composeTools = [dockerCompose, dockerCompose1];

/** Declares the same tests for every tool; those of a tool that is not here are skipped, loudly. */
export function describeComposeTools(
  title: string,
  runs: boolean,
  declare: (tool: ComposeTool) => void,
): void {
  for (const tool of composeTools) {
    const isLatest = tool === composeTools[0];
    const isWished = isLatest || runsLong(`${title} (${tool.name})`);
    describe.skipIf(!isWished || !runs || !hasCompose(tool))(`${title} (${tool.name})`, () =>
      declare(tool),
    );
  }
}

/** @throws Error when it is not here and $KCLUSTER_REQUIRE has `compose` */
export function hasCompose(tool: ComposeTool): boolean {
  return isMet('compose', `the tests that need ${tool.name}`, lackOf(tool));
}

/** What it writes to stdout and stderr. @throws Error that has both when it fails */
export async function runCompose(
  { words: [command, ...words] }: ComposeTool,
  directory: string,
  args: readonly string[],
): Promise<string> {
  const { all } = await execa(command, [...words, ...args], { cwd: directory, all: true });
  return all;
}

function lackOf({ name, words: [command, ...words], release }: ComposeTool): string | undefined {
  const args = [...words, 'version', '--short'];
  const { stdout, failed } = execaSync(command, args, { reject: false });
  if (failed) return `\`${name} version\` does not answer`;
  const [major = 0, minor = 0] = stdout.replace(/^v/, '').split('.').map(Number);
  return release.accepts(major, minor) ? undefined : `it is ${stdout}, not ${release.wanted}`;
}
