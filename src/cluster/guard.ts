import { parseVolume, type ComposeDocument } from '../compose/document.js';
import { Label } from '../compose/labels.js';
import { KclusterError } from '../errors.js';
import { isAbsent, type ObservedProject } from './observed.js';
import { orphanedBrokerData } from './reconcile.js';

/**
 * Refuses a project that somebody else made with Docker Compose: only kcluster's own nodes carry its labels. A process
 * whose node directory was removed by hand has neither labels nor an image, and is one of ours.
 * @throws KclusterError `conflict`; nothing has been touched by then
 */
export function assertOurs({ project, nodes, volumes }: ObservedProject): void {
  const foreign = [
    ...nodes
      .filter(({ labels, image }) => labels[Label.role] === undefined && image !== '')
      .map(({ service }) => `service ${service}`),
    ...volumes.filter((key) => !isNodeVolume(key)).map((key) => `volume ${key}`),
  ];
  if (foreign.length === 0) return;
  throw new KclusterError(
    'conflict',
    `"${project}" is a Compose project that kcluster did not make`,
    {
      details: foreign,
      hints: ['Take another `--name`.'],
    },
  );
}

function isNodeVolume(key: string): boolean {
  return /^(zookeeper|broker)-\d+-/.test(key);
}

/**
 * Refuses a change that would lose data.
 * @throws KclusterError `conflict`; nothing has been touched by then
 */
export function assertNothingIsLost(document: ComposeDocument, observed: ObservedProject): void {
  if (isAbsent(observed)) return;
  const { project } = observed;
  const surplus = surplusServices(document, observed);
  if (surplus.length > 0) {
    throw new KclusterError(
      'conflict',
      `cluster "${project}" has ${surplus.join(', ')}, which ${surplus.length === 1 ? 'is' : 'are'} not part of what was asked for`,
      { hints: hints(project, wayToFewer(document, surplus, project)) },
    );
  }
  if (ensembleChanges(document, observed)) {
    throw new KclusterError(
      'conflict',
      `the ensemble of cluster "${project}" has data, and its size can't be changed`,
      {
        hints: hints(
          project,
          'Keep what is there: leave `--zookeepers` and `--observers` out, and `zookeeper.servers` and `zookeeper.observers` of the file as they were.',
        ),
      },
    );
  }
  const orphaned = orphanedBrokerData(document, observed);
  if (orphaned.length > 0) {
    throw new KclusterError(
      'conflict',
      `the data of ${orphaned.join(', ')} is there, but that of ZooKeeper is gone`,
      { hints: hints(project, 'A broker refuses a ZooKeeper that does not know its cluster id.') },
    );
  }
}

/** Brokers can go, once others have what they hold. */
function wayToFewer(
  document: ComposeDocument,
  surplus: readonly string[],
  project: string,
): string {
  if (!surplus.every(isBroker)) return 'Leave the count out to keep what is there.';
  const brokers = Object.keys(document.services).filter(isBroker).length;
  return `Take brokers away, and move what they hold, with \`kcluster scale --brokers ${brokers} --name ${project}\`.`;
}

function isBroker(service: string): boolean {
  return service.startsWith('broker-');
}

function hints(project: string, first: string): string[] {
  return [first, `Begin anew, without the data: \`kcluster down --volumes --name ${project}\`.`];
}

/** Services of nodes, or of data, that the document does not have. */
function surplusServices(document: ComposeDocument, observed: ObservedProject): string[] {
  const wanted = new Set(
    Object.values(document.services).flatMap((service) =>
      (service.volumes ?? []).map((mount) => parseVolume(mount).volume),
    ),
  );
  const nodes = observed.nodes.map(({ service }) => service);
  const data = observed.volumes.filter((volume) => !wanted.has(volume)).map(serviceOfVolume);
  return [...new Set([...nodes, ...data])].filter((service) => !(service in document.services));
}

/** New members could outvote the one that has the data, and begin with an empty tree. */
function ensembleChanges(document: ComposeDocument, observed: ObservedProject): boolean {
  const isZooKeeper = (service: string): boolean => service.startsWith('zookeeper-');
  const wanted = Object.keys(document.services).filter(isZooKeeper).length;
  const there = new Set(observed.volumes.map(serviceOfVolume).filter(isZooKeeper)).size;
  const hasBrokerData = observed.volumes.some((volume) => !isZooKeeper(volume));
  return hasBrokerData && there > 0 && wanted > there;
}

/** `broker-1-data` -> `broker-1`. */
export function serviceOfVolume(volume: string): string {
  return volume.replace(/-[^-]+$/, '');
}
