import {
  confluentBroker,
  debeziumBroker,
  unknownBroker,
  wurstmeisterBroker,
  type BrokerDialect,
} from './broker-dialects.js';
import { lineOf } from './kafka-line.js';
import {
  parseConnect,
  parseListeners,
  parseProtocols,
  type Listener,
  type ZooKeeperConnect,
} from './listener.js';
import type { Said, Service } from './model.js';
import { startOverrides } from './start-command.js';

/** A property of Kafka, and the variable or option that sets it. */
export interface Property extends Said<string> {
  variable: string;
}

/** A service that is a broker, or several of one kind. */
export interface Broker {
  service: Service;
  dialect: BrokerDialect;
  /** Its line of Kafka, where the image tells. */
  line?: string;
  /** How many of it there are. */
  count: number;
  /** By Kafka's names. */
  properties: ReadonlyMap<string, Property>;
  /** As they come out, whether they are said or follow from something else. */
  listeners: readonly Listener[];
  advertised: readonly Listener[];
  /** Entries of either that are none. */
  broken: readonly { property: Property; entry: string }[];
  protocols?: ReadonlyMap<string, string>;
  connect?: ZooKeeperConnect;
  /** Directories of its data. */
  dataDirs: readonly string[];
}

export function readBroker(service: Service, dialect: BrokerDialect): Broker {
  const properties = propertiesOf(service, dialect);
  const line = service.image && lineOf(service.image.value);
  const map = properties.get('listener.security.protocol.map');
  const connect = properties.get('zookeeper.connect');
  const dirs = properties.get('log.dirs') ?? properties.get('log.dir');
  return {
    service,
    dialect,
    ...(line !== undefined && { line }),
    count: service.replicas?.value ?? 1,
    properties,
    ...listenersOf(service, dialect, properties),
    ...(map && { protocols: parseProtocols(map.value) }),
    ...(connect && { connect: parseConnect(connect.value, connect.at) }),
    dataDirs: (dirs?.value ?? dialect.logDirs).split(',').map((dir) => dir.trim()),
  };
}

/** Those of variables; over them those of the command, where the command is all that counts. */
function propertiesOf(service: Service, dialect: BrokerDialect): Map<string, Property> {
  const properties = new Map<string, Property>();
  for (const { name, value, at } of service.environment.values()) {
    const property = dialect.property(name);
    if (property !== undefined && value !== '')
      properties.set(property, { value, at, variable: name });
  }
  if (dialect.byCommand) {
    for (const [property, value] of startOverrides(service))
      properties.set(property, { value, at: service.command!.at, variable: '--override' });
  }
  return properties;
}

function listenersOf(
  service: Service,
  dialect: BrokerDialect,
  properties: ReadonlyMap<string, Property>,
): Pick<Broker, 'listeners' | 'advertised' | 'broken'> {
  const said = parsed(properties.get('listeners'));
  const told = parsed(properties.get('advertised.listeners'));
  const named = byHostName(dialect, properties);
  const usual: Listener = { name: 'PLAINTEXT', host: '', port: portOf(properties), at: service.at };
  const listeners = said?.listeners ?? (told?.listeners ?? [usual]).map(everywhere);
  return {
    listeners,
    advertised: told?.listeners ?? named ?? listeners,
    broken: [...(said?.broken ?? []), ...(told?.broken ?? [])],
  };
}

function parsed(
  property: Property | undefined,
): { listeners: Listener[]; broken: Broker['broken'] } | undefined {
  if (!property) return undefined;
  const { listeners, broken } = parseListeners(property.value, property.at);
  return { listeners, broken: broken.map((entry) => ({ property, entry })) };
}

function everywhere(listener: Listener): Listener {
  return { ...listener, host: '' };
}

/** Kafka before 3.0, and the scripts of some images, make a listener of a name and a port. */
function byHostName(
  dialect: BrokerDialect,
  properties: ReadonlyMap<string, Property>,
): Listener[] | undefined {
  const host = properties.get('advertised.host.name');
  const takesIt = [wurstmeisterBroker, debeziumBroker, unknownBroker].includes(dialect);
  if (!host || !takesIt) return undefined;
  const port = Number(properties.get('advertised.port')?.value ?? portOf(properties));
  return [{ name: 'PLAINTEXT', host: host.value, port, at: host.at }];
}

function portOf(properties: ReadonlyMap<string, Property>): number {
  const port = Number(properties.get('port')?.value ?? 9092);
  return Number.isInteger(port) ? port : 9092;
}

/** The value of a property as a number; undefined for one that is not set, or no number. */
export function numberOf({ properties }: Broker, name: string): number | undefined {
  const value = properties.get(name)?.value;
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** Where a property is set, else where the service is. */
export function placeOf(broker: Broker, ...names: readonly string[]): Service['at'] {
  const property = names.map((name) => broker.properties.get(name)).find(Boolean);
  return property?.at ?? broker.service.at;
}

/** Whether the images are those of Confluent, which have rules of their own. */
export function isConfluent({ dialect }: Broker): boolean {
  return dialect === confluentBroker;
}
