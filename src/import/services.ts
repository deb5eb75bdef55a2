import { composeRoot } from './compose-root.js';
import type { Surroundings } from './environment.js';
import { mergeServices } from './merge.js';
import type { Fault, Said, Service } from './model.js';
import { readService } from './service.js';
import {
  childOf,
  entriesOf,
  isNothing,
  itemsIn,
  mapIn,
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
      if (!path) return [];
      const other = otherFile(scope, path);
      if (other) return servicesIn(other);
      form.faults.push(missing(`${path.value} can't be read`, path.at));
      return [];
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
  const services = mapIn(form, childOf(other?.root, 'services'), 'services');
  const entry = services?.entries.get(name.value);
  const baseTree = mapIn(form, entry?.value, `services.${name.value}`);
  if (!other || !entry || !baseTree || other.depth > deepest) {
    const fault = other
      ? missing(`there is no service ${name.value} to extend`, name.at)
      : missing(`${path!.value} can't be read`, path!.at);
    return { ...service, faults: [...service.faults, fault] };
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

function missing(message: string, at: Place): Fault {
  return { rule: 'other-file', weight: 'fatal', message, at };
}

function otherFile(scope: Scope, { value }: Said<string>): Scope | undefined {
  const { around, depth } = scope;
  const text = depth < deepest ? around.nearby(value) : undefined;
  if (text === undefined) return undefined;
  return { ...scope, root: composeRoot(value, text, around.env), depth: depth + 1 };
}
