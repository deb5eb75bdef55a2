import type { BrokerSetup, KafkaFamily, ZooKeeperFamily, ZooKeeperSetup } from '../family.js';
import {
  dottedName,
  flatVariable,
  hindrances,
  nameIsFree,
  plainLine,
  reserved,
  valueLacks,
  variables,
} from '../properties.js';
import {
  asSystemProperty,
  countedIds,
  isFileKey,
  jvmLine,
  settingProblems,
  systemProperties,
} from '../zookeeper-settings.js';

/**
 * `quay.io/debezium/kafka` up to 3.1, https://github.com/debezium/container-images. It keeps the data in
 * /kafka/data/ID whatever it is told, and takes the id and ZooKeeper's address from variables of its own. It edits
 * its sample file in place with `sed`, after splitting the whole environment at white space. Its HEAP_OPTS has no
 * effect (it looks for a line of the start script where there is none), Kafka's KAFKA_HEAP_OPTS has.
 */
export const debeziumKafka: KafkaFamily = {
  name: 'debezium/kafka',
  role: 'kafka',
  repositories: ['debezium/kafka'],
  volumes: [{ suffix: 'data', target: '/kafka/data' }],
  words: (setup) => ({
    environment: {
      ...variables(setup, variable),
      // Versions before 1.7 know only the second; 1.7 takes neither for broker.id, which KAFKA_BROKER_ID says.
      NODE_ID: String(setup.id),
      BROKER_ID: String(setup.id),
      KAFKA_HEAP_OPTS: setup.jvm.heap,
      KAFKA_JVM_PERFORMANCE_OPTS: setup.jvm.options,
    },
  }),
  problems: (setup) => [
    ...hindrances(setup.properties, [
      dottedName,
      nameIsFree(refused),
      ...plainLine,
      valueLacks(
        /[%&\\]/,
        'the image edits its file with sed, and `%`, `&` and `\\` are signs there',
      ),
      valueLacks(
        /^[^ \t\n]*=/,
        'the image takes what is in front of a `=` of the first word for the name',
      ),
      valueLacks(/[ \t\n]KAFKA_/, 'the image takes a word that begins with KAFKA_ for a variable'),
    ]),
    ...idProblems(setup),
    ...jvmProblems(setup),
  ],
};

function variable(name: string): string {
  return name === 'zookeeper.connect' ? 'ZOOKEEPER_CONNECT' : flatVariable('KAFKA_', name);
}

const refused = {
  ...reserved(
    ['advertised.host.name', 'advertised.port', 'host.name', 'port'],
    'the image drops it for listeners',
  ),
  ...reserved(
    [
      'data',
      'heap.opts',
      'home',
      'jmx.opts',
      'jvm.performance.opts',
      'log4j.opts',
      'url.path',
      'version',
    ],
    'its variable is for the scripts of the image',
  ),
};

function idProblems({ id, properties }: BrokerSetup): string[] {
  return ['broker.id', 'node.id'].flatMap((name) =>
    [String(id), undefined].includes(properties.get(name))
      ? []
      : [`${name}: the image takes the id ${id} for it`],
  );
}

/** Its variables become lines of the file too, by the same `sed`; nothing reads them there. */
function jvmProblems({ jvm }: BrokerSetup): string[] {
  return Object.entries({
    KAFKA_HEAP_OPTS: jvm.heap,
    KAFKA_JVM_PERFORMANCE_OPTS: jvm.options,
  }).flatMap(([name, value]) =>
    /[%\\\n]/.test(value)
      ? [`${name}: the image edits its file with sed, and this is no plain text`]
      : [],
  );
}

/** What its zoo.cfg says, and what ZooKeeper takes where it says nothing. */
const fixed: ReadonlyMap<string, string> = new Map([
  ['autopurge.purgeInterval', '1'],
  ['autopurge.snapRetainCount', '3'],
  ['initLimit', '10'],
  ['maxClientCnxns', '60'],
  ['syncLimit', '5'],
  ['tickTime', '2000'],
]);

/**
 * `quay.io/debezium/zookeeper` up to 3.2. It knows its peers as zookeeper-1, zookeeper-2 and so on, at the usual
 * ports, and no variable changes its file.
 */
export const debeziumZooKeeper: ZooKeeperFamily = {
  name: 'debezium/zookeeper',
  role: 'zookeeper',
  repositories: ['debezium/zookeeper'],
  volumes: [
    { suffix: 'data', target: '/zookeeper/data' },
    { suffix: 'datalog', target: '/zookeeper/txns' },
  ],
  words: (setup) => ({
    environment: {
      SERVER_ID: String(setup.id),
      SERVER_COUNT: String(setup.servers.length),
      JVMFLAGS: jvmLine(
        setup,
        systemProperties([...setup.settings].filter(([key]) => !isFileKey(key))),
      ),
    },
  }),
  problems: (setup) => [
    ...countedIds(setup),
    ...serverProblems(setup),
    ...settingProblems(setup, [
      (key, value) => (fixed.get(key) === value ? undefined : asSystemProperty(key, value)),
    ]),
  ],
};

function serverProblems({ servers }: ZooKeeperSetup): string[] {
  const several = servers.length > 1;
  return servers.flatMap((server) => {
    const { id, host, quorumPort, electionPort, client, observer } = server;
    const differs = [
      client.port !== 2181 && 'the client port 2181',
      client.host !== undefined && 'every interface for clients',
      several && host !== `zookeeper-${id}` && `the host zookeeper-${id}`,
      several && (quorumPort !== 2888 || electionPort !== 3888) && 'the ports 2888 and 3888',
      several && observer && 'no observers',
    ].filter((what) => what !== false);
    return differs.map((what) => `server.${id}: the image has ${what}`);
  });
}
