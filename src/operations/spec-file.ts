import { dirname, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { KclusterError } from '../errors.js';
import type { Layer } from '../spec/layer.js';
import { contentOf, firstThere } from './files.js';

/** A file that says what a cluster is to be. */
export interface SpecFile {
  layer: Layer;
  /** What paths in it are relative to. */
  directory: string;
}

const hints = ['Write one to begin with: `kcluster init`.'];

/** What is taken without `--file`, where it is there. */
const usualNames = ['kcluster.yaml', 'kcluster.yml'];

/**
 * Reads the file that `--file` names, `-` being stdin, or the kcluster.yaml of the working directory if there is one.
 * @throws KclusterError `usage` when there is no such file or an empty stdin, `invalidSpec` for what is no YAML
 */
export async function readSpecFile(
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<SpecFile | undefined> {
  const path = file ?? (await usualSpecFile());
  if (path === undefined) return undefined;
  // Most commands have no file to read, and start sooner without what reads it.
  const { fileLayer } = await import('../spec/yaml-file.js');
  if (path === '-')
    return { layer: fileLayer('stdin', await stdinText(), env), directory: process.cwd() };
  return {
    layer: fileLayer(path, await contentOf(path, hints), env),
    directory: dirname(resolve(path)),
  };
}

/** The kcluster.yaml of the working directory; undefined when there is none. */
export async function usualSpecFile(): Promise<string | undefined> {
  return await firstThere(usualNames);
}

/** @throws KclusterError `usage` when nothing comes: the command before it in a pipe has failed */
async function stdinText(): Promise<string> {
  const content = await text(process.stdin);
  if (content.trim() !== '') return content;
  throw new KclusterError('usage', 'stdin is empty, and --file - reads what the cluster is to be', {
    hints: ['Try it: `kcluster init --file - | kcluster render --file -`.'],
  });
}
