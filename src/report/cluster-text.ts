interface Place {
  from: string;
  /** Who connects there, in words. */
  clients: string;
  bootstrapServers: string;
}

export interface ClusterPlaces {
  bootstrapServers: string;
  zookeeperConnect: string;
  places: readonly Place[];
}

/** Where to connect, for people: from this machine, and below it from elsewhere. */
export function clusterText(cluster: ClusterPlaces): string {
  const others = cluster.places.filter(({ from }) => from !== 'host');
  const width = Math.max(...others.map(({ bootstrapServers }) => bootstrapServers.length));
  return [
    `  Kafka      ${cluster.bootstrapServers}`,
    ...others.map(
      ({ clients, bootstrapServers }) =>
        `             ${bootstrapServers.padEnd(width)}  for ${clients}`,
    ),
    `  ZooKeeper  ${cluster.zookeeperConnect}`,
  ].join('\n');
}
