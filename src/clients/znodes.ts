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
