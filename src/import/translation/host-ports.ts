import type { Cluster, ComposeContext } from '../context.js';
import { boundPort, listenerPorts, reachOf } from '../reach.js';
import type { Server } from '../server.js';
import { changed, partOf, type Part, type Remark } from './part.js';
import type { Unit } from './units.js';

/** Where clients on the host find brokers and ZooKeepers. */
export function portsPart(
  context: ComposeContext,
  { servers }: Cluster,
  units: readonly Unit[],
): Part {
  const brokerPorts = units.map((unit) => brokerPort(unit, context));
  const serverPorts = servers.map(serverPort);
  const isAny = units.some(
    ({ broker }, index) => brokerPorts[index] === undefined && listenerPorts(broker).length > 0,
  );
  return partOf(
    [
      [
        ['ports'],
        isAny ? 'auto' : undefined,
        isAny ? 'The compose file takes any free port of the host.' : undefined,
      ],
      [['kafka', 'port'], isAny ? undefined : brokerPorts[0]],
      [['zookeeper', 'port'], isAny ? undefined : serverPorts[0]],
    ],
    isAny
      ? []
      : [
          ...movedPorts(
            brokerPorts,
            units.map(({ broker }) => broker.service),
          ),
          ...movedPorts(
            serverPorts,
            servers.map(({ service }) => service),
          ),
        ],
  );
}

/** The published port of a listener for the host, and where there is none, of any listener. */
function brokerPort({ broker }: Unit, context: ComposeContext): number | undefined {
  const forHost = broker.advertised.filter((each) =>
    ['loopback', 'open', 'outside', 'docker-host'].includes(reachOf(each, broker, context)),
  );
  const ports = listenerPorts(broker);
  const own = forHost.flatMap((each) =>
    ports.filter(({ container }) => container === boundPort(each, broker)),
  );
  return [...own, ...ports].find(({ host }) => host !== undefined)?.host;
}

function serverPort({ service, clientPort }: Server): number | undefined {
  return service.ports.find(({ container, host }) => container === clientPort && host !== undefined)
    ?.host;
}

/** kcluster counts up from the first port. */
function movedPorts(
  ports: readonly (number | undefined)[],
  services: readonly Remark['service'][],
): Remark[] {
  const [first] = ports;
  if (first === undefined) return [];
  return ports.flatMap((port, index) => {
    const service = services[index]!;
    const next = first + index;
    if (port === undefined || port === next) return [];
    const at = service.ports.find(({ host }) => host === port)?.at ?? service.at;
    return [
      changed({
        at,
        service,
        message: `port ${port} of the host becomes ${next}`,
        why: `kcluster counts up from the first port, ${first}.`,
        fix: `Point clients to localhost:${next}.`,
      }),
    ];
  });
}
