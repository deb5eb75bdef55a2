import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';
import { writeNew } from '../operations/files.js';
import { packageRoot, schemaReference } from './schema-reference.js';

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
  await writeNew(file, text, { force, flag: '--file' });
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
