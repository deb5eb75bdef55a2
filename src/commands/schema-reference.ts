import { realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The directory of this installation. */
export const packageRoot: string = fileURLToPath(new URL('../../', import.meta.url));
const schemaFile = 'templates/kcluster.schema.json';

/**
 * Where editors find the schema of a kcluster.yaml in a directory: by a relative path where the project itself has kcluster installed, so that the file can be shared with it; else by
 * the place on this machine, as a URL, since a path may have blanks.
 */
export async function schemaReference(directory: string): Promise<string> {
  const own = await realpath(packageRoot);
  for (let above = directory; ; above = dirname(above)) {
    const installed = join(above, 'node_modules', 'kcluster');
    const isThis = await realpath(installed).then(
      (path) => path === own,
      () => false,
    );
    if (isThis) {
      const path = relative(directory, join(installed, schemaFile)).split(sep).join('/');
      return path.startsWith('.') ? path : `./${path}`;
    }
    if (above === dirname(above)) return pathToFileURL(join(own, schemaFile)).href;
  }
}
