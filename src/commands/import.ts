import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { ExitCode, KclusterError } from '../errors.js';
import { overridden, readComposeFile } from '../import/compose-file.js';
import type { Surroundings } from '../import/environment.js';
import { checkFile, importFile } from '../import/import.js';
import type { ComposeFile } from '../import/model.js';
import { parseVariables } from '../import/variables.js';
import { checkText, importText } from '../report/import-text.js';
import type { Outcome } from '../report/outcome.js';
import { styleFor } from '../report/style.js';
import type { CommandContext } from './context.js';
import { contentOf, firstThere, writeNew } from '../operations/files.js';
import { schemaReference } from './schema-reference.js';

interface ImportOptions {
  check?: boolean;
  force?: boolean;
  service?: string;
  to: string;
  output: string;
}

/** `kcluster import`: a compose file as a kcluster.yaml, and what is wrong with it. */
export async function importCompose(
  { env, emit }: Pick<CommandContext, 'emit' | 'env'>,
  [operand]: readonly string[],
  options: Record<string, unknown>,
): Promise<Outcome> {
  const { check, force, service, to, output } = options as unknown as ImportOptions;
  const file = await readProject(operand, env);
  if (check === true) {
    const report = checkFile(file);
    const isFine = report.findings.every(({ level }) => level === 'note');
    return {
      exitCode: isFine ? ExitCode.ok : ExitCode.finding,
      data: report,
      text: (style) => checkText(report, style),
    };
  }
  const directory = to === '-' ? process.cwd() : dirname(resolve(to));
  const schema = await schemaReference(directory);
  const imported = importFile(file, { schema, ...(service !== undefined && { service }) });
  const { file: name, findings, spec, text } = imported;
  const data = { file: name, findings, spec };
  if (to === '-') {
    // stdout is the file; what there is to say goes beside it.
    if (output !== 'json')
      for (const line of checkText(imported, styleFor('stderr', env)).split('\n'))
        emit({ type: 'notice', message: line });
    return { exitCode: ExitCode.ok, data, text: () => text.trimEnd() };
  }
  await writeNew(to, text, { force: force === true, flag: '--to' });
  return { exitCode: ExitCode.ok, data, text: (style) => importText(imported, to, style) };
}

/** What Compose takes without `-f`, in its order. */
const usualNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrides = [
  'compose.override.yaml',
  'compose.override.yml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

const hints = ['Name the compose file: `kcluster import path/to/docker-compose.yml`.'];

/**
 * The compose file that is named, `-` being stdin; else that of the working directory, with what overrides it.
 * @throws KclusterError `usage` when there is none, `invalidSpec` for what is no compose file
 */
async function readProject(
  operand: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ComposeFile> {
  if (operand === '-') return read('stdin', await textOf(process.stdin), process.cwd(), env);
  if (operand !== undefined)
    return read(operand, await contentOf(operand, hints), dirname(resolve(operand)), env);
  const name = await firstThere(usualNames);
  if (name === undefined) {
    throw new KclusterError('usage', 'there is no compose file here', {
      hints: ['Name one: `kcluster import path/to/docker-compose.yml`.'],
    });
  }
  const file = read(name, await contentOf(name), process.cwd(), env);
  const over = await firstThere(overrides);
  if (over === undefined) return file;
  return overridden(file, read(over, await contentOf(over), process.cwd(), env));
}

function read(name: string, text: string, directory: string, env: NodeJS.ProcessEnv): ComposeFile {
  const nearby = (path: string): string | undefined => contentAt(resolve(directory, path));
  const around: Surroundings = { env: { ...dotEnv(nearby('.env'), env), ...env }, nearby };
  return readComposeFile({ name, text, directory: basename(directory) }, around);
}

/** The variables of the `.env` beside the file; those of the process are stronger. */
function dotEnv(text: string | undefined, env: NodeJS.ProcessEnv): Record<string, string> {
  const lines = text === undefined ? [] : parseVariables(text, env);
  return Object.fromEntries(
    lines.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
  );
}

function contentAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
