import type { Mount } from './model.js';
import { childOf, itemsIn, misshapen, textIn, type Form } from './tree-reading.js';
import type { Place, Tree } from './yaml-tree.js';

/**
 * Mounts, in the short form `[SOURCE:]TARGET[:MODE]` and in the long one, with those of `tmpfs`.
 * @see Compose specification, "volumes"
 */
export function mountsIn(form: Form, volumes: Tree | undefined, tmpfs: Tree | undefined): Mount[] {
  return [
    ...itemsIn(form, volumes, 'volumes').flatMap((item) => mountOf(form, item) ?? []),
    ...itemsIn(form, tmpfs, 'tmpfs', 'single').flatMap((item): Mount[] => {
      const said = textIn(form, item, 'tmpfs');
      return said ? [{ kind: 'tmpfs', target: clean(said.value.split(':')[0]!), at: said.at }] : [];
    }),
  ];
}

function mountOf(form: Form, item: Tree): Mount | undefined {
  if (item.kind !== 'map') {
    const said = textIn(form, item, 'volumes');
    return said && shortMount(said.value, said.at);
  }
  const target = textIn(form, childOf(item, 'target'), 'target')?.value;
  if (target === undefined) return misshapen(form, item.at, 'a mount has a target');
  const source = textIn(form, childOf(item, 'source'), 'source')?.value;
  const type = textIn(form, childOf(item, 'type'), 'type')?.value;
  const kind = type === 'bind' || type === 'tmpfs' ? type : kindOf(source);
  return { kind, ...(source !== undefined && { source }), target: clean(target), at: item.at };
}

function shortMount(text: string, at: Place): Mount {
  // The colon of a Windows drive parts nothing.
  const parts = text.match(/[A-Za-z]:[\\/][^:]*|[^:]+/g) ?? [];
  const [first = '', second] = parts;
  if (second === undefined) return { kind: 'anonymous', target: clean(first), at };
  return { kind: kindOf(first), source: first, target: clean(second), at };
}

/** A name is a volume; a path begins with a sign that no name begins with. */
function kindOf(source: string | undefined): Mount['kind'] {
  if (source === undefined || source === '') return 'anonymous';
  return /^(\.|\/|~|[A-Za-z]:[\\/]|\\)/.test(source) ? 'bind' : 'volume';
}

function clean(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
