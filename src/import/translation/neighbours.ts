import { joinedAlias } from '../../topology/layout.js';
import { containerPorts } from '../../topology/ports.js';
import type { Cluster, ComposeContext } from '../context.js';
import { topicsMadeBy } from '../topic-commands.js';
import type { User } from '../users.js';
import { partOf, type Part, type Remark } from './part.js';

/** The name that the specification leaves to its default. */
const clusterName = 'kcluster';

/**
 * The networks of services that stay in the compose file and work with the cluster, and what these services are to
 * write in place of its addresses.
 */
export function neighboursPart(
  context: ComposeContext,
  cluster: Cluster,
  users: readonly User[],
  size: { brokers: number; servers: number },
): Part {
  const staying = users.filter(({ service }) => !isToolOnly(service));
  const names = [...new Set(staying.flatMap((user) => sharedNetworks(context, cluster, user)))];
  const who = listOf(staying.map(({ service }) => service.name));
  return partOf(
    [
      [
        ['listeners', 'networks'],
        names.length > 0 ? names : undefined,
        `Where ${who} ${staying.length === 1 ? 'finds' : 'find'} the brokers, as ${brokersText(size.brokers)}; the network must be there before \`kcluster up\`.`,
      ],
    ],
    users.map(({ service, mentions }): Remark => {
      const common = { rule: 'stays', level: 'note', at: service.at, service } as const;
      if (isToolOnly(service)) {
        return {
          ...common,
          message: 'its topics are declared in kcluster.yaml',
          why: '`kcluster up` makes the topics that are declared.',
          fix: `Take ${service.name} out of the compose file.`,
        };
      }
      return {
        ...common,
        message: 'stays in the compose file, and works with the cluster',
        why: 'kcluster runs brokers and ZooKeepers, and its nodes join the network of those that need them.',
        fix: addressText(mentions, size),
      };
    }),
  );
}

/** Names in a row; of many of them the first ones. */
function listOf(names: readonly string[]): string {
  if (names.length <= 5) return names.join(', ');
  return `${names.slice(0, 3).join(', ')} and ${names.length - 3} others`;
}

/** A service that does nothing but make topics. */
function isToolOnly(service: User['service']): boolean {
  return topicsMadeBy(service).length > 0;
}

/** What Docker calls the networks that a service has in common with the cluster. */
function sharedNetworks({ file }: ComposeContext, cluster: Cluster, { service }: User): string[] {
  const nodes = [...cluster.brokers, ...cluster.servers].map((node) => node.service);
  const keys = [...service.networks.keys()].filter((key) =>
    nodes.some(({ networks }) => networks.has(key)),
  );
  return keys.flatMap((key) => file.networks.get(key)?.name ?? []);
}

function addressText(
  mentions: User['mentions'],
  { brokers, servers }: { brokers: number; servers: number },
): string {
  const addresses = (role: string): string[] =>
    mentions.filter((each) => each.role === role).map(({ address }) => address);
  const places = [
    ...(addresses('broker').length > 0
      ? [`${brokersText(brokers)} in place of ${addresses('broker').join(' and ')}`]
      : []),
    ...(addresses('server').length > 0
      ? [`${serversText(servers)} in place of ${addresses('server').join(' and ')}`]
      : []),
  ];
  const write = places.length > 0 ? `Write ${places.join(', ')}, and take` : 'Take';
  return `${write} its depends_on and links to Kafka and ZooKeeper out. Start it first: its network must be there when \`kcluster up\` joins it.`;
}

function brokersText(count: number): string {
  return listed(
    count,
    (id) => `${joinedAlias(clusterName, `broker-${id}`)}:${containerPorts.joined}`,
  );
}

function serversText(count: number): string {
  return listed(
    count,
    (id) => `${joinedAlias(clusterName, `zookeeper-${id}`)}:${containerPorts.client}`,
  );
}

function listed(count: number, name: (id: number) => string): string {
  return Array.from({ length: count }, (_, index) => name(index + 1)).join(',');
}
