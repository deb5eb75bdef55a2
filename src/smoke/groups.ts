import { askAny, type KafkaAccess } from '../clients/access.js';
import { findCoordinatorRequest, offsetFetchRequest } from '../clients/protocol/groups.js';
import { ask, ErrorCode } from '../clients/protocol/request.js';
import { pause } from '../system/abort.js';

const requestTimeoutMs = 2000;
const patienceMs = 5000;
const pauseMs = 25;

/**
 * Waits until every group has a coordinator that takes members, for some seconds. The first group of a cluster makes
 * Kafka create the topic that keeps groups, of which a coordinator loads its part. kafkajs would connect anew, and wait
 * longer each time, until it has.
 * @throws KclusterError `interrupted` when the signal aborts
 */
export async function prepareGroups(
  access: KafkaAccess,
  groupIds: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  // One after the other: what the first has waited for is there for the others.
  for (const group of groupIds)
    while (!(await isCoordinated(access, group)) && performance.now() < deadline)
      await pause(pauseMs, signal);
}

async function isCoordinated(access: KafkaAccess, group: string): Promise<boolean> {
  try {
    const { code, address } = await askAny(access, requestTimeoutMs, findCoordinatorRequest(group));
    if (code !== ErrorCode.none) return false;
    // A coordinator that still loads the group does not know what it has committed either.
    const committed = await ask(address, access.dial, requestTimeoutMs, offsetFetchRequest(group));
    return committed.code === ErrorCode.none;
  } catch {
    // The checks tell of brokers that don't answer.
    return false;
  }
}
