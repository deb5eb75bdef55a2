import { isConfluent, placeOf, type Broker } from '../broker.js';
import { wurstmeisterBroker } from '../broker-dialects.js';
import { mayHaveMore } from '../context.js';
import { eachBroker, type Problem, type Rules } from '../finding.js';
import { isLoopback } from '../../topology/address.js';
import { protocolNames, type Listener } from '../listener.js';

/** Whether a broker starts with the listeners that it is given. */
export const listenerRules: Rules = {
  /** start-kafka.sh of wurstmeister/kafka, since April 2018. */
  'listeners-required': eachBroker((broker) => {
    const { properties, service, dialect } = broker;
    const isSaid = properties.has('listeners') || properties.has('advertised.host.name');
    if (dialect !== wurstmeisterBroker || isSaid || mayHaveMore(service)) return [];
    const advertised = properties.get('advertised.listeners');
    if (!advertised && service.environment.has('HOSTNAME_COMMAND')) return [];
    const bound = broker.listeners.map(({ name, port }) => `${name}://:${port}`).join(',');
    return [
      {
        level: 'error',
        at: placeOf(broker, 'advertised.listeners'),
        service,
        message: advertised
          ? 'KAFKA_ADVERTISED_LISTENERS without KAFKA_LISTENERS: the container ends at once'
          : 'neither KAFKA_LISTENERS nor KAFKA_ADVERTISED_HOST_NAME: the container ends at once',
        why: 'The image refuses to start when it is not told where to listen.',
        fix: `Add KAFKA_LISTENERS: ${bound}.`,
      },
    ];
  }),
  'advertised-required': eachBroker((broker) => {
    const { properties, service } = broker;
    if (!isConfluent(broker) || properties.has('advertised.listeners') || mayHaveMore(service))
      return [];
    return [
      {
        level: 'error',
        at: service.at,
        service,
        message: 'KAFKA_ADVERTISED_LISTENERS is missing: the container ends at once',
        why: 'cp-kafka asks for it, and has no address of its own to tell clients.',
        fix: `Add KAFKA_ADVERTISED_LISTENERS: INTERNAL://${service.name}:29092,HOST://localhost:9092, and the map KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: INTERNAL:PLAINTEXT,HOST:PLAINTEXT with KAFKA_INTER_BROKER_LISTENER_NAME: INTERNAL.`,
      },
    ];
  }),
  'advertised-missing': eachBroker((broker) => {
    const { properties, service, dialect } = broker;
    const isSaid = properties.has('advertised.listeners') || properties.has('advertised.host.name');
    // Those that don't start at all have rules of their own.
    const hasRule = isConfluent(broker) || dialect === wurstmeisterBroker;
    if (isSaid || hasRule || mayHaveMore(service)) return [];
    const variable = dialect.variable('advertised.listeners');
    return [
      {
        level: service.ports.length > 0 ? 'warning' : 'note',
        at: placeOf(broker, 'listeners'),
        service,
        message: `${variable} is missing: clients are told the name or address of the container`,
        why: "The host does not know a container's name, and its address changes with every container.",
        fix: `Add ${variable}: PLAINTEXT://${service.name}:9092, and a listener for the host if one is needed.`,
      },
    ];
  }),
  /** Kafka's EndPoint. */
  'listener-form': eachBroker(({ broken, service }) =>
    broken.map(({ property, entry }) => ({
      level: 'error',
      at: property.at,
      service,
      message: `"${entry}" in ${property.variable} is not NAME://HOST:PORT`,
      why: 'Kafka does not start with a listener that it can not read.',
      fix: `Write each listener as NAME://HOST:PORT, such as PLAINTEXT://${service.name}:9092, with commas between.`,
    })),
  ),
  'listener-protocol': eachBroker((broker) => {
    const { dialect, service, protocols } = broker;
    const known = protocols ? [...protocols.keys()] : protocolNames;
    const map = dialect.variable('listener.security.protocol.map');
    return namesIn(broker)
      .filter(({ name }) => !known.includes(name))
      .map(({ name, at }) => ({
        level: 'error',
        at,
        service,
        message: `listener ${name} has no protocol in ${map}`,
        why: 'Kafka does not start when the name of a listener is no protocol and the map does not say which one it means.',
        fix: protocols
          ? `Add ${name}:PLAINTEXT to ${map}.`
          : `Add ${map}: ${namesIn(broker)
              .map((each) => `${each.name}:PLAINTEXT`)
              .join(',')}.`,
      }));
  }),
  /** KafkaConfig's getInterBrokerListenerNameAndSecurityProtocol. */
  'listener-between-brokers': eachBroker((broker) => betweenBrokers(broker)),
  'listener-port-twice': eachBroker(({ properties, listeners, service }) => {
    const property = properties.get('listeners');
    if (!property) return [];
    const ports = listeners.map(({ port }) => port).filter((port) => port > 0);
    const twice = ports.find((port, index) => ports.indexOf(port) < index);
    if (twice === undefined) return [];
    return [
      {
        level: 'error',
        at: property.at,
        service,
        message: `two listeners have port ${twice}`,
        why: 'Every listener of a broker needs a port of its own, or Kafka does not start.',
        fix: `Give each listener in ${property.variable} its own port, also where they are for different networks.`,
      },
    ];
  }),
  'advertised-not-listened': eachBroker(({ properties, listeners, advertised, service }) => {
    const property = properties.get('advertised.listeners');
    const listened = properties.get('listeners');
    if (!property || !listened) return [];
    const names = listeners.map(({ name }) => name);
    return advertised
      .filter(({ name }) => !names.includes(name))
      .map(({ name, port }) => ({
        level: 'error',
        at: property.at,
        service,
        message: `listener ${name} is advertised, but is not in ${listened.variable}`,
        why: 'Kafka does not start when it is to advertise a listener that it does not have.',
        fix: `Add ${name}://:${port} to ${listened.variable}, or take ${name} out of ${property.variable}.`,
      }));
  }),
  'listens-on-loopback': eachBroker(({ properties, listeners, service }) => {
    const property = properties.get('listeners');
    if (!property || service.networkMode?.value === 'host') return [];
    return listeners
      .filter(({ host }) => isLoopback(host))
      .map(({ name, host, port }) => ({
        level: 'error',
        at: property.at,
        service,
        message: `listener ${name} listens on ${host} only`,
        why: `${host} is the container itself: neither a published port nor another container gets there.`,
        fix: `Write ${name}://:${port} in ${property.variable}, and say ${host} in what is advertised, if at all.`,
      }));
  }),
};

