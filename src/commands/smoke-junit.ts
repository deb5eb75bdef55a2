import { assertWritable, writeWhole } from '../operations/whole-file.js';
import type { TestSuite } from '../report/junit.js';
import type { SmokeReport } from '../smoke/report.js';

/**
 * Runs a body that proves a cluster, and writes what came out as JUnit XML, also where a check has failed or the body
 * has come to none.
 * @param path the file, if there is to be one
 * @throws KclusterError `usage`, before the body runs, for a path that can't be written; what the body throws
 */
export async function withJunit<T extends { smoke?: SmokeReport }>(
  path: string | undefined,
  cluster: string,
  body: () => Promise<T>,
): Promise<T> {
  if (path === undefined) return await body();
  await assertWritable(path);
  const { smokeSuite, unprovenSuite } = await import('../report/smoke-suite.js');
  const timestamp = new Date();
  const begin = performance.now();
  let result: T;
  try {
    result = await body();
  } catch (error) {
    const suite = unprovenSuite(cluster, error, { timestamp, ms: performance.now() - begin });
    // The body's failure is the one to tell.
    await writeSuite(path, suite).catch(() => undefined);
    throw error;
  }
  if (result.smoke) await writeSuite(path, smokeSuite(result.smoke, timestamp));
  return result;
}

async function writeSuite(path: string, suite: TestSuite): Promise<void> {
  const { junitXml } = await import('../report/junit.js');
  await writeWhole(path, junitXml([suite]));
}
