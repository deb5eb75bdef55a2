import { composeRoot } from './compose-root.js';
import type { Surroundings } from './environment.js';
import { mergeServices } from './merge.js';
import type { ComposeFile, ComposeNetwork, Fault } from './model.js';
import { servicesIn } from './services.js';
import { childOf, entriesOf, mapIn, repeatedIn, textIn, type Form } from './tree-reading.js';
import type { Tree, TreeMap } from './yaml-tree.js';

/** A compose file as it was found. */
export interface ComposeText {
  /** As messages call it. */
  name: string;
  text: string;
  /** The name of its directory, from which Compose takes the project's name. */
  directory: string;
}

/**
 * Reads a compose file, of version 2 or later, with the files that it includes and extends.
 * @throws KclusterError `invalidSpec` for what is no YAML, or no compose file
 */
export function readComposeFile(source: ComposeText, around: Surroundings): ComposeFile {
  const root = composeRoot(source.name, source.text, around.env);
  const faults: Fault[] = [];
  const form: Form = { faults };
  repeatedIn(form, root);
  const project = projectName(source, root, around);
  const version = root.entries.get('version')?.at;
  return {
    name: source.name,
    project,
    services: servicesIn({ form, root, around, depth: 0 }),
    networks: networksIn(form, root, project),
    ...(version && { version }),
    faults,
  };
}

/** A file with another over it, as Compose takes `docker-compose.override.yml` over `docker-compose.yml`. */
export function overridden(base: ComposeFile, over: ComposeFile): ComposeFile {
  const others = new Map(over.services.map((service) => [service.name, service]));
  const merged = base.services.map((service) => {
    const other = others.get(service.name);
    others.delete(service.name);
    return other ? mergeServices(service, other) : service;
  });
  return {
    ...base,
    services: [...merged, ...others.values()],
    networks: new Map([...base.networks, ...over.networks]),
    faults: [...base.faults, ...over.faults],
  };
}

function networksIn(form: Form, root: TreeMap, project: string): Map<string, ComposeNetwork> {
  const map = mapIn(form, childOf(root, 'networks'), 'networks');
  const declared = entriesOf(map).map(({ key, value }) => {
    const network = mapIn(form, value, `networks.${key}`);
    const { external, name } = externalIn(form, childOf(network, 'external'));
    const said = textIn(form, childOf(network, 'name'), 'name')?.value ?? name;
    return [key, { name: said ?? (external ? key : `${project}_${key}`), external }] as const;
  });
  return new Map([['default', { name: `${project}_default`, external: false }], ...declared]);
}

/** `external: true`, or a map with the network's name as old versions of the format have it. */
function externalIn(
  form: Form,
  tree: Tree | undefined,
): { external: boolean; name?: string | undefined } {
  if (tree?.kind !== 'map') return { external: textIn(form, tree, 'external')?.value === 'true' };
  return { external: true, name: textIn(form, childOf(tree, 'name'), 'name')?.value };
}

/** @see Compose specification, "Name top-level element" */
function projectName({ directory }: ComposeText, root: TreeMap, { env }: Surroundings): string {
  const said = textIn({ faults: [] }, childOf(root, 'name'), 'name')?.value;
  const name = env['COMPOSE_PROJECT_NAME'] || said || directory;
  return name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '') || 'default';
}
