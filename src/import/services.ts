import { composeRoot } from './compose-root.js';
import type { Surroundings } from './environment.js';
import { mergeServices } from './merge.js';
import type { Said, Service } from './model.js';
import { readService } from './service.js';
import {
  childOf,
  entriesOf,
  isNothing,
  itemsIn,
  mapIn,
  misshapen,
  repeatedIn,
  textIn,
  type Form,
} from './tree-reading.js';
import type { Place, TreeMap } from './yaml-tree.js';

/** A file that is being read. */
export interface Scope {
  form: Form;
  root: TreeMap;
  around: Surroundings;
  /** How many files and services led here. */
  depth: number;
}

/** More than anybody chains; a file may include itself. */
const deepest = 20;

/** The services of a file, with what they extend, and those of the files that it includes. */
export function servicesIn(scope: Scope): Service[] {
  const { form, root, around } = scope;
  const map = mapIn(form, childOf(root, 'services'), 'services');
  repeatedIn(form, map);
  const own = entriesOf(map).flatMap(({ key, at, value }) => {
    if (isNothing(value)) return [readService(key, at, emptyMap(at), around)];
    const tree = mapIn(form, value, `services.${key}`);
    return tree ? [withBase(scope, readService(key, at, tree, around), tree)] : [];
  });
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...includedIn(scope).filter(({ name }) => !names.has(name))];
}

function emptyMap(at: Place): TreeMap {
  return { kind: 'map', entries: new Map(), repeated: [], at };
}

function includedIn(scope: Scope): Service[] {
  const { form, root } = scope;
  return itemsIn(form, childOf(root, 'include'), 'include').flatMap((item) => {
    const paths =
      item.kind === 'map' ? itemsIn(form, childOf(item, 'path'), 'path', 'single') : [item];
    return paths.flatMap((each) => {
      const path = textIn(form, each, 'include');
      const other = path && otherFile(scope, path);
      return other ? servicesIn(other) : [];
    });
  });
}

/** A service with what it extends below it. */
function withBase(scope: Scope, service: Service, tree: TreeMap): Service {
  const { form, around, depth } = scope;
  const extension = extensionIn(form, tree);
  if (!extension) return service;
  const { name, path } = extension;
  const other = path ? otherFile(scope, path) : { ...scope, depth: depth + 1 };
  if (!other) return service;
  const services = mapIn(form, childOf(other.root, 'services'), 'services');
  const entry = services?.entries.get(name.value);
  const baseTree = mapIn(form, entry?.value, `services.${name.value}`);
  if (!entry || !baseTree || other.depth > deepest) {
    misshapen(form, name.at, `there is no service ${name.value} to extend`);
    return service;
  }
  const base = readService(service.name, entry.at, baseTree, around);
  return mergeServices(withBase(other, base, baseTree), service);
}

/** The key `extends`: a service, or a map with one and the file that has it. */
function extensionIn(
  form: Form,
  tree: TreeMap,
): { name: Said<string>; path?: Said<string> } | undefined {
  const extension = childOf(tree, 'extends');
  if (!extension || isNothing(extension)) return undefined;
  if (extension.kind !== 'map') {
    const name = textIn(form, extension, 'extends');
    return name && { name };
  }
  const name = textIn(form, childOf(extension, 'service'), 'service');
  const path = textIn(form, childOf(extension, 'file'), 'file');
  return name && { name, ...(path && { path }) };
}

function otherFile(scope: Scope, { value, at }: Said<string>): Scope | undefined {
  const { form, around, depth } = scope;
  const text = depth < deepest ? around.nearby(value) : undefined;
  if (text === undefined) return misshapen(form, at, `${value} can't be read`);
  return { ...scope, root: composeRoot(value, text, around.env), depth: depth + 1 };
}
