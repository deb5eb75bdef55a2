import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Header, type Pack } from 'tar-stream';
import { imageTemplates } from '../../images/local.js';
import type { ClassPath } from '../../jars/lock.js';

/** Where the images have the jars, in the layout of a Maven repository. */
const jarsInImage = '/opt/kcluster/jars';

const templateFiles = [
  'log4j.properties',
  'kafka/Dockerfile',
  'kafka/entrypoint.sh',
  'kafka/properties.awk',
  'zookeeper/Dockerfile',
  'zookeeper/entrypoint.sh',
];

/**
 * The build context of an image as a tar archive. The same class path and templates give the same bytes, so that
 * Docker takes the layers from its cache.
 * @param files Absolute paths of the jars, in the order of the class path.
 * @param classes A class-data archive of them, if there is one.
 */
export function buildContext(
  classPath: ClassPath,
  files: readonly string[],
  classes?: Buffer,
): Pack {
  const archive = pack();
  void fill(archive, classPath, files, classes).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error as Error),
  );
  return archive;
}

async function fill(
  archive: Pack,
  { jars }: ClassPath,
  files: readonly string[],
  classes?: Buffer,
): Promise<void> {
  for (const file of templateFiles) {
    await addBytes(archive, file, await readFile(join(imageTemplates, file)));
  }
  const classPath = jars.map((jar) => `${jarsInImage}/${jar.path}`).join(':');
  await addBytes(archive, 'classpath', Buffer.from(`${classPath}\n`));
  await addDirectory(archive, 'archive');
  if (classes) await addBytes(archive, 'archive/classes.jsa', classes);
  for (const [i, jar] of jars.entries()) {
    await addFile(archive, `jars/${jar.path}`, files[i] as string, jar.size);
  }
}

async function addBytes(archive: Pack, name: string, content: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    archive.entry({ ...fixed, name }, content, (error) => (error ? reject(error) : resolve()));
  });
}

async function addDirectory(archive: Pack, name: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    archive.entry({ ...fixed, name, mode: 0o755, type: 'directory' }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

async function addFile(archive: Pack, name: string, path: string, size: number): Promise<void> {
  await pipeline(createReadStream(path), archive.entry({ ...fixed, name, size }));
}

/** What would otherwise differ from machine to machine. */
const fixed: Partial<Header> = { mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) };
