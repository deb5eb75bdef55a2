import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { junitXml, type TestSuite } from '../../src/report/junit.js';
import { smokeSuite, unprovenSuite } from '../../src/report/smoke-suite.js';
import { junitProblems } from '../helpers/junit-schema.js';

const timestamp = new Date('2026-03-01T12:34:56.789Z');

function suiteOf(text: string): TestSuite {
  const problem = { message: text, text };
  const cases = [
    { name: text, classname: text, ms: 1, failure: problem },
    { name: 'a', classname: 'b', ms: 2, error: problem, output: text },
  ];
  return { name: text, timestamp, ms: 3, cases };
}

describe('a JUnit document', () => {
  const report = {
    cluster: 'ci',
    checks: [
      { name: 'topic created', ok: true, ms: 540.4, expected: '1 partition', seen: '1 partition' },
      {
        name: 'records through the HOST listener',
        ok: false,
        ms: 1203,
        expected: '"hello, world" produced & consumed 1 time',
        seen: 'error: <no leader>\n\u001b[31mred\u001b[39m, \u0000 and \uD800',
      },
    ],
  };
  const failure = new KclusterError('startFailed', 'broker-1 ended with 1', {
    details: ['java.lang.OutOfMemoryError'],
    hints: ['Give it more: `--set KEY=VALUE`.'],
  });

  it('has a case for every check of a smoke report', async () => {
    const xml = junitXml([smokeSuite(report, timestamp)]);
    await expect(xml).toMatchFileSnapshot('../goldens/junit/smoke.xml');
    expect(await junitProblems(xml)).toEqual([]);
  });

  it('says why a run came to no check, and sums up several suites', async () => {
    const run = { timestamp, ms: 4321 };
    const xml = junitXml([smokeSuite(report, timestamp), unprovenSuite('ci', failure, run)]);
    await expect(xml).toMatchFileSnapshot('../goldens/junit/two-suites.xml');
    expect(await junitProblems(xml)).toEqual([]);
  });

  it('may have no suites', async () => {
    const xml = junitXml([]);
    expect(await junitProblems(xml)).toEqual([]);
    // The judge does find problems.
    expect(await junitProblems(xml.replace('tests="0"', ''))).not.toEqual([]);
  });

  it('keeps text that looks like XML, or like a boolean, as text', async () => {
    const text = 'true';
    expect(junitXml([suiteOf(text)])).toContain('name="true"');
    const xml = junitXml([suiteOf(`]]> <!-- &#0; &amp; "' </testcase><testcase/>`)]);
    expect(await junitProblems(xml)).toEqual([]);
    expect(xml.match(/<testcase /g)).toHaveLength(2);
  });

  it('is well-formed and valid whatever the text is', async () => {
    const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const anyText = fc
      .array(fc.oneof(anyUnit, fc.string({ unit: 'binary' })))
      .map((all) => all.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 20, maxLength: 40 }), async (texts) => {
        expect(await junitProblems(junitXml(texts.map(suiteOf)))).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });
});
