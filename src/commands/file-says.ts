import { pathText, valueAt, type SpecPath } from '../spec/path.js';
import type { CommandContext } from './context.js';
import type { SpecFile } from '../operations/spec-file.js';

/** Tells when the cluster's file says something else than what is done now; the next `up` would go by the file. */
export function tellFileSays(
  { emit }: Pick<CommandContext, 'emit'>,
  file: SpecFile | undefined,
  path: SpecPath,
  wished: number | string,
  name: string,
): void {
  if (!file) return;
  const { tree } = file.layer;
  const says = valueAt(tree, path);
  // A file that names another cluster says nothing of this one.
  if (typeof says !== 'string' && typeof says !== 'number') return;
  if (String(says) === String(wished)) return;
  if ((valueAt(tree, ['name']) ?? 'kcluster') !== name) return;
  const { label } = file.layer.place(path);
  const key = pathText(path);
  const message = `${label} says ${key}: ${says}; write ${wished} there, or the next \`kcluster up\` asks for it again`;
  emit({ type: 'notice', message });
}
