import { realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { KclusterError } from '../../errors.js';
import { removeAll } from './state-files.js';

const linkName = 'jars';

/**
 * Gives a node a class path without `:`, at which a JVM splits it, whatever the cache is called: relative to the node's
 * directory, in which its JVM runs, by way of a link.
 * @param jars absolute paths, in class path order
 * @throws KclusterError `startFailed` where no JVM can load jars
 */
export async function linkJars(directory: string, jars: readonly string[]): Promise<string[]> {
  const common = commonDirectory(jars);
  const root = await realpath(common);
  // The JDK follows links, and makes an URL of the path that has only one half of such a character (seen with 17).
  if (/[\u{10000}-\u{10ffff}]/u.test(root))
    throw new KclusterError('startFailed', `no JVM can load jars from ${root}`, {
      hints: ['Set KCLUSTER_CACHE to a directory without emoji in its path.'],
    });
  const link = join(directory, linkName);
  await removeAll(link);
  await symlink(root, link);
  return jars.map((jar) => join(linkName, relative(common, jar)));
}

function commonDirectory([first = '', ...others]: readonly string[]): string {
  let directory = dirname(first);
  while (others.some((other) => !other.startsWith(`${directory}/`))) directory = dirname(directory);
  return directory;
}
