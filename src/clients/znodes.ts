/** The broker id in the value of /controller, `{"version":2,"brokerid":1,...}` (Kafka's ZkData.ControllerZNode). */
export function controllerOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = JSON.parse(value) as { brokerid?: unknown };
  return typeof parsed.brokerid === 'number' ? parsed.brokerid : undefined;
}

/** The `LISTENER://HOST:PORT`s in the value of /brokers/ids/N (Kafka's ZkData.BrokerIdZNode). */
export function endpointsOf(value: string | undefined): string[] {
  if (value === undefined) return [];
  const { endpoints } = JSON.parse(value) as { endpoints?: unknown };
  return Array.isArray(endpoints) ? endpoints.filter((each) => typeof each === 'string') : [];
}

/** The id in the value of /cluster/id, `{"version":"1","id":"..."}` (Kafka's ZkData.ClusterIdZNode). */
export function clusterIdOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const parsed = JSON.parse(value) as { id?: unknown };
  return typeof parsed.id === 'string' ? parsed.id : undefined;
}

/**
 * The replicas of each partition in the value of /brokers/topics/T, `{"partitions":{"0":[1,2]},...}` (Kafka's
 * ZkData.TopicZNode); none of a topic that is gone.
 */
export function assignmentOf(value: string | undefined): number[][] {
  if (value === undefined) return [];
  const { partitions } = JSON.parse(value) as { partitions: Record<string, number[]> };
  return Object.values(partitions);
}
