import { access, constants, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from '../../cluster/diagnosis.js';
import { KclusterError, messageOf } from '../../errors.js';
import { defaultKafkaVersion, readJarLock } from '../../jars/lock.js';
import { cacheDirectory, stateDirectory } from '../../system/directories.js';
import { findJava } from './java.js';

/** Whether a cluster would come up as processes of this machine. Starts, makes and fetches nothing. */
export async function diagnoseProcesses(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  return await Promise.all([javaFinding(env), stateFinding(env), jarsFinding(env)]);
}

async function javaFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const { version, home } = await findJava(env);
    return { name: 'Java', level: 'ok', detail: `${version} at ${home}` };
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    return { name: 'Java', level: 'fail', detail: error.message, mend: error.hints.join(' ') };
  }
}

async function stateFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const name = 'state directory';
  const directory = stateDirectory(env);
  try {
    const { W_OK, X_OK } = constants;
    await access(await nearestExisting(directory), W_OK | X_OK);
    return { name, level: 'ok', detail: directory };
  } catch (error) {
    const mend = 'Set KCLUSTER_STATE to a directory that you can write to.';
    return { name, level: 'fail', detail: messageOf(error), mend };
  }
}

async function nearestExisting(path: string): Promise<string> {
  if ((await sizeOf(path)) !== undefined || dirname(path) === path) return path;
  return await nearestExisting(dirname(path));
}

async function jarsFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const name = 'jars';
  const { kafka, jars } = readJarLock(defaultKafkaVersion);
  const directory = join(cacheDirectory(env), 'jars');
  const sizes = await Promise.all(jars.map(({ path }) => sizeOf(join(directory, path))));
  const lacking = jars.filter(({ size }, index) => sizes[index] !== size);
  if (lacking.length === 0)
    return { name, level: 'ok', detail: `those of Kafka ${kafka} are in ${directory}` };
  const megabytes = Math.ceil(lacking.reduce((sum, { size }) => sum + size, 0) / 1e6);
  return {
    name,
    level: 'warn',
    detail: `${megabytes} MB are fetched from Maven Central by the first \`kcluster up\``,
    mend: 'Run it once with a network; KCLUSTER_MAVEN_REPOSITORY names a mirror.',
  };
}

/** Undefined for what is not there. */
async function sizeOf(path: string): Promise<number | undefined> {
  return await stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
