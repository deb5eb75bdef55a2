import { join } from 'node:path';
import { KclusterError } from '../../errors.js';
import { jvmOptions } from '../../images/local.js';
import type { Emit } from '../../report/events.js';
import type { Archives } from './archives/archives.js';
import type { Children } from './children.js';
import type { ClassPaths } from './class-path.js';
import { javaArguments, javaEnvironment } from './command-line.js';
import { resolveImage } from './image.js';
import { findJava } from './java.js';
import { linkJars } from './jar-link.js';
import { nodeDirectory, NodeFile, volumeDirectory } from './layout.js';
import { readNode } from './node-file.js';
import { setUpNode } from './node-setup.js';

export interface Starter {
  env: NodeJS.ProcessEnv;
  state: string;
  children: Children;
  classPaths: ClassPaths;
  archives: Archives;
}

/**
 * Configures a node by its record and starts its JVM. Resolves when the program has been loaded, long before the
 * node serves.
 * @throws KclusterError `conflict` when there is no such node; `noEngine` without a Java; `startFailed`
 */
export async function startNode(
  { env, state, children, classPaths, archives }: Starter,
  project: string,
  service: string,
  context: { signal: AbortSignal; emit: Emit },
): Promise<void> {
  const directory = nodeDirectory(state, project, service);
  const record = await readNode(directory);
  if (!record) throw missing(project, service);
  const runnable = resolveImage(record.definition.image, `services.${service}.image:`);
  const java = await findJava(env);
  const jars = await classPaths.of(runnable.classPath, context);
  const setup = await setUpNode(directory, record, runnable, (key) =>
    volumeDirectory(state, project, key),
  );
  const ownOptions = jvmOptions(runnable.image, setup.env);
  const archive = await archives.optionsFor(
    { directory, java, runnable, jars, ownOptions },
    context,
  );
  await children.launch({
    program: java.binary,
    args: javaArguments(directory, runnable.image, setup, await linkJars(directory, jars), archive),
    env: javaEnvironment(env, setup.env),
    directory,
    log: join(directory, NodeFile.log),
  });
}

function missing(project: string, service: string): KclusterError {
  return new KclusterError('conflict', `cluster "${project}" has no ${service} to start`, {
    hints: [`Make it with \`kcluster up --name ${project}\`.`],
  });
}
