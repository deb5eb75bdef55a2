import type { Admin } from 'kafkajs';

/** The topics and the groups whose name begins with the prefix. */
export async function namesByPrefix(
  admin: Admin,
  prefix: string,
): Promise<{ topics: string[]; groups: string[] }> {
  const topics = await admin.listTopics();
  const { groups } = await admin.listGroups();
  const begins = (name: string): boolean => name.startsWith(prefix);
  return {
    topics: topics.filter(begins),
    groups: groups.map(({ groupId }) => groupId).filter(begins),
  };
}
