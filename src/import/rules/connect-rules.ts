import { debeziumBroker, unknownBroker } from '../broker-dialects.js';
import type { Broker } from '../broker.js';
import { mayHaveMore, namesOf, serverAt, type ComposeContext } from '../context.js';
import { eachBroker, type Problem, type Rules } from '../finding.js';
import { isLoopback } from '../../topology/address.js';
import type { Server } from '../server.js';

/** Whether a broker finds its ZooKeeper. */
export const connectRules: Rules = {
  'zookeeper-connect-missing': eachBroker(({ connect, dialect, service }, { servers }) => {
    if (connect || mayHaveMore(service)) return [];
    const variable = dialect.variable('zookeeper.connect');
    const [server] = servers;
    const address = server
      ? `${server.service.name}:${server.clientPort ?? 2181}`
      : 'zookeeper:2181';
    return [
      {
        // An image that nobody knows may have a ZooKeeper of its own.
        level: dialect === unknownBroker ? 'warning' : 'error',
        at: service.at,
        service,
        message: `${variable} is missing`,
        why:
          dialect === debeziumBroker
            ? 'The image looks for ZooKeeper at 0.0.0.0:2181, which is the container itself.'
            : 'Without it the broker has no ZooKeeper to ask, and ends.',
        fix: `Add ${variable}: ${address}.`,
      },
    ];
  }),
  'zookeeper-connect': eachBroker((broker, context) => {
    const { connect } = broker;
    if (!connect) return [];
    return connect.servers.flatMap((each) => addressProblem(each, broker, context));
  }),
  'zookeeper-connect-root': eachBroker(({ connect, service }) => {
    if (!connect || connect.chroot === '' || connect.chroot === '/') return [];
    const isInMiddle = connect.chroot.includes(',');
    return [
      {
        level: isInMiddle ? 'error' : 'note',
        at: connect.at,
        service,
        message: isInMiddle
          ? `"${connect.chroot}" is taken for one root`
          : `everything is kept below ${connect.chroot}`,
        why: isInMiddle
          ? 'The root stands once, behind the last server; all behind the first "/" is taken for its name.'
          : 'Clients and tools that go to ZooKeeper must name the same root.',
        fix: isInMiddle
          ? 'Write the servers with commas between, and the root behind the last one.'
          : 'Leave it out where nothing else uses this ZooKeeper.',
      },
    ];
  }),
};

interface Address {
  host: string;
  port: number;
}

function addressProblem(address: Address, broker: Broker, context: ComposeContext): Problem[] {
  const { host } = address;
  const { service } = broker;
  const server = serverAt(context.servers, host);
  if (server) return portProblem(address, broker, server);
  if (isLoopback(host)) {
    if (service.networkMode?.value === 'host') return [];
    return wrong(
      broker,
      `${host}:${address.port} is the broker's own container`,
      'In a container localhost is the container itself, and ZooKeeper is in another one.',
      rightly(context),
    );
  }
  // Something outside of the file.
  if (/[.:]/.test(host) || service.extraHosts.includes(host)) return [];
  const other = context.file.services.find((each) => namesOf(each).includes(host));
  if (other === service) return [];
  return wrong(
    broker,
    other ? `${host} is no ZooKeeper` : `there is no service ${host || '""'}`,
    waits,
    rightly(context),
  );
}

function portProblem({ host, port }: Address, broker: Broker, server: Server): Problem[] {
  const { clientPort, securePort, service } = server;
  if (clientPort === undefined || [clientPort, securePort].includes(port)) return [];
  const isPublished = service.ports.some((each) => each.host === port);
  return wrong(
    broker,
    `${host} serves clients on ${clientPort}, not on ${port}`,
    isPublished ? `${port} is its port on the host; other containers use the one inside.` : waits,
    `Write ${host}:${clientPort}.`,
  );
}

const waits = 'The broker waits for ZooKeeper until its time is out, and ends.';

function rightly({ servers }: ComposeContext): string {
  const [first] = servers;
  if (!first) return 'Add a ZooKeeper to the file.';
  return `Write ${first.service.name}:${first.clientPort ?? 2181}.`;
}

function wrong({ connect, service }: Broker, message: string, why: string, fix: string): Problem[] {
  return [{ level: 'error', at: connect!.at, service, message, why, fix }];
}
