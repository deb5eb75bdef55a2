import { KclusterError } from '../errors.js';
import { childOf, entriesOf } from './tree-reading.js';
import { fillIn, type Variables } from './variables.js';
import { readTree, type TreeMap } from './yaml-tree.js';

/**
 * The top of a compose file.
 * @throws KclusterError `invalidSpec` for what is no YAML, or no compose file
 */
export function composeRoot(name: string, text: string, env: Variables): TreeMap {
  const tree = readTree(name, text, (each) => fillIn(each, env));
  const root = tree.kind === 'map' ? tree : undefined;
  if (root && (childOf(root, 'services')?.kind === 'map' || root.entries.has('include')))
    return root;
  throw new KclusterError('invalidSpec', `${name} is not a compose file`, {
    details: [whyNot(root)],
    hints: ['Name the file that is one: `kcluster import path/to/docker-compose.yml`.'],
  });
}

function whyNot(root: TreeMap | undefined): string {
  if (!root) return 'a map with the key services is expected';
  const isVersion1 = entriesOf(root).some(
    ({ value }) =>
      value.kind === 'map' && (value.entries.has('image') || value.entries.has('build')),
  );
  return isVersion1
    ? 'services stand below the key services since version 2 of the format, which is from 2016'
    : 'there is no key services with services below it';
}
