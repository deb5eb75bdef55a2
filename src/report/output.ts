export const outputModes = ['pretty', 'plain', 'github', 'json', 'quiet'] as const;
/** How a run tells what it does, on stderr, and what came out, on stdout. */
export type OutputMode = (typeof outputModes)[number];

/** Where a renderer without redrawing writes. */
export interface Lines {
  stderr: { write(text: string): unknown };
  env: NodeJS.ProcessEnv;
}

export interface Terminal {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
}

/**
 * Without a wish: github for a job of GitHub Actions, pretty for a person at a terminal that can redraw lines, plain for
 * everything else.
 */
export function defaultOutput({ stderr, env }: Terminal): OutputMode {
  if (env['GITHUB_ACTIONS'] === 'true') return 'github';
  const person = stderr.isTTY && !env['CI'] && env['TERM'] !== 'dumb';
  return person ? 'pretty' : 'plain';
}
