import { resultWords, type CellResult } from './cell-result.js';
import type { TestCase, TestProblem, TestSuite } from './junit.js';

/** A cell, or a run without a matrix, with the last lines that its command wrote. */
export interface ToldResult {
  result: CellResult;
  lastLines: string;
}

/** The runs of a command as a suite with a case a cell. */
export function runSuite(
  command: readonly string[],
  results: readonly ToldResult[],
  { timestamp, ms }: Pick<TestSuite, 'timestamp' | 'ms'>,
): TestSuite {
  const name = command.join(' ');
  return {
    name: `kcluster run -- ${name}`,
    timestamp,
    ms,
    cases: results.map((told) => caseOf(name, told)),
  };
}

function caseOf(command: string, told: ToldResult): TestCase {
  const { result, lastLines } = told;
  const { cell, startMs = 0, commandMs = 0 } = result;
  return {
    name: cell === '' ? command : cell,
    classname: 'kcluster.run',
    ms: startMs + commandMs,
    ...problemOf(command, told),
    ...(lastLines !== '' && { output: lastLines }),
  };
}

function problemOf(
  command: string,
  { result, lastLines }: ToldResult,
): Pick<TestCase, 'failure' | 'error'> {
  const words = resultWords(result);
  switch (result.result) {
    case 'passed':
      return {};
    case 'failed': {
      const message = `${command} ended with ${result.exitCode}`;
      return { failure: problem(message, [lastLines]) };
    }
    case 'error':
      return { error: problem(words, [...result.error.details, ...result.error.hints]) };
    case 'cancelled':
      return {
        error: problem(words, [
          'It was not run to its end: the run was interrupted, or another cell had failed.',
        ]),
      };
  }
}

function problem(message: string, more: readonly string[]): TestProblem {
  return { message, text: [message, ...more].filter((line) => line !== '').join('\n') };
}
