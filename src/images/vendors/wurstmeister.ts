import type { KafkaFamily, ZooKeeperFamily } from '../family.js';
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
import { scriptEnvironment } from '../start-scripts.js';
import {
  asSystemProperty,
  isFileKey,
  jvmLine,
  ownServer,
  settingProblems,
  systemProperties,
} from '../zookeeper-settings.js';

/** Named, since the image's default has the host's name in it: a new container would begin without data. */
const logDirs = '/kafka/data';

/**
 * `wurstmeister/kafka`, https://github.com/wurstmeister/kafka-docker, last built in 2022. At every start it edits
 * its sample file in place with `sed`, so a value must survive being a replacement there, and the sample's other
 * lines stay. The start script and the logs are Kafka's own.
 */
export const wurstmeisterKafka: KafkaFamily = {
  name: 'wurstmeister/kafka',
  role: 'kafka',
  repositories: ['wurstmeister/kafka'],
  volumes: [{ suffix: 'data', target: '/kafka' }],
  words: (setup) => ({
    environment: {
      ...variables(setup, (name) => flatVariable('KAFKA_', name)),
      KAFKA_LOG_DIRS: logDirs,
      ...scriptEnvironment(setup.jvm, 'kafkaServer'),
    },
  }),
  problems: ({ properties, jvm }) => [
    ...hindrances(properties, [
      dottedName,
      nameIsFree(forScripts),
      ...plainLine,
      valueLacks(
        /[@&\\]/,
        'the image edits its file with sed, and `@`, `&` and `\\` are signs there',
      ),
    ]),
    ...(/["/&\\\n]/.test(jvm.heap)
      ? ['KAFKA_HEAP_OPTS: the image edits its start script with sed, and this is no plain text']
      : []),
  ],
};

const forScripts = reserved(
  [
    'create.topics',
    'debug',
    'gc.log.opts',
    'heap.opts',
    'home',
    'jmx.opts',
    'jvm.performance.opts',
    'log',
    'opts',
    'version',
  ],
  'its variable is for the scripts of the image',
);

/** What the sample file of ZooKeeper 3.4 says, and what ZooKeeper takes where it says nothing. */
const fixed: ReadonlyMap<string, string> = new Map([
  ['autopurge.purgeInterval', '1'],
  ['autopurge.snapRetainCount', '3'],
  ['initLimit', '10'],
  ['maxClientCnxns', '60'],
  ['syncLimit', '5'],
  ['tickTime', '2000'],
]);

/**
 * `wurstmeister/zookeeper:latest`, https://github.com/wurstmeister/zookeeper-docker: ZooKeeper 3.4.13 with its
 * sample file, which no variable changes. One server, on 2181.
 */
export const wurstmeisterZooKeeper: ZooKeeperFamily = {
  name: 'wurstmeister/zookeeper',
  role: 'zookeeper',
  repositories: ['wurstmeister/zookeeper'],
  volumes: [{ suffix: 'data', target: '/opt/zookeeper-3.4.13/data' }],
  words: (setup) => ({
    environment: {
      JVMFLAGS: jvmLine(
        setup,
        systemProperties([...setup.settings].filter(([key]) => !isFileKey(key))),
      ),
    },
  }),
  problems: (setup) => {
    const { host, port } = ownServer(setup).client;
    return [
      ...(setup.servers.length > 1 ? ['servers: the image runs one server only'] : []),
      ...(port === 2181 && host === undefined
        ? []
        : ['clientPort: the image serves 2181, on every interface']),
      ...settingProblems(setup, [
        (key, value) => (fixed.get(key) === value ? undefined : asSystemProperty(key, value)),
      ]),
    ];
  },
};
