import { access, readFile, writeFile } from 'node:fs/promises';
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
    throw new KclusterError('usage', `${path} can't be read: ${whyUnread(error)}`, {
      hints,
      cause: error,
    });
  }
}

function whyUnread(error: unknown): string {
  if (codeOf(error) === 'ENOENT') return 'there is no such file';
  return codeOf(error) === 'EISDIR' ? 'it is a directory' : messageOf(error);
}

/**
 * Writes a file that the user has named, and over one that is there only when it is to.
 * @param flag the flag that names another one
 * @throws KclusterError `conflict` for a file that is there, `usage` for a path that can't be written
 */
export async function writeNew(
  path: string,
  text: string,
  { force, flag }: { force: boolean; flag: string },
): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new KclusterError('conflict', `${path} is there already`, {
        hints: [`Write over it with \`--force\`, or another one with \`${flag} PATH\`.`],
      });
    }
    throw unwritable(path, error);
  }
}

/** The failure for a path that the user has named and that can't be written. */
export function unwritable(path: string, cause: unknown): KclusterError {
  const why = codeOf(cause) === 'ENOENT' ? 'there is no such directory' : messageOf(cause);
  return new KclusterError('usage', `${path} can't be written: ${why}`, { cause });
}
