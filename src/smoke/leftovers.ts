import { metadataOf, requestTimeoutMs, withAdmin, type KafkaAccess } from '../clients/access.js';
import { namesByPrefix } from '../clients/names-by-prefix.js';
import { listGroupsRequest } from '../clients/protocol/groups.js';
import { ask, ErrorCode } from '../clients/protocol/request.js';
import { formatAddress, type Address } from '../topology/address.js';

/**
 * What any broker still knows of a run, whose topic and groups all begin with the topic's name, in phrases: also which
 * brokers do not tell. Empty when nothing is left.
 */
export async function leftOf({ bootstrap, dial }: KafkaAccess, topic: string): Promise<string[]> {
  const names = await Promise.all(bootstrap.map(async (address) => await namesAt(address, dial)));
  const silent = bootstrap.filter((_, index) => !names[index]).map(formatAddress);
  const known = new Set(names.flatMap((each) => each ?? []));
  const left = [...known].filter((name) => name.startsWith(topic)).sort();
  return [
    ...silent.map((address) => `${address} does not tell`),
    ...(left.length > 0 ? [`still there: ${left.join(', ')}`] : []),
  ];
}

/** The topics that a broker lists and the groups that it coordinates; undefined when it does not tell. */
async function namesAt(address: Address, dial: KafkaAccess['dial']): Promise<string[] | undefined> {
  const [metadata, answer] = await Promise.all([
    metadataOf(address, dial),
    ask(address, dial, requestTimeoutMs, listGroupsRequest).catch(() => undefined),
  ]);
  if (!metadata || answer?.code !== ErrorCode.none) return undefined;
  return [...metadata.topics.map(({ name }) => name), ...answer.groups];
}

/** After a check that failed or was interrupted, what it made may still be there. */
export async function removeLeftovers(access: KafkaAccess, topic: string): Promise<void> {
  try {
    await withAdmin(access, async (admin) => {
      // All that a run makes begins with the topic's name.
      const { topics, groups } = await namesByPrefix(admin, topic);
      // One that still has a member can't be deleted; the topic can.
      if (groups.length > 0) await admin.deleteGroups(groups).catch(() => undefined);
      if (topics.length > 0) await admin.deleteTopics({ topics });
    });
  } catch {
    // The brokers are out of reach; the report says so already.
  }
}
