import { KclusterError, messageOf } from '../errors.js';
import type { TestCase, TestProblem, TestSuite } from './junit.js';
import type { SmokeResult } from './smoke-text.js';

/** The smoke report as a suite with a case a check. */
export function smokeSuite(
  { cluster, checks }: Pick<SmokeResult, 'cluster' | 'checks'>,
  timestamp: Date,
): TestSuite {
  const cases = checks.map(({ name, ok, ms, expected, seen }): TestCase => ({
    name,
    classname: classOf(cluster),
    ms,
    ...(ok ? { output: seen } : { failure: unlike(expected, seen) }),
  }));
  return {
    name: nameOf(cluster),
    timestamp,
    ms: cases.reduce((sum, { ms }) => sum + ms, 0),
    cases,
  };
}

/** The suite of a run that came to no check, with why as its one case: no report would look like no failure. */
export function unprovenSuite(
  cluster: string,
  failure: unknown,
  { timestamp, ms }: Pick<TestSuite, 'timestamp' | 'ms'>,
): TestSuite {
  const message = messageOf(failure);
  const { details, hints } =
    failure instanceof KclusterError ? failure : { details: [], hints: [] };
  const text = [message, ...details, ...hints].join('\n');
  const error: TestProblem = { message, text };
  const cases = [{ name: 'cluster works', classname: classOf(cluster), ms, error }];
  return { name: nameOf(cluster), timestamp, ms, cases };
}

function unlike(expected: string, seen: string): TestProblem {
  return {
    message: `expected ${expected}; saw ${seen}`,
    text: `expected  ${expected}\nseen      ${seen}`,
  };
}

function nameOf(cluster: string): string {
  return `smoke of ${cluster}`;
}

function classOf(cluster: string): string {
  return `kcluster.smoke.${cluster}`;
}
