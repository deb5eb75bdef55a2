import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseVolume, type ComposeService } from '../../compose/document.js';
import {
  escapeValue,
  kafkaProperties,
  propertiesText,
  zooKeeperConfig,
  zooKeeperId,
} from '../../images/environment.js';
import { localImages, log4jConfiguration } from '../../images/local.js';
import type { RunnableImage } from './image.js';
import { NodeFile } from './layout.js';
import type { NodeRecord } from './node-file.js';
import { hostPath, withHostPaths } from './node-paths.js';
import { writeWhole } from '../../system/files.js';
import { makeDirectory } from './state-files.js';

/** A node's configuration, written and ready to run. */
export interface NodeSetup {
  /** Of the image, overlaid by the definition's, with paths of this machine. */
  env: Record<string, string>;
  /** `server.properties` or `zoo.cfg`, in the node's directory, where its JVM runs. */
  configuration: string;
}

/**
 * Writes what the node's program reads, at every start anew, as the entry points of the images do.
 * @param directory the node's
 * @param volume the directory of a volume, by its key
 */
export async function setUpNode(
  directory: string,
  { definition }: NodeRecord,
  { role, image }: RunnableImage,
  volume: (key: string) => string,
): Promise<NodeSetup> {
  const { env, directories } = withHostPaths(
    { ...image.environment, ...definition.environment },
    image.pathVariables,
    (path) => pathOfNode(path, directory, definition, volume),
  );
  for (const path of directories) await makeDirectory(resolve(directory, path));
  await writeWhole(join(directory, NodeFile.log4j), await readFile(log4jConfiguration, 'utf8'));
  return { env, configuration: await configure[role](directory, env) };
}

/** Where a path of the node is on this machine. */
export function pathOfNode(
  path: string,
  directory: string,
  { volumes = [] }: ComposeService,
  volume: (key: string) => string,
): string {
  const mounts = volumes
    .map(parseVolume)
    .map(({ volume: key, target }) => ({ directory: volume(key), target }));
  return hostPath(path, mounts, join(directory, NodeFile.root));
}

const configure = {
  kafka: async (directory: string, env: Record<string, string>): Promise<string> => {
    const name = 'server.properties';
    await writeWhole(join(directory, name), propertiesText(kafkaProperties(env)));
    return name;
  },
  zookeeper: async (directory: string, env: Record<string, string>): Promise<string> => {
    const name = 'zoo.cfg';
    await writeWhole(join(directory, name), zooKeeperConfig({ ...env, ...escapedPaths(env) }));
    const data = resolve(directory, env['ZOO_DATA_DIR'] ?? '');
    await writeWhole(join(data, 'myid'), zooKeeperId(env));
    return name;
  },
};

/** Paths of this machine may be of any letters; the images' entry points know no such paths, and escape nothing. */
function escapedPaths(env: Record<string, string>): Record<string, string> {
  const { pathVariables } = localImages.zookeeper;
  return Object.fromEntries(pathVariables.map((name) => [name, escapeValue(env[name] ?? '')]));
}
