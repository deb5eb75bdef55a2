import { appendFileSync } from 'node:fs';
import { messageOf } from '../errors.js';
import type { Terminal } from './output.js';
import { workflowCommand } from './workflow-commands.js';

/** Adds Markdown to the summary of a job's step, where the runner wants one. That it can't is no failure of the run. */
export function appendSummary(markdown: string, { env, stderr }: Omit<Terminal, 'stdout'>): void {
  const path = env['GITHUB_STEP_SUMMARY'];
  if (!path) return;
  try {
    // What is in it already may not end its line.
    appendFileSync(path, `\n${markdown}\n`);
  } catch (error) {
    const message = `the step summary can't be written: ${messageOf(error)}`;
    stderr.write(`${workflowCommand('warning', message, { title: 'kcluster' })}\n`);
  }
}
