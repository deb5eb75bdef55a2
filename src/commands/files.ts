import { access, readFile } from 'node:fs/promises';
import { codeOf, KclusterError, messageOf } from '../errors.js';

/** The first of the names that the working directory has. */
export async function firstThere(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const isThere = await access(name).then(
      () => true,
      () => false,
    );
    if (isThere) return name;
  }
  return undefined;
}

/**
 * The text of a file that the user has named.
 * @param hints what to do when it can't be read
 * @throws KclusterError `usage`
 */
export async function contentOf(path: string, hints: readonly string[] = []): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new KclusterError('usage', `${path} can't be read: ${why}`, { hints, cause: error });
  }
}
