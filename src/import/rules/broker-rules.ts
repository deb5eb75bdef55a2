import { numberOf, placeOf, type Broker } from '../broker.js';
import {
  apacheBroker,
  bitnamiBroker,
  debeziumBroker,
  unknownBroker,
  wurstmeisterBroker,
} from '../broker-dialects.js';
import { clusterOf, sizeOf, type ComposeContext } from '../context.js';
import { eachBroker, type Problem, type Rules } from '../finding.js';
import { isLineFrom } from '../kafka-line.js';

/** What a broker is told about itself. */
export const brokerRules: Rules = {
  /** The `configure` script of cp-kafka. */
  'forbidden-variable': eachBroker(({ service, dialect }) => {
    if (dialect.name !== 'cp-kafka') return [];
    const forbidden = [
      'KAFKA_PORT',
      'KAFKA_HOST',
      'KAFKA_ADVERTISED_PORT',
      'KAFKA_ADVERTISED_HOST',
    ];
    return forbidden.flatMap((name): Problem[] => {
      const variable = service.environment.get(name);
      if (!variable) return [];
      return [
        {
          level: 'error',
          at: variable.at,
          service,
          message: `${name} is set: the container ends at once`,
          why: 'cp-kafka refuses to start with it, since listeners say it all.',
          fix: `Leave it out; KAFKA_ADVERTISED_LISTENERS says where clients go.`,
        },
      ];
    });
  }),
  'process-roles': eachBroker((broker) => {
    const roles = broker.properties.get('process.roles');
    if (!roles) return [];
    return [
      {
        level: 'error',
        at: roles.at,
        service: broker.service,
        message: `${roles.variable} and ${broker.dialect.variable('zookeeper.connect')} are both set`,
        why: 'With process.roles a broker is of KRaft and asks no ZooKeeper, or does not start at all.',
        fix: `Leave ${roles.variable} out, with whatever begins with KAFKA_CONTROLLER_ and KAFKA_NODE_ID, or leave ZooKeeper out.`,
      },
    ];
  }),
  /** KIP-975: `launch` formats a log for KRaft, and gives up on a configuration without process.roles. */
  'start-command': eachBroker(({ service, dialect }) => {
    const starts = /kafka-server-start|server\.properties/.test(
      `${service.entrypoint?.text ?? ''} ${service.command?.text ?? ''}`,
    );
    if (dialect !== apacheBroker || starts) return [];
    return [
      {
        level: 'error',
        at: service.image?.at ?? service.at,
        service,
        message: "the image's own start is KRaft only: the container ends at once",
        why: 'apache/kafka prepares a KRaft log before it starts, and gives up when it is to use ZooKeeper.',
        fix: 'Replace the command: /opt/kafka/bin/kafka-server-start.sh /opt/kafka/config/server.properties --override zookeeper.connect=..., or take confluentinc/cp-kafka:7.9.10.',
      },
    ];
  }),
  'broker-id': eachBroker((broker, context) => [
    ...sharedId(broker),
    ...takenId(broker, context),
    ...generatedId(broker),
  ]),
  'removed-property': eachBroker((broker) => {
    const { dialect, line } = broker;
    const isGone = line !== undefined ? isLineFrom(line, '3.0') : dialect !== unknownBroker;
    return removed.flatMap((name): Problem[] => {
      const property = broker.properties.get(name);
      // Some scripts make a listener of it, and Kafka does not see it.
      const isOfScript = dialect === debeziumBroker && name.startsWith('advertised.');
      const isRefused = dialect.name === 'cp-kafka' && /port$/.test(name);
      if (!property || isOfScript || isRefused) return [];
      const isRead = !isGone || dialect === wurstmeisterBroker;
      return [
        {
          level: isRead ? 'note' : 'warning',
          at: property.at,
          service: broker.service,
          message: isRead
            ? `${property.variable} is deprecated`
            : `${property.variable} has no effect: Kafka 3.0 removed ${name}`,
          why: 'Listeners with names took the place of a host and a port.',
          fix: `Say it in ${dialect.variable('listeners')} and ${dialect.variable('advertised.listeners')}.`,
        },
      ];
    });
  }),
  'replication-factor': eachBroker((broker, context) => {
    const size = sizeOf(clusterOf(context, broker));
    return factors.flatMap((factor) => factorProblem(factor, broker, size));
  }),
};

