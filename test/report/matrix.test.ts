import { describe, expect, it } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { cellError, resultWords, type CellResult } from '../../src/report/cell-result.js';
import type { Event } from '../../src/report/events.js';
import { junitXml } from '../../src/report/junit.js';
import { matrixSummary, matrixText } from '../../src/report/matrix-text.js';
import type { outputModes } from '../../src/report/output.js';
import { rendererFor } from '../../src/report/renderer.js';
import { runSuite } from '../../src/report/run-suite.js';
import { styleFor } from '../../src/report/style.js';
import { junitProblems } from '../helpers/junit-schema.js';
import { terminal } from '../helpers/terminal.js';

const failure = new KclusterError('startFailed', 'broker-1 ended with 1', {
  details: ['java.lang.OutOfMemoryError'],
  hints: ['Give it more: `--set KEY=VALUE`.'],
});

function cell(kafka: string): Pick<CellResult, 'cell' | 'values' | 'cluster'> {
  return { cell: `kafka=${kafka}`, values: { kafka }, cluster: `ci-kafka${kafka}` };
}

const passed: CellResult = {
  ...cell('2.8'),
  startMs: 6610,
  commandMs: 41,
  result: 'passed',
  exitCode: 0,
};
const failed: CellResult = {
  ...cell('3.5'),
  startMs: 7000,
  commandMs: 12_345,
  bundle: '/tmp/kcluster-ci.tar.gz',
  result: 'failed',
  exitCode: 143,
};
const unstarted: CellResult = { ...cell('3.6'), result: 'error', error: cellError(failure) };
const brokenOff: CellResult = { ...unstarted, startMs: 1 };
const cancelled: CellResult = { ...cell('3.9'), result: 'cancelled' };
const cells = [passed, failed, unstarted, cancelled];
const command = ['npm', 'test'];
const style = styleFor('stdout', { NO_COLOR: '1' });

describe('what a matrix came to', () => {
  it('is a row a cell, and a verdict', () => {
    expect(matrixText({ ok: false, command, ms: 83_100, cells }, style)).toMatchInlineSnapshot(`
      "cell       result                                  start   command  bundle
      kafka=2.8  passed                                  6.61 s  0.04 s
      kafka=3.5  failed with 143                         7.00 s  12.3 s   /tmp/kcluster-ci.tar.gz
      kafka=3.6  could not start: broker-1 ended with 1
      kafka=3.9  cancelled
      3 of 4 cells did not pass in 83.1 s: 1 failed, 1 could not be run, 1 cancelled"
    `);
  });

  it('has no column of bundles where there is none', () => {
    expect(matrixText({ ok: true, command, ms: 6700, cells: [passed] }, style))
      .toMatchInlineSnapshot(`
      "cell       result  start   command
      kafka=2.8  passed  6.61 s  0.04 s
      the one cell passed in 6.70 s"
    `);
  });

  it('is Markdown, with what is known of failures', () => {
    expect(matrixSummary({ ok: false, command, ms: 83_100, cells })).toMatchInlineSnapshot(`
      "### 3 of 4 cells did not pass in 83.1 s\\: 1 failed, 1 could not be run, 1 cancelled

      \`npm test\`

      |  | cell | result | start | command |
      | --- | --- | --- | --- | --- |
      | ✓ | kafka=2.8 | passed | 6.61 s | 0.04 s |
      | ✗ | kafka=3.5 | failed with 143 | 7.00 s | 12.3 s |
      | ✗ | kafka=3.6 | could not start\\: broker-1 ended with 1 |  |  |
      | ✗ | kafka=3.9 | cancelled |  |  |

      #### ✗ kafka=3.6

      broker-1 ended with 1

      - Give it more\\: \`--set KEY=VALUE\`.

      \`\`\`text
      java.lang.OutOfMemoryError
      \`\`\`"
    `);
  });

  it('tells a cluster that did not start from one that was lost', () => {
    expect(resultWords(unstarted)).toBe('could not start: broker-1 ended with 1');
    expect(resultWords(brokenOff)).toBe('broke off: broker-1 ended with 1');
  });

  it('is a suite with a case a cell, and the last lines of commands', async () => {
    const lastLines = ['all well', 'expected 1\nsaw 2', '', ''];
    const told = cells.map((result, index) => ({ result, lastLines: lastLines[index]! }));
    const begin = { timestamp: new Date('2026-03-01T12:34:56.789Z'), ms: 83_100 };
    const xml = junitXml([runSuite(command, told, begin)]);
    await expect(xml).toMatchFileSnapshot('../goldens/junit/matrix.xml');
    expect(await junitProblems(xml)).toEqual([]);
  });
});

