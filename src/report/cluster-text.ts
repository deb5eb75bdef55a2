/** Where to connect, for people. */
export function clusterText(cluster: {
  bootstrapServers: string;
  zookeeperConnect: string;
}): string {
  return [
    `  Kafka      ${cluster.bootstrapServers}`,
    `  ZooKeeper  ${cluster.zookeeperConnect}`,
  ].join('\n');
}
