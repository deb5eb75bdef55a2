import { eachNode, type Problem, type Rules } from '../finding.js';
import type { PublishedPort } from '../model.js';
import { isWildcard } from '../listener.js';

/** Published ports and names that there can be only once. */
export const portRules: Rules = {
  'port-taken': ({ file, brokers, servers }) => {
    const nodes = new Set([...brokers, ...servers].map(({ service }) => service));
    const all = file.services.flatMap((service) =>
      service.ports.map((port) => ({ service, port })),
    );
    return all.flatMap(({ service, port }, index): Problem[] => {
      const other = all.slice(0, index).find((each) => collide(each.port, port));
      if (!other || !(nodes.has(service) || nodes.has(other.service))) return [];
      return [
        {
          level: 'error',
          at: port.at,
          service,
          message: `port ${port.host} of the host is ${other.service === service ? 'here twice' : `that of ${other.service.name} too`}`,
          why: 'A port can be published once; the second container does not start.',
          fix: 'Publish another port of the host.',
        },
      ];
    });
  },
  'port-public': eachNode(({ service }) => {
    const open = service.ports.filter(({ hostIp }) => hostIp === undefined || isWildcard(hostIp));
    const [first] = open;
    if (!first || service.networkMode?.value === 'host') return [];
    const ports = open.map(({ host, container }) => host ?? container);
    return [
      {
        level: 'warning',
        at: first.at,
        service,
        message: `${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')} ${ports.length === 1 ? 'is' : 'are'} open to every network of this machine`,
        why: 'A published port is bound to all interfaces, past most firewalls, and nobody is asked for a password here.',
        fix: `Publish "127.0.0.1:${first.host ?? first.container}:${first.container}".`,
      },
    ];
  }),
  'scaled-once': eachNode(({ service }) => {
    const count = service.replicas?.value ?? 1;
    const fixed = service.ports.find(({ host }) => host !== undefined);
    const once = [
      ...(fixed ? [{ what: `port ${fixed.host} of the host`, at: fixed.at }] : []),
      ...(service.containerName ? [{ what: 'container_name', at: service.containerName.at }] : []),
    ];
    if (count < 2) return [];
    return once.map(({ what, at }) => ({
      level: 'error',
      at,
      service,
      message: `${what} is there once, and the service ${count} times`,
      why: 'Only the first container gets it; the second one does not start.',
      fix: 'Leave it out, or write a service for each node.',
    }));
  }),
};

function collide(a: PublishedPort, b: PublishedPort): boolean {
  if (a.host === undefined || a.host !== b.host || a.protocol !== b.protocol) return false;
  return covers(a, b) || covers(b, a);
}

/** Whether an address takes in another one. */
function covers({ hostIp: a }: PublishedPort, { hostIp: b }: PublishedPort): boolean {
  return a === undefined || isWildcard(a) || a === b;
}
