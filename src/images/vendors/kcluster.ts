import { notProperties } from '../environment.js';
import type { KafkaFamily, ZooKeeperFamily } from '../family.js';
import { localImages } from '../local.js';
import { hindrances, nameIsFree, noNul, reserved, variables } from '../properties.js';
import { settingProblems } from '../zookeeper-settings.js';
import { escapedName, escapedVariable } from './confluent.js';
import { officialZooKeeper, zooHindrances, zooWords } from './official.js';

const logDirs = localImages.kafka.environment.KAFKA_LOG_DIRS;

/** `kcluster/kafka`: the rule of cp-kafka, but the entry point itself escapes what a file of properties needs. */
export const localKafka: KafkaFamily = {
  name: 'kcluster/kafka',
  role: 'kafka',
  repositories: [localImages.kafka.repository],
  volumes: [{ suffix: 'data', target: logDirs }],
  words: (setup) => ({
    environment: {
      ...variables(setup, escapedVariable),
      KAFKA_LOG_DIRS: logDirs,
      KAFKA_HEAP_OPTS: setup.jvm.heap,
      KAFKA_JVM_PERFORMANCE_OPTS: setup.jvm.options,
    },
  }),
  problems: ({ properties }) =>
    hindrances(properties, [escapedName, nameIsFree(forScripts), noNul]),
};

const forScripts = reserved(
  [...notProperties].map((variable) =>
    variable.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.'),
  ),
  'its variable is for the scripts of the image',
);

/** `kcluster/zookeeper`: the words of the official image, read anew at every start. */
export const localZooKeeper: ZooKeeperFamily = {
  ...officialZooKeeper,
  name: 'kcluster/zookeeper',
  repositories: [localImages.zookeeper.repository],
  words: zooWords,
  problems: (setup) =>
    settingProblems(setup, [
      ...zooHindrances,
      (key, value) =>
        key === 'admin.enableServer' && value === 'true'
          ? 'the image has no Jetty to serve it'
          : undefined,
    ]),
};
