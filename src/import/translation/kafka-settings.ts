import type { Property } from '../broker.js';
import { checkValues } from '../../spec/check.js';
import { changed, leftBehind, partOf, type Part, type Remark } from './part.js';
import { sharedAndOwn } from './shared.js';
import type { Unit } from './units.js';

/**
 * Settings of brokers by Kafka's own names, without those that kcluster sets itself and those that come out so anyway.
 * @param usual what each broker has without them, in the order of brokers
 */
export function kafkaSettingsPart(
  units: readonly Unit[],
  usual: readonly ReadonlyMap<string, string>[],
): Part {
  const carried = units.map((unit, index) => carriedBy(unit, units.length, usual[index]!));
  const names = [...new Set(carried.flatMap((each) => [...each.keys()]))].toSorted();
  return partOf(
    names.flatMap((name) =>
      sharedAndOwn(
        carried.map((each) => each.get(name)),
        'settings',
        name,
      ),
    ),
    units.flatMap((unit, index) => {
      const isFirst = units.findIndex(({ broker }) => broker === unit.broker) === index;
      return isFirst ? remarksOf(unit, units.length) : [];
    }),
  );
}

/** The racks of brokers, which kcluster gives out in turn. */
export function racksPart(units: readonly Unit[]): Part {
  const racks = units.map(({ broker }) => broker.properties.get('broker.rack')?.value);
  if (racks.every((rack) => rack === undefined)) return partOf([]);
  const turn = racks.slice(0, new Set(racks).size);
  const isTurn = racks.every((rack, index) => rack === turn[index % turn.length]);
  if (isTurn && !racks.includes(undefined)) return partOf([[['kafka', 'racks'], turn]]);
  return partOf(
    racks.map((rack, index) => [['kafka', 'perBroker', String(index + 1), 'rack'], rack]),
  );
}

function carriedBy(
  { broker }: Unit,
  size: number,
  usual: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map(
    [...broker.properties]
      .filter(([name, { value }]) => fateOf(name, value, size) === 'carried')
      .filter(([name, { value }]) => usual.get(name) !== value)
      .map(([name, { value }]) => [name, value]),
  );
}

/** What becomes of a property. `own`: kcluster sets it. */
type Fate = 'carried' | 'foreign' | 'own' | 'refused' | 'security' | 'too-many' | 'unknown';

function fateOf(name: string, value: string, size: number): Fate {
  if (own.has(name)) return 'own';
  if (security.test(name)) return 'security';
  if (!isKafkas.test(name)) return 'unknown';
  if (isOtherClass(name, value)) return 'foreign';
  const { problems } = checkValues({ kafka: { settings: { [name]: value } } });
  if (problems) return 'refused';
  return replicas.has(name) && Number(value) > size ? 'too-many' : 'carried';
}

const own = new Set([
  'advertised.host.name',
  'advertised.listeners',
  'advertised.port',
  'broker.id',
  'broker.rack',
  'host.name',
  'inter.broker.listener.name',
  'listener.security.protocol.map',
  'listeners',
  'log.dir',
  'log.dirs',
  'port',
  'security.inter.broker.protocol',
  'zookeeper.connect',
]);

/** kcluster's listeners are PLAINTEXT, and nobody is asked who he is. */
const security =
  /^(ssl|sasl|security|listener\.name|authorizer|super\.users|allow\.everyone|delegation\.token|password\.encoder|principal\.builder|zookeeper\.(ssl|set\.acl|clientCnxnSocket))/;

/** The beginnings of Kafka's properties; what begins otherwise is of a script, or of somebody else. */
const isKafkas =
  /^(alter\.|auto\.|background\.|broker\.|client\.quota|compression\.|connection|control(led|ler)?\.|create\.topic\.policy|default\.|delete\.|early\.|eligible\.|fetch\.|group\.|initial\.|inter\.broker\.|kafka\.metrics|leader\.|log\.|max\.|message\.|metadata\.|metric\.reporters|metrics\.|min\.|node\.id|num\.|offset(s)?\.|process\.roles|producer\.|queued\.|quota\.|remote\.|replica\.|request\.|reserved\.|socket\.|telemetry\.|transaction(al)?\.|unclean\.|unstable\.|zookeeper\.(connection\.timeout\.ms|session\.timeout\.ms|max\.in\.flight|metadata))/;

/** A class that is in no jar of Apache Kafka: the broker would not start. */
function isOtherClass(name: string, value: string): boolean {
  const isClass = /(class|class\.name|reporters|classes)$/.test(name);
  return isClass && value.split(',').some((each) => !/^\s*(org\.apache\.kafka|kafka)\./.test(each));
}

/** Properties that count brokers. */
const replicas = new Set([
  'default.replication.factor',
  'min.insync.replicas',
  'offsets.topic.replication.factor',
  'transaction.state.log.min.isr',
  'transaction.state.log.replication.factor',
]);

function remarksOf({ broker }: Unit, size: number): Remark[] {
  const { service, properties, dialect } = broker;
  return [...properties].flatMap(([name, property]) => {
    const fate = fateOf(name, property.value, size);
    if (fate === 'too-many') {
      return [
        changed({
          at: property.at,
          service,
          message: `${name} is left to kcluster`,
          why: `${property.value} is more than there are brokers.`,
          fix: 'It follows the number of brokers.',
        }),
      ];
    }
    const words = reasons[fate];
    // Names that only scripts read are nobody's loss.
    if (!words || (fate === 'unknown' && dialect.property(property.variable) === undefined))
      return [];
    return [lost(name, property, service, ...words)];
  });
}

const reasons: Partial<Record<Fate, readonly [why: string, fix: string]>> = {
  security: [
    'The listeners of kcluster are PLAINTEXT, on loopback and on networks of Docker only.',
    'Test security somewhere else.',
  ],
  unknown: ['It is no property of Apache Kafka.', 'Leave it out.'],
  foreign: [
    "The class is in none of Apache Kafka's jars, and the broker would not start with it.",
    'Leave it out.',
  ],
  refused: [
    'It belongs to KRaft, or is no setting that a file of properties can have.',
    'Leave it out.',
  ],
};

function lost(
  name: string,
  { at, variable }: Property,
  service: Remark['service'],
  why: string,
  fix: string,
): Remark {
  const from = variable === '--override' ? '' : ` (${variable})`;
  return leftBehind({
    at,
    ...(service && { service }),
    message: `${name}${from} is left out`,
    why,
    fix,
  });
}