/** @see Kafka's upgrade notes for 3.0 */
const removed = ['advertised.host.name', 'advertised.port', 'host.name', 'port'];

interface Factor {
  name: string;
  /** Kafka's default, where it is more than one. */
  fallback?: number;
  level: Problem['level'];
  effect: string;
}

/** @see KafkaConfig: the defaults are those of a cluster of three brokers */
const factors: readonly Factor[] = [
  {
    name: 'offsets.topic.replication.factor',
    fallback: 3,
    level: 'error',
    effect: 'Consumers with a group wait for ever for __consumer_offsets, which can not be made.',
  },
  {
    name: 'transaction.state.log.replication.factor',
    fallback: 3,
    level: 'warning',
    effect: 'Producers with transactions wait for __transaction_state, which can not be made.',
  },
  {
    name: 'transaction.state.log.min.isr',
    fallback: 2,
    level: 'warning',
    effect: 'No transaction is ever committed, for want of replicas in sync.',
  },
  {
    name: 'default.replication.factor',
    level: 'error',
    effect: 'No topic is made on its first use, since there are too few brokers.',
  },
  {
    name: 'min.insync.replicas',
    level: 'error',
    effect: 'Whatever is produced with acks=all is refused, for want of replicas in sync.',
  },
];

function factorProblem(factor: Factor, broker: Broker, size: number): Problem[] {
  const { dialect, service, properties } = broker;
  const { name, fallback, level, effect } = factor;
  const said = numberOf(broker, name);
  const value = said ?? (dialect.defaults === 'kafka' ? fallback : undefined);
  if (value === undefined || value <= size || properties.has('process.roles')) return [];
  const brokers = size === 1 ? 'one broker' : `${size} brokers`;
  const variable = dialect.variable(name);
  return [
    {
      level,
      at: properties.get(name)?.at ?? service.at,
      service,
      message:
        said === undefined
          ? `${variable} is missing: its default is ${value}, and there ${size === 1 ? 'is' : 'are'} ${brokers}`
          : `${variable} is ${value}, and there ${size === 1 ? 'is' : 'are'} ${brokers}`,
      why: effect,
      fix: `Set ${variable}: ${size}.`,
    },
  ];
}

/** The id that is said; debezium's image has one where nothing is said. */
function idOf(broker: Broker): number | undefined {
  const id = numberOf(broker, 'broker.id') ?? (broker.dialect === debeziumBroker ? 1 : undefined);
  return id !== undefined && id >= 0 ? id : undefined;
}

function sharedId(broker: Broker): Problem[] {
  const id = idOf(broker);
  if (broker.count < 2 || id === undefined) return [];
  return [
    {
      level: 'error',
      at: placeOf(broker, 'broker.id'),
      service: broker.service,
      message: `${broker.count} brokers of one service have the id ${id}`,
      why: 'Ids are unique in a cluster: the second broker finds the id taken and ends.',
      fix: 'Leave the id out, or write a service for each broker.',
    },
  ];
}

function takenId(broker: Broker, context: ComposeContext): Problem[] {
  const { brokers } = clusterOf(context, broker);
  const id = idOf(broker);
  const other = brokers
    .slice(0, brokers.indexOf(broker))
    .find((each) => id !== undefined && idOf(each) === id);
  if (!other) return [];
  return [
    {
      level: 'error',
      at: placeOf(broker, 'broker.id'),
      service: broker.service,
      message: `broker id ${id} is that of ${other.service.name} too`,
      why: 'Ids are unique in a cluster: the second broker finds the id taken and ends.',
      fix: `Set ${broker.dialect.variable('broker.id')} to a number of its own.`,
    },
  ];
}

function generatedId(broker: Broker): Problem[] {
  const { service, dialect } = broker;
  const isCommanded = service.environment.has('BROKER_ID_COMMAND');
  const isKept = service.mounts.some(({ kind }) => kind === 'bind' || kind === 'volume');
  if (idOf(broker) !== undefined || isCommanded || !isKept) return [];
  if (dialect === bitnamiBroker && broker.properties.has('broker.id')) return [];
  return [
    {
      level: 'note',
      at: service.at,
      service,
      message: `${dialect.variable('broker.id')} is missing: ZooKeeper hands out an id, from 1001 on`,
      why: 'The id is kept with the data. Where the data is lost, the next id is another one, and the partitions of the old one have no leader.',
      fix: `Set ${dialect.variable('broker.id')}: 1.`,
    },
  ];
}
