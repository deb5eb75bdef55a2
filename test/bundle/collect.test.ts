import { expect, it } from 'vitest';
import { collect, type Part } from '../../src/bundle/collect.js';
import { KclusterError } from '../../src/errors.js';

const limits = { ms: 100, graceMs: 100 };
const never = new AbortController().signal;

const part = (path: string, content: Part['collect']): Part => ({
  path,
  title: path,
  collect: content,
});
const forever = async (): Promise<string> => await new Promise(() => undefined);
const untilOver = async (signal: AbortSignal): Promise<string> =>
  await new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('half'));
  });

it('a part that fails or hangs is a problem, and keeps no other back', async () => {
  const collected = await collect(
    [
      part('good', () => 'all'),
      part('partial', (_signal, tell) => {
        tell('one is missing');
        return 'some';
      }),
      part('bad', () => {
        throw new Error('it is dead');
      }),
      part('hangs', forever),
      part('slow', async (signal) => await untilOver(signal)),
    ],
    limits,
    never,
  );
  expect(collected).toEqual({
    entries: [
      { path: 'good', content: 'all' },
      { path: 'partial', content: 'some' },
      { path: 'slow', content: 'half' },
    ],
    problems: ['bad: it is dead', 'hangs: it took longer than 0.2 s', 'partial: one is missing'],
  });
});

it('it ends at once when it is interrupted', async () => {
  const run = new AbortController();
  const collected = collect([part('hangs', forever)], { ms: 60_000, graceMs: 0 }, run.signal);
  run.abort();
  await expect(collected).rejects.toSatisfy(
    (error) => error instanceof KclusterError && error.kind === 'interrupted',
  );
});
