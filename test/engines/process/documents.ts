import { createServer, type AddressInfo } from 'node:net';
import type { ComposeDocument, ComposeService } from '../../../src/compose/document.js';
import { localImages } from '../../../src/images/local.js';
import { defaultKafkaVersion, readJarLock } from '../../../src/jars/lock.js';

const lock = readJarLock(defaultKafkaVersion);

/** Ports that are free at the moment, above 20000. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map(listen));
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Ports that the kernel gives to clients may be taken again before a node listens on them. */
async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (listening) return (server.address() as AddressInfo).port;
  }
}

export function zooKeeperService(client: number, quorum: number, election: number): ComposeService {
  return {
    image: `${localImages.zookeeper.repository}:${lock.zookeeper}`,
    environment: {
      ZOO_MY_ID: '1',
      ZOO_SERVERS: `server.1=127.0.0.1:${quorum}:${election};127.0.0.1:${client}`,
      ZOO_ADMINSERVER_ENABLED: 'false',
      ZOO_4LW_COMMANDS_WHITELIST: 'srvr,ruok',
      JVMFLAGS: '-Xms32m -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    },
    network_mode: 'host',
    volumes: ['zookeeper-1-data:/data', 'zookeeper-1-datalog:/datalog'],
    stop_grace_period: '30s',
    labels: { 'io.kcluster.role': 'zookeeper', 'io.kcluster.id': '1' },
  };
}

export function brokerService(zookeeper: number, port: number): ComposeService {
  return {
    image: `${localImages.kafka.repository}:${lock.kafka}`,
    environment: {
      KAFKA_BROKER_ID: '1',
      KAFKA_ZOOKEEPER_CONNECT: `127.0.0.1:${zookeeper}`,
      KAFKA_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE: '8388608',
      KAFKA_HEAP_OPTS: '-Xms64m -Xmx256m',
      KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    },
    network_mode: 'host',
    volumes: ['broker-1-data:/var/lib/kafka/data'],
    depends_on: ['zookeeper-1'],
    stop_grace_period: '60s',
    labels: { 'io.kcluster.role': 'broker', 'io.kcluster.id': '1' },
  };
}

/** One ZooKeeper and one broker. */
export async function smallDocument(): Promise<{
  document: ComposeDocument;
  client: number;
  kafka: number;
}> {
  const [client, quorum, election, kafka] = (await freePorts(4)) as [
    number,
    number,
    number,
    number,
  ];
  const services = {
    'zookeeper-1': zooKeeperService(client, quorum, election),
    'broker-1': brokerService(client, kafka),
  };
  const volumes = ['zookeeper-1-data', 'zookeeper-1-datalog', 'broker-1-data'];
  return { document: { services, volumes, externalNetworks: [] }, client, kafka };
}
