import type { ClusterImages } from '../compose/render.js';
import type { Problem } from '../spec/problem.js';
import type { ClusterSpec } from '../spec/schema.js';
import { KclusterError } from '../errors.js';
import { imagePair, type ImagePair } from './families.js';
import type { BrokerSetup, ImageFamily, ZooKeeperSetup } from './family.js';

const zookeeperVolumes = [
  { suffix: 'data', target: '/data' },
  { suffix: 'datalog', target: '/datalog' },
];
const official: ImageFamily<ZooKeeperSetup> = {
  name: 'zookeeper',
  role: 'zookeeper',
  repositories: ['zookeeper'],
  volumes: zookeeperVolumes,
  problems: () => [],
  words: ({ id, servers, settings, jvm }) => {
    const known: Record<string, string> = {
      '4lw.commands.whitelist': 'ZOO_4LW_COMMANDS_WHITELIST',
      'admin.enableServer': 'ZOO_ADMINSERVER_ENABLED',
      'autopurge.purgeInterval': 'ZOO_AUTOPURGE_PURGEINTERVAL',
      maxClientCnxns: 'ZOO_MAX_CLIENT_CNXNS',
      tickTime: 'ZOO_TICK_TIME',
    };
    const entries = [...settings];
    const extra = entries
      .filter(([key]) => !known[key])
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
    return {
      environment: {
        ...Object.fromEntries(
          entries.flatMap(([key, value]) => (known[key] ? [[known[key], value]] : [])),
        ),
        JVMFLAGS: `${jvm.heap} ${jvm.options}`,
        ZOO_MY_ID: String(id),
        ZOO_SERVERS: servers
          .map(
            (s) =>
              `server.${s.id}=${s.host}:${s.quorumPort}:${s.electionPort}${s.observer ? ':observer' : ''};${s.client.host === undefined ? '' : `${s.client.host}:`}${s.client.port}`,
          )
          .join(' '),
        ...(extra === '' ? {} : { ZOO_CFG_EXTRA: extra }),
      },
    };
  },
};
const cp: ImageFamily<BrokerSetup> = {
  name: 'cp',
  role: 'kafka',
  repositories: ['cp'],
  volumes: [{ suffix: 'data', target: '/var/lib/kafka/data' }],
  problems: () => [],
  words: ({ properties, jvm }) => ({
    environment: {
      ...Object.fromEntries(
        [...properties].map(([key, value]) => [
          `KAFKA_${key.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`,
          value,
        ]),
      ),
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_HEAP_OPTS: jvm.heap,
      KAFKA_JVM_PERFORMANCE_OPTS: jvm.options,
    },
  }),
};

/** The images of a specification, and what is wrong with them. */
export function clusterImages(spec: ClusterSpec): { images: ClusterImages; problems: Problem[] } {
  const { pair, problems } = pairOf(spec);
  return {
    problems,
    images: {
      zookeeper: { image: spec.zookeeper.image ?? pair.zookeeper.image, family: official },
      kafka: { image: spec.kafka.image ?? pair.kafka.image, family: cp },
    },
  };
}

function pairOf({ images, kafka }: ClusterSpec): { pair: ImagePair; problems: Problem[] } {
  const choice = images === 'local' ? 'local' : 'published';
  try {
    return { pair: imagePair(choice, kafka.version), problems: [] };
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    const message = [error.message, ...error.hints].join('; ');
    return { pair: imagePair(choice), problems: [{ path: ['kafka', 'version'], message }] };
  }
}
