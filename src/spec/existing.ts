import { serviceOfVolume } from '../cluster/guard.js';
import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { Label } from '../compose/labels.js';
import { simpleLayer, type Layer } from './layer.js';
import { mergeTrees, treeOf, type SpecPath, type SpecTree } from './path.js';
import { recall } from './remembered.js';

/**
 * What an existing cluster is, as a layer of specification: what is not said anew is as it is. Counts come from nodes
 * and from the data that `down` kept; a node or a volume may be missing in between, where a run was killed.
 * @param hasFile whether a file says what the cluster is to be: then a key that was removed from it falls back to its
 * default, and only what was given by flags stays as it is
 */
export function existingLayer(observed: ObservedProject, hasFile: boolean): Layer {
  const label = `cluster "${observed.project}"`;
  if (isAbsent(observed)) return simpleLayer('cluster', {}, label);
  const remembered = recall(rememberedBy(observed), hasFile);
  const said = hasFile ? remembered.file.map((path) => path.join('.')) : [];
  const counts = countsOf(observed).filter(([path]) => !said.includes(path.join('.')));
  const tree = counts.reduce<SpecTree>(
    (all, [path, count]) => mergeTrees(treeOf(path, count), all),
    remembered.given,
  );
  return { ...simpleLayer('cluster', tree, label), fromFile: hasFile ? [] : remembered.file };
}

/** The labels of brokers, which depend on more than ZooKeepers do, come first. */
function rememberedBy({ nodes }: ObservedProject): string[] {
  return nodes
    .toSorted((a, b) => a.service.localeCompare(b.service, 'en'))
    .flatMap(({ labels }) => labels[Label.spec] ?? []);
}

function countsOf({ nodes, volumes }: ObservedProject): [SpecPath, unknown][] {
  const services = [...nodes.map(({ service }) => service), ...volumes.map(serviceOfVolume)];
  const observers = nodes.filter(({ labels }) => labels[Label.peerType] === 'observer').length;
  const brokers = highestId(services, 'broker');
  const members = highestId(services, 'zookeeper');
  const servers = members && members - observers;
  return [
    ...(brokers === undefined ? [] : [[['kafka', 'brokers'], brokers] as [SpecPath, unknown]]),
    ...(servers === undefined ? [] : [[['zookeeper', 'servers'], servers] as [SpecPath, unknown]]),
    ...(observers === 0 ? [] : [[['zookeeper', 'observers'], observers] as [SpecPath, unknown]]),
    ...(servers === undefined || servers % 2 === 1
      ? []
      : [[['zookeeper', 'evenEnsemble'], true] as [SpecPath, unknown]]),
  ];
}

function highestId(services: readonly string[], role: string): number | undefined {
  const ids = services
    .filter((service) => service.startsWith(`${role}-`))
    .map((service) => Number(service.slice(role.length + 1)));
  return ids.length === 0 ? undefined : Math.max(...ids);
}
