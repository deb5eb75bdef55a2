import type { ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';

/** The nodes that are named, or all of them when none is. @throws KclusterError `usage` for a name that no node has */
export function chosenNodes({ nodes }: ObservedProject, names: readonly string[]): string[] {
  const known = nodes.map(({ service }) => service).sort();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new KclusterError(
      'usage',
      `there is no node ${unknown.map((name) => `"${name}"`).join(', ')}`,
      { hints: [`Nodes are ${known.join(', ')}.`] },
    );
  return names.length > 0 ? [...new Set(names)] : known;
}
