import type { ClusterSpec } from '../spec/schema.js';
import type { Network } from './topology.js';

/** One port of a node that must be free on the host. */
export interface PortSlot {
  /** `zookeeper-1/client`: the key in a PortAssignment. */
  key: string;
  service: string;
  /** Where the port is when ports are fixed. */
  fixed: number;
}

/** Host ports by slot key. */
export type PortAssignment = ReadonlyMap<string, number>;

/** Ports inside a container, where every node has a network stack of its own. */
export const containerPorts = {
  client: 2181,
  quorum: 2888,
  election: 3888,
  host: 9092,
  internal: 29092,
  joined: 29093,
  dockerHost: 9192,
  external: 9292,
} as const;

/**
 * The ports that a cluster takes on the host. On a bridge network these are the published ones; without one,
 * where all nodes share the loopback interface, also those that nodes use among themselves, at the usual
 * distance from the usual ports (2888 and 3888 to 2181, 29092 to 9092). Listeners for other places are 100 and 200 above.
 * @param elsewhere see `layOut`
 */
export function portSlots(spec: ClusterSpec, network: Network, elsewhere = false): PortSlot[] {
  const { zookeeper, kafka, listeners } = spec;
  return [
    ...times(zookeeper.servers + zookeeper.observers).flatMap((index) => {
      const port = zookeeper.port + index;
      const service = `zookeeper-${index + 1}`;
      const client = slot(service, 'client', port);
      if (network === 'bridge') return [client];
      return [
        client,
        slot(service, 'quorum', apart(port, containerPorts.quorum - containerPorts.client)),
        slot(service, 'election', apart(port, containerPorts.election - containerPorts.client)),
      ];
    }),
    ...times(kafka.brokers).flatMap((index) => {
      const service = `broker-${index + 1}`;
      const at = (purpose: keyof typeof containerPorts): PortSlot =>
        slot(service, purpose, apart(kafka.port + index, containerPorts[purpose] - 9092));
      return [
        at('host'),
        ...(network === 'bridge' ? [] : [at('internal')]),
        ...(listeners.dockerHost === undefined ? [] : [at('dockerHost')]),
        ...(listeners.advertise === undefined || elsewhere ? [] : [at('external')]),
      ];
    }),
  ];
}

/** The addresses of the host on which ports are taken: the loopback interface, and those that listeners are asked to bind. */
export function boundAddresses({ listeners: { dockerHost, bind } }: ClusterSpec): string[] {
  return ['127.0.0.1', dockerHost, bind].filter((address) => address !== undefined);
}

/** The assignment when ports are fixed. */
export function fixedPorts(slots: readonly PortSlot[]): Map<string, number> {
  return new Map(slots.map(({ key, fixed }) => [key, fixed]));
}

/** Ports that two slots would share, with both slot keys. */
export function sharedPorts(assignment: PortAssignment): { port: number; keys: string[] }[] {
  const byPort = new Map<number, string[]>();
  for (const [key, port] of assignment) byPort.set(port, [...(byPort.get(port) ?? []), key]);
  return [...byPort].filter(([, keys]) => keys.length > 1).map(([port, keys]) => ({ port, keys }));
}

function slot(service: string, purpose: string, fixed: number): PortSlot {
  return { key: `${service}/${purpose}`, service, fixed };
}

/** `distance` above the port, or as far below when there is no such port. */
function apart(port: number, distance: number): number {
  return port + distance <= 65535 ? port + distance : port - distance;
}

function times(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
