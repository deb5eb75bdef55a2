import { valueAt } from '../spec/path.js';
import { readSpecFile, type SpecFile } from './spec-file.js';

/** Flags of a command on a cluster as they were given. */
interface NamingOptions {
  name?: string;
  file?: string;
}

/** Which cluster a command is about, and how that is known. */
export interface Naming {
  name: string;
  /** What `--name` said, if it said anything. */
  givenName?: string;
  /** For a command that makes the cluster what a file says. */
  specFile?: SpecFile;
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
): Promise<Omit<Options, 'name'> & Naming> {
  const { name: givenName, ...others } = options;
  const reads = wantsFile || givenName === undefined;
  const specFile = reads ? await readSpecFile(options.file, env) : undefined;
  return {
    ...others,
    name: givenName ?? (await nameOf(specFile, wantsFile)) ?? 'kcluster',
    ...(givenName !== undefined && { givenName }),
    ...(specFile && wantsFile && { specFile }),
  };
}

/** Where all of the specification is checked, it is found out there what is not a name. */
async function nameOf(
  file: SpecFile | undefined,
  isCheckedLater: boolean,
): Promise<string | undefined> {
  if (!file) return undefined;
  if (!isCheckedLater) {
    const { nameIn } = await import('../spec/resolve.js');
    return nameIn(file.layer);
  }
  const name = valueAt(file.layer.tree, ['name']);
  return typeof name === 'string' ? name : undefined;
}
