import type { KafkaFamily } from '../family.js';
import { hindrances } from '../properties.js';
import { overrideHindrances, scriptEnvironment, startCommand } from '../start-scripts.js';

const logDirs = '/var/lib/kafka/data';

/**
 * `apache/kafka` 3.7 to 3.9, https://github.com/apache/kafka/tree/3.9/docker. Its own start formats a KRaft log
 * and gives up on anything else, so the command is replaced by Kafka's start script; the variables `KAFKA_...` of
 * properties are not read then. The volume is declared by the image and belongs to its user; a path that the image
 * lacks would belong to root. The archive of classes in /opt/kafka/kafka.jsa was recorded without ZooKeeper's and
 * is not used.
 */
export const apacheKafka: KafkaFamily = {
  name: 'apache/kafka',
  role: 'kafka',
  repositories: ['apache/kafka'],
  volumes: [{ suffix: 'data', target: logDirs }],
  words: (setup) => ({
    environment: scriptEnvironment(setup.jvm, 'kafkaServer'),
    command: startCommand(setup, logDirs),
  }),
  problems: ({ properties }) => hindrances(properties, overrideHindrances),
};
