import { writeWhole } from '../operations/whole-file.js';
import { junitXml } from '../report/junit.js';
import { runSuite, type ToldResult } from '../report/run-suite.js';

/**
 * Writes what runs of a command came to as JUnit XML.
 * @param begin when the first began, by the clock and by `performance.now()`
 * @throws KclusterError `usage` for a path that can't be written
 */
export async function writeRuns(
  path: string,
  command: readonly string[],
  results: readonly ToldResult[],
  begin: { timestamp: Date; now: number },
): Promise<void> {
  const { timestamp, now } = begin;
  const suite = runSuite(command, results, { timestamp, ms: performance.now() - now });
  await writeWhole(path, junitXml([suite]));
}
