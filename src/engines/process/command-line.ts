import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jvmOptions, type LocalImage } from '../../images/local.js';
import { NodeFile } from './layout.js';
import { markerOf } from './marker.js';
import type { NodeSetup } from './node-setup.js';

/** The arguments of a node's JVM. Options of the environment come late: of two, a JVM takes the last. */
export function javaArguments(
  directory: string,
  image: LocalImage,
  { env, configuration }: NodeSetup,
  jars: readonly string[],
  archive: readonly string[],
): string[] {
  return [
    markerOf(directory),
    `-Dlog4j.configuration=${pathToFileURL(join(directory, NodeFile.log4j)).href}`,
    '-cp',
    jars.join(delimiter),
    ...archive,
    ...jvmOptions(image, env),
    image.mainClass,
    configuration,
  ];
}

/** What a JVM gets of the caller's environment; anything else could change how it runs. */
const inherited = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/**
 * A JVM reads the names of files by its locale, and in that of POSIX knows none that is not ASCII. Of the variables this
 * one has the last word, as LC_ALL is not inherited. Every Linux has it, and a JVM on macOS does not ask.
 */
const utf8 = { LC_CTYPE: 'C.UTF-8' };

/** The environment of a node's JVM. */
export function javaEnvironment(
  caller: NodeJS.ProcessEnv,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const base = inherited.flatMap((name): [string, string][] => {
    const value = caller[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(base), ...utf8, ...own };
}
