/** Labels that kcluster puts on a node: what the node is and where its clients find it. */
export const Label = {
  /** `zookeeper` or `broker`; its presence makes a container a node of kcluster. */
  role: 'io.kcluster.role',
  /** ZooKeeper's `myid` or Kafka's `broker.id`. */
  id: 'io.kcluster.id',
  /** `HOST:PORT` for clients on the machine of the CLI. */
  hostAddress: 'io.kcluster.host-address',
  /** Where that is published, `IP:PORT`, by an engine on another machine. */
  published: 'io.kcluster.published',
  /** `HOST:PORT` for clients on the cluster's network. */
  networkAddress: 'io.kcluster.network-address',
  /** A ZooKeeper's quorum and election port, `2888,3888`. */
  peerPorts: 'io.kcluster.peer-ports',
  /** `observer` of a ZooKeeper without a vote. */
  peerType: 'io.kcluster.peer-type',
  /** Kafka's `broker.rack`. */
  rack: 'io.kcluster.rack',
  /** A broker's listeners beyond the two that every one has, as JSON. */
  listeners: 'io.kcluster.listeners',
  /** The line of Kafka whose protocol a broker speaks while an upgrade is under way, `2.8`. */
  protocol: 'io.kcluster.protocol',
  /** The networks of other projects that the node joins, with commas between. */
  joinedNetworks: 'io.kcluster.joined-networks',
  /** The node's profile, where it is not `fast`. */
  profile: 'io.kcluster.profile',
  /** What was asked for, so that it need not be asked for again; see `RememberedSpec`. No part of what a node is. */
  spec: 'io.kcluster.spec',
  /** Of the definition that the node was made from; see `configHash`. A container that Compose made has none. */
  configHash: 'io.kcluster.config-hash',
  /** On a volume that is nothing else: the lease of the project, as JSON; see `Lease`. */
  lease: 'io.kcluster.lease',
  /** The project; on what is no node and has no role: networks and volumes. */
  project: 'io.kcluster.project',
} as const;

/** Docker Compose's own labels: with this set Compose lists, logs and takes down what kcluster made. */
export const ComposeLabel = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  configHash: 'com.docker.compose.config-hash',
  image: 'com.docker.compose.image',
  configFiles: 'com.docker.compose.project.config_files',
  workingDir: 'com.docker.compose.project.working_dir',
  containerNumber: 'com.docker.compose.container-number',
  oneoff: 'com.docker.compose.oneoff',
  dependsOn: 'com.docker.compose.depends_on',
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
} as const;
