import { minInsync } from '../compose/broker-setup.js';
import type { ComposeDocument } from '../compose/document.js';
import { compareLines, kafkaLineOf } from '../images/kafka-line.js';
import type { ClusterSpec } from '../spec/schema.js';

/** The first line of Kafka that asks of a topic no more replicas in sync than it has. */
const lenient = '3.7';

/**
 * The `min.insync.replicas` of a cluster's brokers, where the topics that have fewer replicas would take no more records
 * with acks=all; undefined where it is the user's, or all topics meet it.
 */
export function strictInsync(
  { kafka }: ClusterSpec,
  { services }: Pick<ComposeDocument, 'services'>,
): number | undefined {
  const insync = minInsync(kafka.brokers);
  if (insync === 1 || 'min.insync.replicas' in kafka.settings) return undefined;
  const line = kafkaLineOf(services['broker-1']?.image ?? '');
  return line && compareLines(line, lenient) >= 0 ? undefined : insync;
}
