import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { get } from 'node:http';

export type Requirement = 'docker' | 'process' | 'compose' | 'machine';

/**
 * Whether the tests of an engine can run here: `describe.skipIf(!(await canRun('docker')))`. Says aloud why not.
 * @throws Error when $KCLUSTER_REQUIRE names the engine
 */
export async function canRun(engine: 'docker' | 'process'): Promise<boolean> {
  const lack = engine === 'docker' ? await lackOfDocker() : lackOfJava();
  return isMet(engine, `the tests of the ${engine} engine`, lack);
}

/**
 * Whether tests can run, which is so when nothing is lacking; says aloud why they are skipped.
 * @throws Error when $KCLUSTER_REQUIRE, a list such as `docker,process`, has it: then a skip would hide a failure.
 */
export function isMet(requirement: Requirement, tests: string, lack: string | undefined): boolean {
  if (lack === undefined) return true;
  if ((process.env['KCLUSTER_REQUIRE'] ?? '').split(/[\s,]+/).includes(requirement)) {
    throw new Error(`KCLUSTER_REQUIRE has ${requirement}: ${lack}`);
  }
  process.stderr.write(`SKIPPED, ${tests}: ${lack}\n`);
  return false;
}

/** Whether tests run that take minutes and repeat on one engine what others hold on the other; says aloud if not. */
export function runsLong(tests: string): boolean {
  if (process.env['KCLUSTER_LONG'] === '1') return true;
  process.stderr.write(`SKIPPED, ${tests}: they take long, and run with KCLUSTER_LONG=1\n`);
  return false;
}

/** For a machine's own daemon, which is what the tests use. */
export const dockerSocket = '/var/run/docker.sock';

async function lackOfDocker(): Promise<string | undefined> {
  if (!existsSync(dockerSocket)) return `there is no ${dockerSocket}`;
  return await new Promise((resolve) => {
    get({ socketPath: dockerSocket, path: '/_ping', timeout: 3000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `/_ping: HTTP ${response.statusCode}`);
    })
      .on('error', (error) => resolve(`Docker does not answer: ${error.message}`))
      .on('timeout', () => resolve('Docker does not answer within 3 s'));
  });
}

function lackOfJava(): string | undefined {
  const home = process.env['JAVA_HOME'];
  try {
    execFileSync(home ? `${home}/bin/java` : 'java', ['-version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no Java on PATH or in JAVA_HOME';
  }
}
