import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { brokerTimeoutMs, withAdmin, type KafkaAccess } from '../clients/access.js';
import { failureText } from '../clients/failures.js';
import { namesByPrefix } from '../clients/names-by-prefix.js';
import { KclusterError } from '../errors.js';

/** More than a consumer that was disconnected takes to leave its group, and a broker to hear of a deletion. */
const patienceMs = 10_000;
const pauseMs = 100;

/**
 * Deletes every group and every topic whose name begins with the prefix; fine when there is none. Topics stay as long as
 * a group does: a consumer whose topic is deleted leaves its group for a moment, which would be taken for its end.
 * @throws KclusterError `conflict` for a group that still has members, `notReady` when Kafka can't be asked
 */
export async function deleteByPrefix(access: KafkaAccess, prefix: string): Promise<void> {
  await withAdmin(access, async (admin) => {
    const deadline = performance.now() + patienceMs;
    for (let failures: string[] = []; ; await sleep(pauseMs)) {
      const { topics, groups } = await namesByPrefix(admin, prefix);
      if (topics.length + groups.length === 0) return;
      if (performance.now() > deadline)
        throw stillThere(groups.length > 0 ? groups : topics, failures);
      failures = await deleted(admin, topics, groups);
    }
  });
}

/** @returns what failed; what is there afterwards tells whether that matters */
async function deleted(admin: Admin, topics: string[], groups: string[]): Promise<string[]> {
  const request =
    groups.length > 0
      ? admin.deleteGroups(groups)
      : admin.deleteTopics({ topics, timeout: brokerTimeoutMs });
  return await request.then(
    () => [],
    (error: unknown) => [failureText(error)],
  );
}

function stillThere(names: readonly string[], details: readonly string[]): KclusterError {
  return new KclusterError('conflict', `can't be deleted: ${names.join(', ')}`, {
    details,
    hints: ['Disconnect the consumers of a test before its names are cleaned up.'],
  });
}
