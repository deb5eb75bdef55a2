import { requestTimeoutMs, type KafkaAccess } from './access.js';
import { describeConfigsRequest } from './protocol/describe-configs.js';
import type { BrokerMetadata } from './protocol/metadata.js';
import { ask } from './protocol/request.js';

/**
 * What holds for a broker, wherever it comes from, as Kafka writes it; undefined for a setting that it does not have.
 * @throws KclusterError `notReady`
 */
export async function brokerSetting(
  { dial }: Pick<KafkaAccess, 'dial'>,
  { id, address }: BrokerMetadata,
  name: string,
): Promise<string | undefined> {
  const request = describeConfigsRequest([{ kind: 'broker', name: String(id) }]);
  const answers = await ask(address, dial, requestTimeoutMs, request);
  return answers[0]?.configs[name]?.value ?? undefined;
}
