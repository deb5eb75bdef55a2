import { namesOf, type Cluster, type ComposeContext } from './context.js';
import type { Service } from './model.js';
import { startLine } from './start-command.js';

/** An address of a cluster as another service writes it. */
export interface Mention {
  /** `kafka:9092` */
  address: string;
  role: 'broker' | 'server';
}

/** A service that is no part of a cluster but works with it. */
export interface User {
  service: Service;
  mentions: readonly Mention[];
}

/** The services that depend on a cluster, or write an address of it. */
export function usersOf({ others }: ComposeContext, cluster: Cluster): User[] {
  const brokers = cluster.brokers.flatMap(({ service }) => namesOf(service));
  const servers = cluster.servers.flatMap(({ service }) => namesOf(service));
  return others.flatMap((service) => {
    const mentions = [
      ...addressesIn(service, brokers).map((address): Mention => ({ address, role: 'broker' })),
      ...addressesIn(service, servers).map((address): Mention => ({ address, role: 'server' })),
    ];
    const names = [...brokers, ...servers];
    const depends =
      names.some((name) => service.dependsOn.has(name)) ||
      service.links.some(({ value }) => names.includes(value.split(':')[0]!));
    return mentions.length > 0 || depends ? [{ service, mentions }] : [];
  });
}

function addressesIn(service: Service, hosts: readonly string[]): string[] {
  const texts = [...service.environment.values()].map(({ value }) => value);
  const found = [...texts, startLine(service)].flatMap((text) =>
    [...text.matchAll(/(?<![\w.-])([\w.-]+):(\d{2,5})(?!\d)/g)]
      .filter(([, host = '']) => hosts.includes(host))
      .map(([address]) => address),
  );
  return [...new Set(found)];
}
