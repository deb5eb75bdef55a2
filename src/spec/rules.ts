import type { Rule } from './check.js';
import { isKraftVersion } from '../images/kafka-line.js';
import { ownNetwork } from '../topology/places.js';
import { problem } from './check.js';
import type { Problem } from './problem.js';

/** What no value by itself can show. */
export const rules: readonly Rule[] = [
  function oddEnsemble({ zookeeper: { servers, evenEnsemble } }) {
    if (servers % 2 === 1 || evenEnsemble) return [];
    return problem(
      ['zookeeper', 'servers'],
      `an ensemble of ${servers} survives no more failures than one of ${servers - 1}; ` +
        `take ${servers - 1} or ${servers + 1}, or say --even-ensemble (zookeeper.evenEnsemble)`,
    );
  },
  function observersObserve({ zookeeper: { servers, observers } }) {
    if (observers === 0) return [];
    const path = ['zookeeper', 'observers'];
    // A single server runs alone (standaloneEnabled), and takes no learners.
    if (servers === 1) return problem(path, 'one server by itself has no ensemble to observe');
    const all = servers + observers;
    return problem(path, all > 9 ? `with ${servers} servers at most ${9 - servers}` : undefined);
  },
  function portsInRange({ ports, kafka, zookeeper }) {
    if (ports === 'auto') return [];
    return [
      ...beyondLastPort(['kafka', 'port'], kafka.port, kafka.brokers),
      ...beyondLastPort(['zookeeper', 'port'], zookeeper.port, members(zookeeper)),
    ];
  },
  function portsApart({ ports, kafka, zookeeper }) {
    const servers = members(zookeeper);
    const overlap =
      kafka.port < zookeeper.port + servers && zookeeper.port < kafka.port + kafka.brokers;
    if (ports === 'auto' || !overlap) return [];
    return problem(
      ['kafka', 'port'],
      `brokers take ${range(kafka.port, kafka.brokers)} and ZooKeepers ${range(zookeeper.port, servers)}, which overlap`,
    );
  },
  function perBrokerExists({ kafka: { brokers, perBroker } }) {
    return Object.keys(perBroker)
      .filter((id) => Number(id) > brokers)
      .map((id) => ({
        path: ['kafka', 'perBroker', id],
        message: `there is no broker ${id} among ${brokers}`,
        part: 'key' as const,
      }));
  },
  function zooKeeperEra({ kafka: { version } }) {
    return problem(
      ['kafka', 'version'],
      isKraftVersion(version)
        ? `Kafka ${version} has no ZooKeeper mode: 3.9 is the last line that has one`
        : undefined,
    );
  },
  function advertisedIsBound({ listeners: { advertise, bind } }) {
    if (advertise !== undefined && bind === undefined) {
      return problem(
        ['listeners', 'advertise'],
        'needs --bind ADDRESS (listeners.bind), such as 0.0.0.0: nothing listens beyond this machine unless it is asked for',
      );
    }
    if (bind === undefined || advertise !== undefined) return [];
    return problem(
      ['listeners', 'bind'],
      'needs --advertise HOST (listeners.advertise): the name of this machine for its clients',
    );
  },
  function advertisedIsElsewhere({ listeners: { advertise = '', bind = '' } }) {
    // Only programs of this machine come in by a loopback address, and some compare names with "localhost".
    const isOwn = /^(localhost|127\..*)$/.test(advertise) && !bind.startsWith('127.');
    const message = `other machines would take it for themselves; give the name or the address by which they know this one`;
    return problem(
      ['listeners', 'advertise'],
      isOwn || advertise === '0.0.0.0' ? message : undefined,
    );
  },
  function networksOfOthers({ name, listeners: { networks } }) {
    return networks.flatMap((network, index) =>
      problem(['listeners', 'networks', String(index)], unfitToJoin(network, name)),
    );
  },
  function networksOnce({ listeners: { networks } }) {
    return networks.flatMap((network, index) =>
      problem(
        ['listeners', 'networks', String(index)],
        networks.indexOf(network) < index ? `"${network}" is named twice` : undefined,
      ),
    );
  },
  function replicasFit({ topics, kafka: { brokers } }) {
    return Object.entries(topics).flatMap(([name, { replication = 1 }]) =>
      problem(
        ['topics', name, 'replication'],
        replication > brokers
          ? `${replication} replicas need as many brokers, not ${brokers}`
          : undefined,
      ),
    );
  },
];

/** @see Docker's runconfig: its predefined networks, on which containers have no names */
function unfitToJoin(network: string, project: string): string | undefined {
  if (network === ownNetwork(project)) return `"${network}" is the cluster's own network`;
  if (network === 'bridge')
    return 'on the network "bridge" containers have no names; those on it come in by --docker-host ADDRESS (listeners.dockerHost)';
  if (['host', 'none', 'default'].includes(network))
    return `"${network}" is no network that a container can join beside its own`;
  return undefined;
}

function members({ servers, observers }: { servers: number; observers: number }): number {
  return servers + observers;
}

function beyondLastPort(path: string[], first: number, count: number): Problem[] {
  if (first + count - 1 <= 65535) return [];
  return [{ path, message: `${count} ports from ${first} on go beyond 65535` }];
}

function range(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}
