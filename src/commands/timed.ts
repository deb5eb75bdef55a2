import type { Event } from '../report/events.js';
import type { Outcome } from '../report/outcome.js';
import { timingsText } from '../report/timings-text.js';
import { timingsOf } from '../report/timings.js';
import type { CommandContext } from './context.js';

/** What `--timings` asks for. */
export interface TimingsOptions {
  timings?: boolean;
}

/** Runs a handler whose outcome also says where the time went, when that is asked for. */
export async function timed(
  context: CommandContext,
  { timings: asked }: TimingsOptions,
  handle: (context: CommandContext) => Promise<Outcome>,
): Promise<Outcome> {
  if (!asked) return await handle(context);
  const begin = performance.now();
  const events: { at: number; event: Event }[] = [];
  const emit = (event: Event): void => {
    events.push({ at: performance.now(), event });
    context.emit(event);
  };
  const outcome = await handle({ ...context, emit });
  const timings = timingsOf({ begin, end: performance.now(), events });
  return {
    ...outcome,
    data: { ...(outcome.data as object), timings },
    text: (style) => `${outcome.text(style)}\n\n${timingsText(timings, style)}`,
  };
}
