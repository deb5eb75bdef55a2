import { resultWords } from './cell-result.js';
import type { Event } from './events.js';
import { lastingLine } from './lines.js';
import type { Lines } from './output.js';
import { lineRenderer } from './plain.js';
import type { Renderer } from './renderer.js';
import { styleFor } from './style.js';
import { harmless, workflowCommand } from './workflow-commands.js';

/** Lines as in plain for the log of a job of GitHub Actions: steps in a group, what is to be seen as annotations. */
export function githubRenderer({ stderr, env }: Lines): Renderer {
  const style = styleFor('stderr', env);
  const write = (line: string): void => void stderr.write(`${line}\n`);
  const lines = lineRenderer(
    (line) => write(harmless(line)),
    (event) => lastingLine(event, style),
  );
  let isOpen = false;
  // A runner knows no groups within groups.
  let isCell = false;
  const close = (): void => {
    if (isOpen) write(workflowCommand('endgroup'));
    isOpen = false;
  };
  const open = (title: string): void => {
    close();
    write(workflowCommand('group', title));
    isOpen = true;
  };
  const group = (event: Event): void => {
    if (event.type === 'command-started') open(event.command);
    if (event.type === 'command-ended') close();
    if (event.type === 'step-started' && !isOpen) open('kcluster: steps');
    if (event.type === 'check-started') close();
  };
  return {
    emit(event) {
      if (event.type === 'cell-started') {
        isCell = true;
        return open(`${event.cell}, cluster "${event.cluster}"`);
      }
      if (event.type === 'cell-ended') {
        lines(event);
        close();
        isCell = false;
      }
      if (!isCell) group(event);
      // The group has the words already.
      if (!isCell && event.type === 'command-started') return;
      // The end of a cell tells how its command came out.
      const told = isCell && event.type === 'command-ended';
      const annotation = told ? undefined : annotationOf(event);
      if (annotation !== undefined) write(annotation);
      else if (event.type !== 'cell-ended') lines(event);
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
    case 'cell-ended':
      return cellAnnotation(event);
    case 'command-ended':
      return event.exitCode === 0
        ? undefined
        : workflowCommand('error', `${event.command} ended with ${event.exitCode}`, { title });
    default:
      return undefined;
  }
}

function cellAnnotation({
  cell,
  result,
}: Extract<Event, { type: 'cell-ended' }>): string | undefined {
  if (result.result === 'passed' || result.result === 'cancelled') return undefined;
  const hints = result.result === 'error' ? result.error.hints : [];
  return workflowCommand('error', [resultWords(result), ...hints].join('\n'), { title: cell });
}
