import { valueAt } from '../spec/path.js';
import { readSpecFile, type SpecFile } from './spec-file.js';

/** Flags of a command on a cluster as they were given. */
interface NamingOptions {
  name?: string;
  file?: string;
}

/**
 * Finds out the cluster's name: that of `--name`, else that of the file, else the usual one. Of a cluster that is named
 * the file is not read unless it is wanted: it may be broken, and `down --name` must work all the same.
 * @param wantsFile whether the command makes the cluster what the file says
 */
export async function withName<Options extends NamingOptions>(
  options: Options,
  wantsFile: boolean,
  env: NodeJS.ProcessEnv,
): Promise<Options & { name: string; specFile?: SpecFile }> {
  const reads = wantsFile || options.name === undefined;
  const specFile = reads ? await readSpecFile(options.file, env) : undefined;
  const name = options.name ?? nameIn(specFile);
  return { ...options, name, ...(specFile && wantsFile && { specFile }) };
}

/** What is not a name is found out where all of the specification is checked. */
function nameIn(file: SpecFile | undefined): string {
  const name = file && valueAt(file.layer.tree, ['name']);
  return typeof name === 'string' ? name : 'kcluster';
}
