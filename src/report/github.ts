import type { Event } from './events.js';
import { lastingLine } from './lines.js';
import type { Terminal } from './output.js';
import { lineRenderer } from './plain.js';
import type { Renderer } from './renderer.js';
import { styleFor } from './style.js';
import { harmless, workflowCommand } from './workflow-commands.js';

/** Lines as in plain for the log of a job of GitHub Actions: steps in a group, what is to be seen as annotations. */
export function githubRenderer({ stderr, env }: Terminal): Renderer {
  const style = styleFor('stderr', env);
  const write = (line: string): void => void stderr.write(`${line}\n`);
  const lines = lineRenderer(
    (line) => write(harmless(line)),
    (event) => lastingLine(event, style),
  );
  let isOpen = false;
  const close = (): void => {
    if (isOpen) write(workflowCommand('endgroup'));
    isOpen = false;
  };
  const open = (title: string): void => {
    close();
    write(workflowCommand('group', title));
    isOpen = true;
  };
  return {
    emit(event) {
      if (event.type === 'command-started') return open(event.command);
      if (event.type === 'command-ended') close();
      if (event.type === 'step-started' && !isOpen) {
        open('kcluster: steps');
      }
      if (event.type === 'check-started') close();
      const annotation = annotationOf(event);
      if (annotation === undefined) lines(event);
      else write(annotation);
    },
    close,
  };
}

/** The failure of a step is told at the end of the run, as that of the run. */
function annotationOf(event: Event): string | undefined {
  const title = 'kcluster';
  switch (event.type) {
    case 'warning':
      return workflowCommand('warning', event.message, { title });
    case 'notice':
      // A job shows no more than a few; what was changed is in the log.
      return event.changed ? undefined : workflowCommand('notice', event.message, { title });
    case 'check':
      return event.ok
        ? undefined
        : workflowCommand('error', event.detail, { title: `smoke: ${event.name}` });
    case 'command-ended':
      return event.exitCode === 0
        ? undefined
        : workflowCommand('error', `${event.command} ended with ${event.exitCode}`, { title });
    default:
      return undefined;
  }
}
