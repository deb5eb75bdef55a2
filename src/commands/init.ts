import { readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { codeOf, ExitCode, KclusterError, messageOf } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';

const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
const schemaFile = 'templates/kcluster.schema.json';

interface InitOptions {
  /** `-` for stdout. */
  file: string;
  force?: boolean;
}

/** `kcluster init`: writes an example to begin with; writes over nothing unless it is told to. */
export async function init(
  _context: CommandContext,
  operands: readonly string[],
  flags: Record<string, unknown>,
): Promise<Outcome> {
  const { file, force = false } = flags as unknown as InitOptions;
  const [example = 'single'] = operands;
  const directory = file === '-' ? process.cwd() : dirname(resolve(file));
  const text = await exampleText(example, await schemaReference(directory));
  if (file === '-')
    return { exitCode: ExitCode.ok, data: { example, text }, text: () => text.trimEnd() };
  await write(file, text, force);
  const flag = file === 'kcluster.yaml' ? '' : ` --file ${file}`;
  return {
    exitCode: ExitCode.ok,
    data: { example, file },
    text: () => `wrote ${file}; \`kcluster up${flag}\` makes the cluster`,
  };
}

/** An example whose first line tells editors where this installation has the schema. */
async function exampleText(example: string, schema: string): Promise<string> {
  const text = await readFile(join(packageRoot, `templates/examples/${example}.yaml`), 'utf8');
  return text.replace(/(?<=^# yaml-language-server: \$schema=).*/, () => schema);
}

/**
 * By a relative path where the project itself has kcluster installed, so that the file can be shared with it; else by
 * the place on this machine, as a URL, since a path may have blanks.
 */
async function schemaReference(directory: string): Promise<string> {
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

/** @throws KclusterError `conflict` for a file that is there, `usage` for a path that can't be written */
async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new KclusterError('conflict', `${file} is there already`, {
        hints: ['Write over it with `--force`, or another one with `--file PATH`.'],
      });
    }
    const why = codeOf(error) === 'ENOENT' ? 'there is no such directory' : messageOf(error);
    throw new KclusterError('usage', `${file} can't be written: ${why}`, { cause: error });
  }
}
