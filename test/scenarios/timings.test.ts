import { describe, expect, it } from 'vitest';
import type { Timings } from '../../src/report/timings.js';
import { makeCli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

describe.skipIf(!(await canRun('process')))('--timings', () => {
  it('tells of every stage of a start, and nearly all of its time', async () => {
    await using cli = await makeCli('process');
    const name = ['--name', projectName('timings')];

    const begin = performance.now();
    const { exitCode, data, stderr } = await cli.json<{ timings: Timings }>([
      'up',
      ...name,
      '--ports',
      'auto',
      '--brokers',
      '2',
      '--smoke',
      '--timings',
    ]);
    const most = performance.now() - begin;
    expect(exitCode, stderr).toBe(0);
    const { ms, stages } = data.timings;
    expect(stages.map((stage) => stage.name)).toEqual([
      'starting kcluster',
      'choosing the engine',
      'specification, ports and plan',
      'fetching images or jars',
      'creating',
      'starting ZooKeeper',
      'starting brokers',
      'waiting for ZooKeeper',
      'waiting for brokers',
      'smoke',
    ]);
    const partsOf = (stage: string): string[] =>
      stages.find((each) => each.name === stage)!.parts!.map((part) => part.name);
    expect(partsOf('starting brokers').toSorted()).toEqual(['broker-1', 'broker-2']);
    expect(partsOf('smoke')).toContain('topic created');

    expect(ms).toBeLessThanOrEqual(most);
    const sum = stages.reduce((all, stage) => all + stage.ms, 0);
    expect(sum).toBeLessThanOrEqual(ms + stages.length);
    expect(sum).toBeGreaterThan(0.8 * ms);
    for (const [index, stage] of stages.entries()) {
      const before = stages[index - 1];
      if (before) expect(stage.begin).toBeGreaterThanOrEqual(before.begin + before.ms);
      for (const part of stage.parts ?? []) {
        expect(part.begin).toBeGreaterThanOrEqual(stage.begin);
        expect(part.begin + part.ms).toBeLessThanOrEqual(stage.begin + stage.ms);
      }
    }

    expect((await cli.run(['stop', ...name])).exitCode).toBe(0);
    const start = await cli.run(['start', ...name, '--timings', '--output', 'plain']);
    expect(start.stdout).toMatch(/^waiting for brokers .* \d+ % /m);
    expect(start.stdout).toMatch(/^total .* 100 %$/m);
    expect((await cli.run(['down', '--volumes', ...name])).exitCode).toBe(0);
  });
});