describe('a bug', () => {
  it('is a failure of a cell like any other, with where it was', () => {
    const { kind, message, details } = cellError(new TypeError('x is undefined'));
    expect({ kind, message }).toEqual({ kind: 'bug', message: 'x is undefined' });
    expect(details[0]).toMatch(/^\s+at .*matrix\.test\.ts/);
    expect(cellError('thrown')).toMatchObject({ kind: 'bug', message: 'thrown', details: [] });
  });
});

describe('the events of cells', () => {
  const events: Event[] = [
    { type: 'matrix-started', cells: 2, jobs: 1 },
    { type: 'cell-started', cell: 'kafka=2.8', cluster: 'ci-kafka2_8' },
    { type: 'step-started', step: { kind: 'await-brokers' }, cause: 'last' },
    { type: 'step-done', step: { kind: 'await-brokers' }, ms: 20 },
    { type: 'command-started', command: 'npm test' },
    { type: 'command-ended', command: 'npm test', exitCode: 0, ms: 41 },
    { type: 'cell-ended', cell: 'kafka=2.8', result: passed },
    { type: 'cell-started', cell: 'kafka=3.6', cluster: 'ci-kafka3_6' },
    { type: 'step-started', step: { kind: 'await-brokers' }, cause: 'last' },
    { type: 'step-failed', step: { kind: 'await-brokers' }, ms: 20, message: 'too late' },
    { type: 'cell-ended', cell: 'kafka=3.6', result: unstarted },
  ];

  async function shown(mode: (typeof outputModes)[number]): Promise<string> {
    const { written, terminal: target } = terminal({ NO_COLOR: '1' });
    const renderer = await rendererFor(mode, target);
    for (const event of events) renderer.emit(event);
    renderer.close();
    return written.stderr;
  }

  it('are headings and results in plain', async () => {
    expect(await shown('plain')).toMatchInlineSnapshot(`
      "a matrix of 2 cells
      [kafka=2.8] cluster "ci-kafka2_8"
      ✓ brokers are ready 0.02 s
      $ npm test
      ✓ npm test ended with 0 0.04 s
      ✓ passed
      [kafka=3.6] cluster "ci-kafka3_6"
      ✗ waiting for brokers: too late
      ✗ could not start: broker-1 ended with 1
        java.lang.OutOfMemoryError
      hint: Give it more: \`--set KEY=VALUE\`.
      "
    `);
  });

  it('are one group a cell in a job of GitHub Actions', async () => {
    expect(await shown('github')).toMatchInlineSnapshot(`
      "a matrix of 2 cells
      ::group::kafka=2.8, cluster "ci-kafka2_8"
      ✓ brokers are ready 0.02 s
      $ npm test
      ✓ npm test ended with 0 0.04 s
      ✓ passed
      ::endgroup::
      ::group::kafka=3.6, cluster "ci-kafka3_6"
      ✗ waiting for brokers: too late
      ✗ could not start: broker-1 ended with 1
        java.lang.OutOfMemoryError
      hint: Give it more: \`--set KEY=VALUE\`.
      ::endgroup::
      ::error title=kafka=3.6::could not start: broker-1 ended with 1%0AGive it more: \`--set KEY=VALUE\`.
      "
    `);
  });
});
