/** Flags that say what the cluster is to be; one that is not given is as the cluster is, or the default. */
export interface ShapeOptions {
  brokers?: number;
  zookeepers?: number;
  evenEnsemble?: boolean;
  images?: string;
  ports?: string;
  kafkaPort?: number;
  zookeeperPort?: number;
}

/** The shape among all flags of a command. */
export function shapeOf(options: ShapeOptions): ShapeOptions {
  const { brokers, zookeepers, evenEnsemble, images, ports, kafkaPort, zookeeperPort } = options;
  return {
    ...(brokers !== undefined && { brokers }),
    ...(zookeepers !== undefined && { zookeepers }),
    ...(evenEnsemble !== undefined && { evenEnsemble }),
    ...(images !== undefined && { images }),
    // A first port that is named is a wish for fixed ports, also for a cluster whose ports were chosen.
    ...((kafkaPort ?? zookeeperPort) !== undefined && { ports: 'fixed' }),
    ...(ports !== undefined && { ports }),
    ...(kafkaPort !== undefined && { kafkaPort }),
    ...(zookeeperPort !== undefined && { zookeeperPort }),
  };
}
