import { createRequire } from 'node:module';
import { withAdmin, type KafkaAccess } from './access.js';

/**
 * What holds for a broker, wherever it comes from, as Kafka writes it; undefined for a setting that it does not have.
 * @throws KclusterError `notReady`
 */
export async function brokerSetting(
  access: KafkaAccess,
  brokerId: number,
  name: string,
): Promise<string | undefined> {
  const { ConfigResourceTypes } = createRequire(import.meta.url)(
    'kafkajs',
  ) as typeof import('kafkajs');
  return await withAdmin(access, async (admin) => {
    const { resources } = await admin.describeConfigs({
      resources: [
        { type: ConfigResourceTypes.BROKER, name: String(brokerId), configNames: [name] },
      ],
      includeSynonyms: false,
    });
    const [entry] = resources.flatMap(({ configEntries }) => configEntries);
    return entry?.configValue;
  });
}
