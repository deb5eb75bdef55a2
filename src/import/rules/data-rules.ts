import type { Broker } from '../broker.js';
import type { Cluster } from '../context.js';
import { eachBroker, eachNode, eachServer, type Problem, type Rules } from '../finding.js';
import { isMeantForData, keptBroker, keptBy, mountOf, movesWithContainer } from '../kept.js';
import { confluentServer } from '../server-dialects.js';
import { isOfficial } from '../server.js';

/** Whether data is there again after `down` and `up`. */
export const dataRules: Rules = {
  /** start-kafka.sh: log.dirs is /kafka/kafka-logs-$HOSTNAME, and the hostname is the id of the container. */
  'data-moves': eachBroker((broker) => {
    const mount = mountOf(broker);
    if (!movesWithContainer(broker) || !mount) return [];
    return [
      {
        level: 'warning',
        at: mount.at,
        service: broker.service,
        message:
          'the data is not found again: its directory has the id of the container in its name',
        why: 'KAFKA_LOG_DIRS is missing, so each new container begins empty and with a new broker id, while ZooKeeper has the partitions with the old one: topics without leaders, and records lost.',
        fix: 'Add KAFKA_LOG_DIRS: /kafka/data and KAFKA_BROKER_ID: 1.',
      },
    ];
  }),
  'data-elsewhere': eachNode((node) => {
    const { service, dataDirs } = node;
    const [meant] = service.mounts.filter(isMeantForData);
    const [dir] = dataDirs;
    if (!meant || !dir || mountOf(node)) return [];
    return [
      {
        level: 'warning',
        at: meant.at,
        service,
        message: `the data in ${dir} is on no volume`,
        why: `The mount is at ${meant.target}, and what is written to ${dir} goes with the container.`,
        fix: `Mount it at ${dir}${'listeners' in node ? `, or set ${node.dialect.variable('log.dirs')} to a directory below ${meant.target}` : ''}.`,
      },
    ];
  }),
  'data-log-elsewhere': eachServer(({ service, dataDirs }) => {
    const [data, log] = dataDirs;
    const mount = data === undefined ? undefined : keptBy(service, data);
    if (!mount || log === undefined || keptBy(service, log)) return [];
    return [
      {
        level: 'warning',
        at: mount.at,
        service,
        message: `${data} is kept, and the log of transactions in ${log} is not`,
        why: 'What was written since the last snapshot is lost with the container, and a snapshot without its log may not be read at all.',
        fix: `Mount a volume at ${log} too.`,
      },
    ];
  }),
  'data-half-kept': ({ clusters }) => clusters.flatMap(halfKept),
  'data-pair': ({ clusters }) =>
    clusters.flatMap(({ brokers, servers }): Problem[] => {
      const broker = brokers.find((each) => mountOf(each)?.kind === 'bind');
      const server = servers.find((each) => mountOf(each));
      if (!broker || !server) return [];
      return [
        {
          level: 'note',
          at: mountOf(broker)!.at,
          service: broker.service,
          message: `the data of ${server.service.name} and ${broker.service.name} lives and dies as a pair`,
          why: 'Kafka does not start on the data of one that has lost the other: InconsistentClusterIdException.',
          fix: 'Delete both or none; `kcluster down --volumes` does.',
        },
      ];
    }),
  'data-shared': ({ brokers, servers }) => {
    const seen = new Map<string, string>();
    return [...brokers, ...servers].flatMap((node): Problem[] => {
      const mount = mountOf(node);
      if (!mount?.source) return [];
      const { service } = node;
      const key = `${mount.source}\0${mount.target}`;
      const other = seen.get(key);
      seen.set(key, service.name);
      const copies = service.replicas?.value ?? 1;
      if (other === undefined && copies < 2) return [];
      return [
        {
          level: 'error',
          at: mount.at,
          service,
          message:
            other === undefined
              ? `${copies} copies of one service share ${mount.source}`
              : `${mount.source} is the data of ${other} too`,
          why: 'Every node needs a directory of its own; the second one finds it locked, or spoils it.',
          fix: 'Give each node a volume of its own.',
        },
      ];
    });
  },
  'data-owner': eachNode((node) => {
    const mount = mountOf(node);
    if (mount?.kind !== 'bind') return [];
    return [
      {
        level: 'note',
        at: mount.at,
        service: node.service,
        message: `${mount.source} becomes the property of another user`,
        why: 'Docker makes a missing directory as root, and the image takes it over or can not write to it; on Linux you need root to remove it.',
        fix: 'Take a named volume.',
      },
    ];
  }),
  'snapshots-pile-up': eachServer(({ service, dialect, settings, dataDirs }) => {
    const interval = settings.get('autopurge.purgeInterval');
    const isOff = interval === undefined || interval.value === '0';
    const mount = dataDirs.map((dir) => keptBy(service, dir)).find(Boolean);
    if (!isOff || !mount || !dialect.keepsSnapshots) return [];
    const names: Record<string, string> = {
      [confluentServer.name]: 'ZOOKEEPER_AUTOPURGE_PURGE_INTERVAL',
      'bitnami/zookeeper': 'ZOO_AUTOPURGE_INTERVAL',
    };
    const variable = isOfficial(dialect) ? 'ZOO_AUTOPURGE_PURGEINTERVAL' : names[dialect.name];
    return [
      {
        level: 'warning',
        at: interval?.at ?? service.at,
        service,
        message: 'old snapshots and logs of ZooKeeper are kept for ever',
        why: 'Autopurge is off unless it is asked for, and the volume grows until the disk is full.',
        fix: variable ? `Add ${variable}: 1.` : 'Set autopurge.purgeInterval=1.',
      },
    ];
  }),
  'stop-grace-period': eachBroker((broker) => {
    const { service } = broker;
    const said = service.stopGracePeriod;
    if (said && said.value >= 30) return [];
    return [
      {
        level: keptBroker(broker) ? 'warning' : 'note',
        at: said?.at ?? service.at,
        service,
        message: `Kafka has ${said?.value ?? 10} seconds to stop, and is killed then`,
        why: 'A broker hands over its partitions and closes its logs before it ends; one that is killed reads all of them again at its next start, and stays registered in ZooKeeper until its session is over.',
        fix: 'Add stop_grace_period: 60s.',
      },
    ];
  }),
};

