import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/cluster/plan.js';
import type { Event } from '../../src/report/events.js';
import { styleFor } from '../../src/report/style.js';
import { timingsText } from '../../src/report/timings-text.js';
import { timingsOf, type Timings } from '../../src/report/timings.js';

interface Recorded {
  at: number;
  event: Event;
}

const engine: Event = { type: 'engine', engine: 'process', description: 'Java', reason: 'asked' };

function chosen(at: number): Recorded {
  return { at, event: engine };
}

function done(step: Step, begin: number, end: number): Recorded {
  return { at: end, event: { type: 'step-done', step, ms: end - begin } };
}

function started(service: string, begin: number, end: number): Recorded {
  return done({ kind: 'start-node', service }, begin, end);
}

function checked(name: string, begin: number, end: number): Recorded {
  return { at: end, event: { type: 'check', name, ok: true, ms: end - begin, detail: '' } };
}

const whole: Recorded[] = [
  chosen(350),
  done({ kind: 'fetch-image', image: 'kafka' }, 400.2, 480),
  done({ kind: 'create-network', network: 'default' }, 480, 500),
  done({ kind: 'create-volume', volume: 'broker-1-data' }, 500, 510),
  started('zookeeper-1', 510, 600),
  done({ kind: 'await-zookeepers' }, 600, 1200),
  started('broker-2', 1201, 1240),
  started('broker-1', 1200, 1250),
  done({ kind: 'await-brokers' }, 1250, 3000),
  done({ kind: 'await-leaders' }, 3000, 3100),
  done({ kind: 'apply-topics', topics: [] }, 3100, 3300),
  checked('nodes run', 3400, 3420),
  checked('topic created', 3420, 3900),
];

/** `name begin+ms`, and what is in it. */
function told({ stages }: Timings): string[] {
  const text = (span: { name: string; begin: number; ms: number }): string =>
    `${span.name} ${span.begin}+${span.ms}`;
  return stages.flatMap(({ parts = [], ...stage }) => [
    text(stage),
    ...parts.map((part) => `- ${text(part)}`),
  ]);
}

describe('the time of a run', () => {
  it('is that of the program, of what comes before the first step, and of the steps', () => {
    const timings = timingsOf({ begin: 200, end: 4000.4, events: whole });
    expect(timings.ms).toBe(4000);
    expect(told(timings)).toEqual([
      'starting kcluster 0+200',
      'choosing the engine 200+150',
      'specification, ports and plan 350+50',
      'fetching images or jars 400+80',
      'creating 480+30',
      '- network default 480+20',
      '- volume broker-1-data 500+10',
      'starting ZooKeeper 510+90',
      'waiting for ZooKeeper 600+600',
      'starting brokers 1200+50',
      '- broker-1 1200+50',
      '- broker-2 1201+39',
      'waiting for brokers 1250+1850',
      '- brokers 1250+1750',
      '- leaders of partitions 3000+100',
      'topics 3100+200',
      'smoke 3400+500',
      '- nodes run 3400+20',
      '- topic created 3420+480',
    ]);
  });

  it.each<[title: string, events: Recorded[], expected: string[]]>([
    [
      'without a step is the preparation',
      [chosen(30)],
      [
        'starting kcluster 0+20',
        'choosing the engine 20+10',
        'specification, ports and plan 30+70',
      ],
    ],
    [
      'without a word of the engine has looked at what is there',
      [started('broker-1', 60, 90)],
      ['starting kcluster 0+20', 'looking at what is there 20+40', 'starting brokers 60+30'],
    ],
    [
      'of steps of several kinds side by side is one stage',
      [chosen(30), started('zookeeper-1', 40, 60), started('broker-1', 50, 70)],
      [
        'starting kcluster 0+20',
        'choosing the engine 20+10',
        'specification, ports and plan 30+10',
        'starting ZooKeeper, starting brokers 40+30',
        '- zookeeper-1 40+20',
        '- broker-1 50+20',
      ],
    ],
    [
      'of a stage that comes again is told twice',
      [
        started('broker-1', 40, 50),
        done({ kind: 'await-brokers' }, 50, 60),
        started('broker-2', 60, 70),
      ],
      [
        'starting kcluster 0+20',
        'looking at what is there 20+20',
        'starting brokers 40+10',
        'waiting for brokers 50+10',
        'starting brokers 60+10',
      ],
    ],
    [
      'has a step that failed',
      [
        {
          at: 80,
          event: { type: 'step-failed', step: { kind: 'await-brokers' }, ms: 40, message: 'late' },
        },
      ],
      ['starting kcluster 0+20', 'looking at what is there 20+20', 'waiting for brokers 40+40'],
    ],
  ])('%s', (_title, events, expected) => {
    expect(told(timingsOf({ begin: 20, end: 100, events }))).toEqual(expected);
  });

  it('is a table, with bars where on the way each stage was', () => {
    const timings = timingsOf({ begin: 200, end: 4000, events: whole });
    expect(timingsText(timings, styleFor('stdout', { NO_COLOR: '1' }))).toMatchInlineSnapshot(`
      "stage                          begin   time    share
      starting kcluster              0.00 s  0.20 s    5 %  █
      choosing the engine            0.20 s  0.15 s    4 %   █
      specification, ports and plan  0.35 s  0.05 s    1 %    █
      fetching images or jars        0.40 s  0.08 s    2 %    █
      creating                       0.48 s  0.03 s    1 %     █
        network default              0.48 s  0.02 s            ─
        volume broker-1-data         0.50 s  0.01 s            ─
      starting ZooKeeper             0.51 s  0.09 s    2 %     █
      waiting for ZooKeeper          0.60 s  0.60 s   15 %      ███
      starting brokers               1.20 s  0.05 s    1 %         █
        broker-1                     1.20 s  0.05 s                ─
        broker-2                     1.20 s  0.04 s                ─
      waiting for brokers            1.25 s  1.85 s   46 %          ███████████
        brokers                      1.25 s  1.75 s                 ──────────
        leaders of partitions        3.00 s  0.10 s                           ─
      topics                         3.10 s  0.20 s    5 %                     █
      smoke                          3.40 s  0.50 s   13 %                      ███
        nodes run                    3.40 s  0.02 s                             ─
        topic created                3.42 s  0.48 s                              ──
      between them                           0.20 s    5 %
      total                                  4.00 s  100 %"
    `);
  });
});
