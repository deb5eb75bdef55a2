import { placeOf, type Broker } from '../broker.js';
import { clusterOf, namesOf, sizeOf, type ComposeContext } from '../context.js';
import { eachBroker, type Problem, type Rules } from '../finding.js';
import type { Listener } from '../listener.js';
import { boundPort, listenerPorts, reachOf } from '../reach.js';
import { usersOf } from '../users.js';

/** Whether clients get to a broker at what it advertises. */
export const addressRules: Rules = {
  'advertised-localhost': eachBroker((broker, context) => {
    const { service, advertised } = broker;
    const reaches = advertised.map((each) => reachOf(each, broker, context));
    if (reaches.length === 0 || !reaches.every((each) => each === 'loopback')) return [];
    const cluster = clusterOf(context, broker);
    const [user] = usersOf(context, cluster);
    const isNeeded = sizeOf(cluster) > 1 || user !== undefined;
    const { host, port } = advertised[0]!;
    const who =
      sizeOf(cluster) > 1
        ? ' The brokers themselves are such clients of one another.'
        : user
          ? ` ${user.service.name} is such a client.`
          : '';
    return [
      {
        level: isNeeded ? 'error' : 'warning',
        at: advertisedAt(broker),
        service,
        message: `only ${host} is advertised: other containers can't connect`,
        why: `A client that asks where the broker is gets the answer ${host}:${port}, and in another container that is the container itself.${who}`,
        fix: `Have two listeners: ${twoListeners(broker, port)}.`,
      },
    ];
  }),
  'advertised-inside-only': eachBroker((broker, context) => {
    const { service, advertised } = broker;
    const [published] = listenerPorts(broker);
    const reaches = advertised.map((each) => reachOf(each, broker, context));
    const isInside = reaches.every((each) => each === 'inside' || each === 'other');
    if (!published || advertised.length === 0 || !isInside) return [];
    const { host, port } = advertised.at(-1)!;
    return [
      {
        level: 'warning',
        at: advertisedAt(broker),
        service,
        message: `port ${published.host ?? published.container} is published, but nothing is advertised for the host`,
        why: `A client on the host gets in by the published port, is told to go on at ${host}:${port}, and does not know that name.`,
        fix: `Have two listeners: ${twoListeners(broker, published.host ?? 9092)}.`,
      },
    ];
  }),
  /** KafkaConfig's validateValues. */
  'advertised-wildcard': eachBroker((broker, context) =>
    withReach(broker, context, 'wildcard').map(({ host, name, port }) => ({
      level: 'error',
      at: advertisedAt(broker),
      service: broker.service,
      message: `${host} is advertised: Kafka does not start`,
      why: `${host} means every interface of this machine, and is no place that a client could go to.`,
      fix: `Advertise ${name}://localhost:${port} for the host, or ${name}://${broker.service.name}:${port} for other containers.`,
    })),
  ),
  'advertised-port': eachBroker((broker, context) => {
    const { service, advertised, count } = broker;
    if (service.networkMode || count > 1) return [];
    const forHost = [
      ...withReach(broker, context, 'loopback'),
      ...withReach(broker, context, 'docker-host'),
    ];
    const isHostOnly = forHost.length === advertised.length;
    return forHost.flatMap((each) => portProblem(each, broker, isHostOnly));
  }),
  'advertised-host': eachBroker((broker, context) =>
    withReach(broker, context, 'unknown').map(({ host }) => {
      const isOwn = broker.service.hostname?.value === host;
      return {
        level: 'warning',
        at: advertisedAt(broker),
        service: broker.service,
        message: `${host} is advertised, and no container has that name`,
        why: isOwn
          ? 'A hostname is known in its own container only; others know a service by its name, its container_name and its aliases.'
          : 'Clients are told to go to a name that nothing in this file has.',
        fix: `Advertise ${broker.service.name}, or make ${host} an alias of the service in its network.`,
      };
    }),
  ),
  'advertised-other': eachBroker((broker, context) =>
    withReach(broker, context, 'other').map(({ host }) => ({
      level: 'error',
      at: advertisedAt(broker),
      service: broker.service,
      message: `${host} is advertised, which is another service`,
      why: 'Clients and brokers that look for this broker would end up there.',
      fix: `Advertise ${broker.service.name} in its place.`,
    })),
  ),
  'advertised-twice': eachBroker((broker, context) => {
    const { brokers } = clusterOf(context, broker);
    const earlier = brokers.slice(0, brokers.indexOf(broker));
    const taken = (host: string, port: number): Broker | undefined =>
      earlier.find((each) =>
        each.advertised.some((other) => other.host === host && other.port === port),
      );
    return broker.advertised.flatMap(({ host, port, name }): Problem[] => {
      const other = host === '' ? undefined : taken(host, port);
      const isCopy = broker.count > 1 && !/[{%]/.test(host) && host !== '';
      if (!other && !isCopy) return [];
      return [
        {
          level: 'error',
          at: advertisedAt(broker),
          service: broker.service,
          message: other
            ? `${host}:${port} is advertised by ${other.service.name} too`
            : `${broker.count} brokers of one service advertise the same ${host}:${port}`,
          why: 'Kafka refuses a broker at an address that another one has registered, and clients could not tell them apart.',
          fix: other
            ? `Give listener ${name} a port of its own.`
            : 'Write a service for each broker, with an id, ports and addresses of its own.',
        },
      ];
    });
  }),
};

function advertisedAt(broker: Broker): Problem['at'] {
  return placeOf(broker, 'advertised.listeners', 'advertised.host.name', 'listeners');
}

function withReach(broker: Broker, context: ComposeContext, reach: string): Listener[] {
  return broker.advertised.filter((each) => reachOf(each, broker, context) === reach);
}

/** What a broker needs for clients in containers and on the host, as variables. */
function twoListeners({ dialect, service }: Broker, hostPort: number): string {
  const [name = service.name] = namesOf(service);
  const values = [
    ['listeners', 'INTERNAL://:29092,HOST://:9092'],
    ['advertised.listeners', `INTERNAL://${name}:29092,HOST://localhost:${hostPort}`],
    ['listener.security.protocol.map', 'INTERNAL:PLAINTEXT,HOST:PLAINTEXT'],
    ['inter.broker.listener.name', 'INTERNAL'],
  ] as const;
  return values.map(([property, value]) => `${dialect.variable(property)}: ${value}`).join('; ');
}

/** Whether the host's port that is advertised leads to the listener. */
function portProblem(listener: Listener, broker: Broker, isHostOnly: boolean): Problem[] {
  const { host, port } = listener;
  const { service } = broker;
  const bound = boundPort(listener, broker);
  const problem = (message: string, fix: string, at: Problem['at']): Problem[] => [
    {
      level: isHostOnly || listenerPorts(broker).length > 0 ? 'error' : 'warning',
      at,
      service,
      message,
      why: `A client on the host may get in some other way, but is told to go on at ${host}:${port}.`,
      fix,
    },
  ];
  const published = service.ports.find((each) => each.host === port && each.protocol === 'tcp');
  if (published?.container === bound) return [];
  if (published) {
    return problem(
      `port ${port} of the host leads to ${published.container}, and the listener is at ${bound}`,
      `Publish "${port}:${bound}".`,
      published.at,
    );
  }
  const elsewhere = service.ports.find((each) => each.container === bound);
  if (elsewhere) {
    return problem(
      `${host}:${port} is advertised, but the host has it at ${elsewhere.host ?? 'any free port'}`,
      `Publish "${port}:${bound}", or advertise the port that is published.`,
      elsewhere.at,
    );
  }
  return problem(
    `${host}:${port} is advertised, but port ${port} is not published`,
    `Publish "${port}:${bound}" under ports.`,
    advertisedAt(broker),
  );
}
