import { createLogUpdate } from 'log-update';
import type { Event } from './events.js';
import { lastingLine } from './lines.js';
import type { Terminal } from './output.js';
import type { Renderer } from './renderer.js';
import { styleFor, type Style } from './style.js';
import { progressWords, seconds, stepWords } from './words.js';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;
const barWidth = 24;

type Progress = Omit<Extract<Event, { type: 'progress' }>, 'type' | 'task'>;

/** What is under way now; a pure fold over events. */
interface Live {
  steps: Map<string, number>;
  progress: Map<string, Progress>;
  waiting: string | undefined;
  checks: Set<string>;
}

/** Lines for what came out, and below them, redrawn in place, what is under way. */
export function prettyRenderer({ stderr, env }: Terminal): Renderer {
  const style = styleFor('stderr', env);
  const draw = createLogUpdate(stderr);
  const live: Live = {
    steps: new Map(),
    progress: new Map(),
    waiting: undefined,
    checks: new Set(),
  };
  let frame = 0;
  const redraw = (): void => draw(liveText(live, style, frames[frame++ % frames.length]!));
  let timer: NodeJS.Timeout | undefined;
  const animate = (): void => {
    timer ??= setInterval(redraw, frameMs).unref();
  };
  const rest = (): void => {
    clearInterval(timer);
    timer = undefined;
    draw.clear();
    draw.done();
  };
  animate();
  return {
    emit(event) {
      apply(live, event);
      const line = lastingLine(event, style);
      if (line !== undefined) {
        draw.clear();
        stderr.write(`${line}\n`);
      }
      // A command has the terminal to itself, and cells draw by themselves.
      if (event.type === 'command-started' || event.type === 'matrix-started') return rest();
      animate();
      redraw();
    },
    close: rest,
  };
}

function apply(live: Live, event: Event): void {
  switch (event.type) {
    case 'step-started':
      live.steps.set(stepWords(event.step).doing, performance.now());
      break;
    case 'step-done':
    case 'step-failed':
      live.steps.delete(stepWords(event.step).doing);
      live.waiting = undefined;
      break;
    case 'progress':
      live.progress.set(event.task, event);
      break;
    case 'progress-done':
      live.progress.delete(event.task);
      break;
    case 'waiting':
      live.waiting = event.for;
      break;
    case 'check-started':
      live.checks.add(event.name);
      break;
    case 'check':
      live.checks.delete(event.name);
      break;
    default:
  }
}

function liveText(live: Live, style: Style, spinner: string): string {
  const now = performance.now();
  const steps = [...live.steps].map(
    ([doing, since]) => `${spinner} ${doing} ${style.faint(seconds(now - since))}`,
  );
  const progress = [...live.progress].map(([task, state]) => progressLine(task, state));
  const waiting = live.waiting === undefined ? [] : [style.faint(`  ${live.waiting}`)];
  const checks = [...live.checks].map((name) => style.faint(`  checking: ${name}`));
  return [...steps, ...progress, ...waiting, ...checks].join('\n');
}

function progressLine(task: string, progress: Progress): string {
  const { current, total } = progress;
  if (!total) return `  ${task} ${progressWords(progress)}`;
  const filled = Math.round((Math.min(current, total) / total) * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  return `  ${bar} ${progressWords(progress)}  ${task}`;
}
