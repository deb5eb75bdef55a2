import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ExitCode, KclusterError } from '../../src/errors.js';
import type { Event } from '../../src/report/events.js';
import type { outputModes } from '../../src/report/output.js';
import { defaultOutput } from '../../src/report/output.js';
import { printFailure, printOutcome } from '../../src/report/outcome.js';
import { rendererFor } from '../../src/report/renderer.js';
import { smokeText } from '../../src/report/smoke-text.js';
import { styleFor } from '../../src/report/style.js';
import { bytes, seconds } from '../../src/report/words.js';
import { terminal } from '../helpers/terminal.js';

const events: Event[] = [
  { type: 'engine', engine: 'docker', description: 'Docker 20.10.24', reason: 'a daemon answers' },
  { type: 'step-started', step: { kind: 'fetch-image', image: 'zookeeper:3.9.5' }, cause: 'used' },
  { type: 'progress', task: 'zookeeper:3.9.5', current: 1_500_000, total: 3_000_000 },
  { type: 'progress-done', task: 'zookeeper:3.9.5' },
  { type: 'progress', task: 'moving', current: 3, total: 12, unit: 'partitions' },
  { type: 'step-done', step: { kind: 'fetch-image', image: 'zookeeper:3.9.5' }, ms: 1234 },
  { type: 'step-started', step: { kind: 'await-brokers' }, cause: 'last' },
  { type: 'waiting', for: 'broker-1 does not answer' },
  { type: 'step-failed', step: { kind: 'await-brokers' }, ms: 20, message: 'too late' },
  { type: 'check-started', name: 'topic created' },
  { type: 'check', name: 'topic created', ok: true, ms: 3, detail: 'fine' },
  { type: 'notice', message: 'take note' },
  { type: 'warning', message: 'beware' },
];

async function shown(mode: (typeof outputModes)[number]): Promise<string> {
  const { written, terminal: target } = terminal({ NO_COLOR: '1' }, mode === 'pretty');
  const renderer = await rendererFor(mode, target);
  for (const event of events) renderer.emit(event);
  renderer.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(written.stdout).toBe('');
  return stripVTControlCharacters(written.stderr);
}

describe('events', () => {
  it('are lines in plain', async () => {
    expect(await shown('plain')).toMatchInlineSnapshot(`
      "docker engine: Docker 20.10.24 (a daemon answers)
      zookeeper:3.9.5: 1.5 MB of 3.0 MB
      moving: 3 of 12 partitions
      ✓ image zookeeper:3.9.5 is here 1.23 s
      ✗ waiting for brokers: too late
      take note
      warning: beware
      "
    `);
  });

  it('leave the same lines in pretty, and show what is under way', async () => {
    const text = await shown('pretty');
    for (const line of (await shown('plain')).split('\n').filter((each) => !/^\S+: \d/.test(each)))
      expect(text).toContain(line);
    expect(text).toContain('1.5 MB of 3.0 MB  zookeeper:3.9.5');
    expect(text).toContain('3 of 12 partitions  moving');
    expect(text).toContain('waiting for brokers');
    expect(text).toContain('broker-1 does not answer');
    expect(text).toContain('checking: topic created');
  });

  it('are one JSON document a line in json', async () => {
    const lines = (await shown('json')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
  });

  it('are not shown in quiet', async () => {
    expect(await shown('quiet')).toBe('');
  });
});

describe('a result', () => {
  const outcome = { exitCode: ExitCode.ok, data: { up: true }, text: () => 'it is up' };

  it.each([
    ['plain', 'it is up\n'],
    ['pretty', 'it is up\n'],
    ['github', 'it is up\n'],
    ['json', '{\n  "up": true\n}\n'],
    ['quiet', ''],
  ] as const)('in %s is %j', (mode, expected) => {
    const { written, terminal: target } = terminal();
    printOutcome(outcome, mode, target);
    expect(written).toEqual({ stdout: expected, stderr: '' });
  });
});

describe('a failure', () => {
  const failure = new KclusterError('conflict', 'port 9092 is taken', {
    details: ['9092, for broker-1: held by java (pid 7)'],
    hints: ['Take free ports with `--ports auto`.'],
  });

  it('is its message, details and hints, and its exit code', () => {
    const { written, terminal: target } = terminal();
    expect(printFailure(failure, 'plain', target)).toBe(5);
    expect(written.stdout).toBe('');
    expect(written.stderr).toBe(
      [
        'error: port 9092 is taken',
        '  9092, for broker-1: held by java (pid 7)',
        'hint: Take free ports with `--ports auto`.',
        '',
      ].join('\n'),
    );
  });

  it('is one JSON document on stdout in json', () => {
    const { written, terminal: target } = terminal();
    expect(printFailure(failure, 'json', target)).toBe(5);
    expect(JSON.parse(written.stdout)).toEqual({
      error: {
        kind: 'conflict',
        message: 'port 9092 is taken',
        details: failure.details,
        hints: failure.hints,
        exitCode: 5,
      },
    });
    expect(JSON.parse(written.stderr)).toMatchObject({ type: 'error', message: failure.message });
  });

  it('that nobody foresaw is a bug report', () => {
    const { written, terminal: target } = terminal();
    expect(printFailure(new TypeError('x is not a function'), 'plain', target)).toBe(70);
    expect(written.stderr).toContain('This is a bug in kcluster: x is not a function');
    expect(written.stderr).toContain('Please report it');
    expect(written.stderr).toContain(process.version);
  });
});

describe('output', () => {
  it.each([
    ['pretty', true, {}],
    ['plain', false, {}],
    ['plain', true, { CI: 'true' }],
    ['github', false, { CI: 'true', GITHUB_ACTIONS: 'true' }],
    ['github', true, { GITHUB_ACTIONS: 'true' }],
    ['plain', false, { GITHUB_ACTIONS: '' }],
    ['plain', true, { TERM: 'dumb' }],
  ] as const)('is %s by default on a terminal: %s, with %j', (mode, isTTY, env) => {
    expect(defaultOutput(terminal(env, isTTY).terminal)).toBe(mode);
  });

  it('has no colour where NO_COLOR is set', () => {
    expect(styleFor('stderr', { NO_COLOR: '1' }).bad('x')).toBe('x');
  });
});

describe('words', () => {
  it.each([
    [999, '999 B'],
    [1500, '1.5 kB'],
    [47_926_653, '47.9 MB'],
    [2_000_000_000_000, '2000.0 GB'],
  ])('%d bytes are %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  it.each([
    [4, '0.00 s'],
    [1234, '1.23 s'],
    [12_345, '12.3 s'],
  ])('%d ms are %s', (ms, text) => {
    expect(seconds(ms)).toBe(text);
  });

  it('of a failed smoke check say what was expected and seen', () => {
    const checks = [
      { name: 'a', ok: true, ms: 10, expected: 'x', seen: 'x' },
      { name: 'bb', ok: false, ms: 20, expected: '3 replicas', seen: '2 replicas' },
    ];
    const plain = (text: string): string => text;
    const style = { strong: plain, faint: plain, good: plain, bad: plain, warn: plain };
    expect(smokeText({ cluster: 'c', ok: false, checks }, style)).toMatchInlineSnapshot(`
      "✓ a   x 0.01 s
      ✗ bb
          expected  3 replicas
          seen      2 replicas
      smoke: 1 of 2 checks failed"
    `);
  });
});
