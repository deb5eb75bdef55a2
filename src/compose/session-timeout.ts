import { kafkaProperties } from '../images/environment.js';
import type { ClusterSpec } from '../spec/schema.js';
import { environmentOf, nodeTemplate } from './template.js';

const setting = 'zookeeper.session.timeout.ms';
/** Since Kafka 2.5. */
const kafkaDefault = '18000';

/**
 * How long ZooKeeper keeps the session of a broker that it hears nothing of, the shortest of all brokers, in milliseconds.
 * The ensemble holds what a broker asks for between 2 and 20 of its ticks (ZooKeeper Administrator's Guide,
 * `minSessionTimeout`). Pure but for reading the template.
 */
export function shortestSession({ profile, kafka, zookeeper }: ClusterSpec): number {
  const suggested = kafkaProperties(environmentOf(nodeTemplate('broker', profile))).get(setting);
  const asked = [
    kafka.settings[setting] ?? suggested ?? kafkaDefault,
    ...Object.values(kafka.perBroker).map((own) => own.settings[setting]),
  ].flatMap((value) => (value === undefined ? [] : [Number(value)]));
  const { settings } = zookeeper;
  const tickMs = Number(settings['tickTime'] ?? 2000);
  const longest = Number(settings['maxSessionTimeout'] ?? 20 * tickMs);
  const shortest = Number(settings['minSessionTimeout'] ?? 2 * tickMs);
  return Math.max(shortest, Math.min(longest, ...asked));
}
