/** Why a setting can't be given, by its name. */
type Refusals = readonly (readonly [name: RegExp, why: string])[];

const kraft = 'belongs to KRaft, and this cluster keeps its metadata in ZooKeeper';

/** @see Kafka's KafkaConfig: which keys are of KRaft, and which say who a broker is */
const kafkaRefusals: Refusals = [
  [/^process\.roles$/, `${kraft}: a broker with process.roles asks no ZooKeeper`],
  [/^node\.id$/, `${kraft}; a broker's id is its place, broker-1 has broker.id 1`],
  [
    /^controller\.(quorum\.|listener\.names$)/,
    `${kraft}: brokers elect their controller through ZooKeeper`,
  ],
  [/^(metadata\.|initial\.broker\.registration|broker\.(heartbeat|session)\.)/, kraft],
  [/^(server\.max\.startup\.time\.ms|early\.start\.listeners)$/, kraft],
  [
    /^zookeeper\.metadata\.migration\.enable$/,
    `${kraft}; it needs a quorum of controllers to migrate to`,
  ],
  [
    /^broker\.id(\.generation\.enable)?$|^reserved\.broker\.max\.id$/,
    "is the broker's place: broker-1 has broker.id 1",
  ],
  [/^broker\.rack$/, 'is set by kafka.racks or kafka.perBroker.N.rack'],
  [/^zookeeper\.connect$/, 'is the ensemble of this cluster'],
  [
    /^(advertised\.)?(listeners|host\.name|port)$/,
    'is set by kcluster; see the keys under listeners',
  ],
  [
    /^(listener\.security\.protocol\.map|inter\.broker\.listener\.name|security\.inter\.broker\.protocol|control\.plane\.listener\.name)$/,
    'is set by kcluster together with the listeners',
  ],
  [/^log\.dirs?$/, 'is where the image keeps its data, on a volume'],
];

/** @see ZooKeeper's QuorumPeerConfig: what of zoo.cfg says who a server is */
const zookeeperRefusals: Refusals = [
  [/^server\.\d+$/, 'is the ensemble of this cluster; its size is zookeeper.servers'],
  [
    /^(clientPort|clientPortAddress|secureClientPort|secureClientPortAddress)$/,
    'is set by kcluster; see zookeeper.port',
  ],
  [/^(dataDir|dataLogDir|dynamicConfigFile)$/, 'is where the image keeps its data, on a volume'],
  [/^peerType$/, 'is set by zookeeper.observers'],
];

/** Which names settings may have. */
export interface SettingNames {
  /** What is wrong with a name, for a phrase behind it. */
  refuse: (name: string) => string | undefined;
  /** The same for a JSON Schema. */
  pattern: string;
  /** Of the names of that pattern, those that can't be given. */
  refused?: string;
}

/** A name with white space or a line break would be something else in a property file. */
const usual = /^[A-Za-z0-9][\w.-]*$/;

/** Of a topic any: it is Kafka that knows them. */
export const topicSettings: SettingNames = {
  refuse: (name) => (usual.test(name) ? undefined : 'is not the name of a setting'),
  pattern: usual.source,
};

export const kafkaSettings: SettingNames = allBut(kafkaRefusals);
export const zooKeeperSettings: SettingNames = allBut(zookeeperRefusals);

function allBut(refusals: Refusals): SettingNames {
  return {
    ...topicSettings,
    refuse: (name) =>
      topicSettings.refuse(name) ?? refusals.find(([pattern]) => pattern.test(name))?.[1],
    refused: refusals.map(([pattern]) => pattern.source).join('|'),
  };
}
