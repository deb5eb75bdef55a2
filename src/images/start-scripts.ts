import type { BrokerSetup, JvmWish } from './family.js';
import { nameMatches, noNul, valueLacks, type Hindrance } from './properties.js';

/**
 * What Kafka's own start scripts take from the environment: `bin/kafka-server-start.sh` and
 * `bin/zookeeper-server-start.sh`, up to Kafka 3.9.
 * Their logging writes every line into files as well, a new one each hour, and the trace of the controller beside
 * it. These go into memory that the container has anyway, 64 MB at most, and not into its growing layer; the log
 * of the garbage collector, which `-loggc` asks for, is left out.
 */
export function scriptEnvironment(
  jvm: JvmWish,
  daemon: 'kafkaServer' | 'zookeeper',
): Record<string, string> {
  return {
    KAFKA_HEAP_OPTS: jvm.heap,
    KAFKA_JVM_PERFORMANCE_OPTS: jvm.options,
    LOG_DIR: '/dev/shm/logs',
    EXTRA_ARGS: `-name ${daemon}`,
  };
}

/**
 * The command that starts a broker of an unpacked Kafka distribution in /opt/kafka. The sample file is the one for
 * ZooKeeper, and `--override` beats it; no shell reads the values.
 */
export function startCommand({ properties }: BrokerSetup, logDirs: string): string[] {
  const wished = new Map([...properties, ['log.dirs', logDirs]]);
  return [
    '/opt/kafka/bin/kafka-server-start.sh',
    '/opt/kafka/config/server.properties',
    ...[...wished].flatMap(([name, value]) => ['--override', `${name}=${value}`]),
  ];
}

/** What the command line can't carry: Java reads it in the container's locale, which may know ASCII only. */
export const overrideHindrances: readonly Hindrance[] = [
  nameMatches(/^[\w.-]+$/, 'not the name of a property'),
  noNul,
  valueLacks(/[^\0-\x7f]/, 'the command line carries nothing but ASCII'),
];
