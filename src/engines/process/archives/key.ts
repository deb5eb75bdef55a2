import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Java } from '../java.js';

/**
 * Names the archive that a JVM of this very Java can use with this very class path, whose jars it compares by size and
 * time of change.
 * @param name of the class path, `kafka-3.9.2`
 * @param jars absolute paths, in class path order
 * @returns such as `kafka-3.9.2-0123456789abcdef`
 */
export async function archiveKey(
  name: string,
  { binary, version }: Java,
  jars: readonly string[],
): Promise<string> {
  const files = await Promise.all(
    [binary, ...jars].map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${path} ${size} ${Math.floor(mtimeMs / 1000)}`;
    }),
  );
  const hash = createHash('sha256').update([version, ...files].join('\n'));
  return `${name}-${hash.digest('hex').slice(0, 16)}`;
}
