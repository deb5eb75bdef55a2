import { propertiesText } from '../environment.js';
import type { KafkaFamily, ZooKeeperFamily, ZooKeeperSetup } from '../family.js';
import { hindrances, noNul } from '../properties.js';
import { overrideHindrances, scriptEnvironment, startCommand } from '../start-scripts.js';
import { serverLine, settingProblems, usualLimits } from '../zookeeper-settings.js';

/**
 * The home of the images' user 1001, the one directory that belongs to it. A volume there takes over its owner; on
 * a path that the image lacks it would belong to root. The data is a directory below: the home has files of its own.
 */
const volume = '/home/kafka';
const data = `${volume}/data`;

const repositories = ['strimzi/kafka'];
const volumes = [{ suffix: 'data', target: volume }];

/**
 * `quay.io/strimzi/kafka` as a broker, https://github.com/strimzi/strimzi-kafka-operator. The image is Kafka's
 * distribution in /opt/kafka with no entry point and no command of its own; the scripts of the operator need its
 * files and are not used.
 */
export const strimziKafka: KafkaFamily = {
  name: 'strimzi/kafka',
  role: 'kafka',
  repositories,
  volumes,
  words: (setup) => ({
    environment: scriptEnvironment(setup.jvm, 'kafkaServer'),
    command: startCommand(setup, data),
  }),
  problems: ({ properties }) => hindrances(properties, overrideHindrances),
};

/**
 * ZooKeeper wants a file, and the image has nothing that makes one. The text of the script is fixed: what goes into
 * the files comes by the environment, through `printenv`, and no `$` is there for Compose to replace.
 */
const script = [
  `mkdir -p ${data}`,
  `printenv ZOO_MY_ID > ${data}/myid`,
  'printenv ZOO_CFG > /tmp/zoo.cfg',
  'exec /opt/kafka/bin/zookeeper-server-start.sh /tmp/zoo.cfg',
].join(' && ');

/** The same image as a ZooKeeper: Kafka's distribution has one. */
export const strimziZooKeeper: ZooKeeperFamily = {
  name: 'strimzi/kafka as ZooKeeper',
  role: 'zookeeper',
  repositories,
  volumes,
  words: (setup) => ({
    environment: {
      ZOO_MY_ID: String(setup.id),
      ZOO_CFG: configuration(setup),
      ...scriptEnvironment(setup.jvm, 'zookeeper'),
    },
    command: ['sh', '-c', script],
  }),
  problems: (setup) => settingProblems(setup, [noNul]),
};

/** The text of zoo.cfg. */
function configuration({ servers, settings }: ZooKeeperSetup): string {
  return [
    propertiesText(new Map([['dataDir', data], ...usualLimits, ...settings])),
    ...servers.map((server) => `${serverLine(server)}\n`),
  ].join('');
}