/** Each listener that is said, once by name. */
function namesIn({ listeners, advertised }: Broker): Listener[] {
  const byName = new Map([...advertised, ...listeners].map((each) => [each.name, each] as const));
  return [...byName.values()];
}

function betweenBrokers(broker: Broker): Problem[] {
  const { properties, advertised, service, dialect } = broker;
  const named = properties.get('inter.broker.listener.name');
  const protocol = properties.get('security.inter.broker.protocol');
  const variable = dialect.variable('inter.broker.listener.name');
  const names = advertised.map(({ name }) => name);
  const [first = 'PLAINTEXT'] = names;
  const problem = (message: string, why: string, fix: string): Problem => ({
    level: 'error',
    at: named?.at ?? protocol?.at ?? placeOf(broker, 'advertised.listeners', 'listeners'),
    service,
    message,
    why,
    fix,
  });
  if (named && protocol) {
    return [
      problem(
        `${variable} and ${protocol.variable} are both set`,
        'Kafka takes the one or the other, and does not start with both.',
        `Leave ${protocol.variable} out.`,
      ),
    ];
  }
  const wanted = (named ?? protocol)?.value.toUpperCase() ?? 'PLAINTEXT';
  if (names.length === 0 || names.includes(wanted)) return [];
  return [
    problem(
      named
        ? `${variable} is ${wanted}, which is not advertised`
        : `${variable} is missing, and no listener is called ${wanted}`,
      'Brokers connect to one another, and Kafka does not start when it does not know through which listener.',
      `Set ${variable}: ${first}.`,
    ),
  ];
}
