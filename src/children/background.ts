import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { resolve as absolutePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, stateDirectory } from '../system/directories.js';
import { identityOf, type ProcessIdentity } from '../system/process-identity.js';
import { markVariable } from './marked.js';

/** The program of this package, as `node` runs it. */
const mainPath = fileURLToPath(new URL('../main.js', import.meta.url));

/**
 * By these the runners of GitHub Actions and Jenkins find what a job left running, and kill it at the job's end, when
 * what cleans up after the job has its work to do. The mark of `kcluster run` is one of the kind.
 */
const marksOfJobs = [
  'RUNNER_TRACKING_ID',
  'JENKINS_NODE_COOKIE',
  'JENKINS_SERVER_COOKIE',
  'HUDSON_SERVER_COOKIE',
  'BUILD_ID',
  markVariable,
];

/**
 * Starts this kcluster once more, to outlive this process: in a session of its own, away from the terminal and from the
 * working directory.
 * @param options `priority`: `low` for what nobody waits for
 * @returns undefined where it has ended already
 */
export async function startInBackground(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { priority }: { priority?: 'low' } = {},
): Promise<ProcessIdentity | undefined> {
  // What was meant for this Node.js, such as a loader of a test runner, is not meant for that one.
  const left = new Set([...marksOfJobs, 'NODE_OPTIONS']);
  const child = spawn(process.execPath, [mainPath, ...args], {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: {
      ...Object.fromEntries(Object.entries(env).filter(([name]) => !left.has(name))),
      // Where the other one is, a relative path means another directory.
      ...absolute(env, ['DOCKER_CERT_PATH', 'DOCKER_CONFIG']),
      KCLUSTER_CACHE: cacheDirectory(env),
      KCLUSTER_STATE: stateDirectory(env),
    },
  });
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.unref();
  if (priority && child.pid !== undefined) lower(child.pid);
  return child.pid === undefined ? undefined : identityOf(child.pid);
}

/** It gets what time others leave; what it starts inherits that. */
function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended.
  }
}

function absolute(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.flatMap((name) => {
      const path = env[name];
      return path ? [[name, absolutePath(path)] as const] : [];
    }),
  );
}