function halfKept({ brokers, servers }: Cluster): Problem[] {
  if (servers.length === 0 || brokers.length === 0) return [];
  // A mount that was meant to keep has a rule of its own.
  const isMeant = (node: Broker): boolean => node.service.mounts.some(isMeantForData);
  const broker = brokers.find((each) => keptBroker(each));
  const server = servers.find((each) => mountOf(each));
  const lostServer = servers.find((each) => !mountOf(each));
  if (broker && lostServer && !server) {
    return [
      {
        level: 'warning',
        at: keptBroker(broker)!.at,
        service: broker.service,
        message: `the data of ${broker.service.name} is kept, that of ${lostServer.service.name} is not`,
        why: 'After `down` and `up` Kafka finds a ZooKeeper without its cluster id, and ends with InconsistentClusterIdException.',
        fix: `Keep ${lostServer.dataDirs.join(' and ')} of ${lostServer.service.name} too, or neither.`,
      },
    ];
  }
  const lost = brokers.find((each) => !keptBroker(each) && !isMeant(each));
  if (!server || !lost || broker) return [];
  return [
    {
      level: 'warning',
      at: mountOf(server)!.at,
      service: server.service,
      message: `the data of ${server.service.name} is kept, that of ${lost.service.name} is not`,
      why: 'ZooKeeper remembers topics whose records are gone; their partitions have no leader, or are empty.',
      fix: `Keep ${lost.dataDirs.join(' and ')} of ${lost.service.name} too, or neither.`,
    },
  ];
}
