import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { startInBackground } from '../../../children/background.js';
import { KclusterError, messageOf } from '../../../errors.js';
import type { Emit } from '../../../report/events.js';
import { writeWhole } from '../../../system/files.js';
import type { RunnableImage } from '../image.js';
import { majorVersion } from '../java-version.js';
import type { Java } from '../java.js';
import { archiveKey } from './key.js';
import {
  archiveModes,
  archiveName,
  archiveOptions,
  takesArchive,
  type ArchiveMode,
} from './options.js';
import { findArchive, keepArchive, noteTry, recorderState, wasTried } from './store.js';

/** A node that is about to start. */
interface Starting {
  directory: string;
  java: Java;
  runnable: RunnableImage;
  /** Absolute paths, in class path order. */
  jars: readonly string[];
  /** The JVM's options so far. */
  ownOptions: readonly string[];
}

interface Context {
  emit: Emit;
}

/** In the directory of a node whose JVM records an archive: the archive's key. */
const keyFile = 'classes.key';

/**
 * Class-data archives: the classes of a program as its JVM has them in memory, which the next JVM maps instead of reading
 * hundreds of them from jars. A node starts as well without one, and only later.
 */
export class Archives {
  readonly #env: NodeJS.ProcessEnv;
  /** Versions of Kafka of which an archive is lacking. */
  readonly #lacking = new Set<string>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /**
   * The options by which a node's JVM uses an archive, or records one.
   * @throws KclusterError `usage` for a KCLUSTER_ARCHIVES that is none
   */
  async optionsFor(node: Starting, context: Context): Promise<string[]> {
    const mode = modeOf(this.#env);
    await rm(join(node.directory, archiveName), { force: true });
    await rm(join(node.directory, keyFile), { force: true });
    if (mode === 'off' || !takesArchive(majorVersion(node.java.version), node.ownOptions))
      return [];
    try {
      return await this.#options(mode, node, context);
    } catch (error) {
      context.emit({ type: 'warning', message: `no class-data archive: ${messageOf(error)}` });
      return [];
    }
  }

  /** Keeps what the JVM of a node that has ended has recorded. */
  async keep(directory: string, { emit }: Context): Promise<void> {
    const key = await readFile(join(directory, keyFile), 'utf8').catch(() => undefined);
    if (key === undefined) return;
    try {
      await keepArchive(this.#env, key, join(directory, archiveName));
      emit({ type: 'notice', message: `class-data archive ${key} is recorded` });
    } catch (error) {
      emit({
        type: 'warning',
        message: `class-data archive ${key} is not kept: ${messageOf(error)}`,
      });
    }
    await rm(join(directory, keyFile), { force: true });
  }

  /** Has what was lacking recorded in the background, now that this run has done its work. */
  async close(): Promise<void> {
    if (this.#lacking.size === 0) return;
    const env = {
      ...this.#env,
      KCLUSTER_ARCHIVES: 'record',
      KCLUSTER_STATE: recorderState(this.#env),
    };
    await startInBackground(['archive-recorder', ...this.#lacking], env, { priority: 'low' });
    this.#lacking.clear();
  }

  async #options(
    mode: ArchiveMode,
    { directory, java, runnable, jars }: Starting,
    { emit }: Context,
  ): Promise<string[]> {
    const options = archiveOptions(majorVersion(java.version));
    const key = await archiveKey(runnable.classPath.name, java, jars);
    const archive = await findArchive(this.#env, key);
    if (archive !== undefined) {
      await symlink(archive, join(directory, archiveName));
      return [options.use];
    }
    if (mode === 'record') {
      await noteTry(this.#env, key);
      await writeWhole(join(directory, keyFile), key);
      return [options.record];
    }
    if (mode === 'auto' && !(await wasTried(this.#env, key))) {
      if (this.#lacking.size === 0) emit({ type: 'notice', message: recordedLater });
      this.#lacking.add(runnable.kafka);
    }
    return [];
  }
}

const recordedLater =
  'a class-data archive is recorded in the background after this run: the next start takes about half the time';

/** A CI job's machine has the job's work to do, and is thrown away after it. */
function modeOf({ KCLUSTER_ARCHIVES: wish, CI }: NodeJS.ProcessEnv): ArchiveMode {
  if (!wish) return CI ? 'use' : 'auto';
  const mode = archiveModes.find((each) => each === wish);
  if (mode) return mode;
  throw new KclusterError(
    'usage',
    `KCLUSTER_ARCHIVES is ${archiveModes.join(', ')}, not "${wish}"`,
  );
}
