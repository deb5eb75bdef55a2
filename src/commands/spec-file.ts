import { access, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { codeOf, KclusterError, messageOf } from '../errors.js';
import type { Layer } from '../spec/layer.js';
import { fileLayer } from '../spec/yaml-file.js';

/** A file that says what a cluster is to be. */
export interface SpecFile {
  layer: Layer;
  /** What paths in it are relative to. */
  directory: string;
}

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
  const path = file ?? (await usualFile());
  if (path === undefined) return undefined;
  if (path === '-')
    return { layer: fileLayer('stdin', await stdinText(), env), directory: process.cwd() };
  return { layer: fileLayer(path, await contentOf(path), env), directory: dirname(resolve(path)) };
}

async function usualFile(): Promise<string | undefined> {
  for (const name of usualNames) {
    const isThere = await access(name).then(
      () => true,
      () => false,
    );
    if (isThere) return name;
  }
  return undefined;
}

/** @throws KclusterError `usage` when nothing comes: the command before it in a pipe has failed */
async function stdinText(): Promise<string> {
  const content = await text(process.stdin);
  if (content.trim() !== '') return content;
  throw new KclusterError('usage', 'stdin is empty, and --file - reads what the cluster is to be', {
    hints: ['Try it: `kcluster init --file - | kcluster render --file -`.'],
  });
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    throw new KclusterError('usage', `${path} can't be read: ${why}`, {
      hints: ['Write one to begin with: `kcluster init`.'],
      cause: error,
    });
  }
}
