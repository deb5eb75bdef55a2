import type { Variable } from '../model.js';
import type { Server } from '../server.js';
import { confluentServer } from '../server-dialects.js';
import { shellWords } from '../shell-words.js';
import { leftBehind, partOf, type Part, type Remark } from './part.js';
import { sharedAndOwn } from './shared.js';
import type { Unit } from './units.js';

/** Heaps and options of the JVMs. */
export function jvmPart(units: readonly Unit[], servers: readonly Server[]): Part {
  const [server] = servers;
  const heaps = units.map(({ broker }) => heapOf(brokerHeap(broker.service)));
  const options = units.map(({ broker }) => optionsOf(brokerOptions(broker.service)));
  const serverWords = server && shellWords(serverLine(server));
  return partOf(
    [
      ...sharedAndOwn(heaps, 'heap'),
      ...sharedAndOwn(options, 'jvmOptions'),
      [['zookeeper', 'heap'], server && (heapIn(serverWords!) ?? sizedHeap(server))],
      [['zookeeper', 'jvmOptions'], serverWords && usable(serverWords)],
    ],
    units.flatMap(({ broker }) => optionRemarks(broker.service)),
  );
}

type Service = Server['service'];

function brokerHeap({ environment }: Service): Variable | undefined {
  return environment.get('KAFKA_HEAP_OPTS') ?? environment.get('HEAP_OPTS');
}

function brokerOptions({ environment }: Service): Variable | undefined {
  return environment.get('KAFKA_JVM_PERFORMANCE_OPTS');
}

/** All that a ZooKeeper's JVM is told. */
function serverLine({ service, dialect }: Server): string {
  const names =
    dialect.jvm === confluentServer.jvm
      ? ['KAFKA_HEAP_OPTS', 'KAFKA_JVM_PERFORMANCE_OPTS']
      : ['SERVER_JVMFLAGS', 'JVMFLAGS'];
  return names.map((name) => service.environment.get(name)?.value ?? '').join(' ');
}

/** Bitnami's image and ZooKeeper's own scripts take a number of megabytes. */
function sizedHeap({ service }: Server): string | undefined {
  const size =
    service.environment.get('ZOO_HEAP_SIZE') ?? service.environment.get('ZK_SERVER_HEAP');
  return size && /^[1-9]\d*$/.test(size.value) ? `${size.value}m` : undefined;
}

function heapOf(variable: Variable | undefined): string | undefined {
  return variable && heapIn(shellWords(variable.value));
}

/** `512m` of `-Xmx512M`. */
function heapIn(words: readonly string[]): string | undefined {
  const most = words.findLast((word) => /^-Xmx[1-9]\d*[kmgKMG]$/.test(word));
  return most?.slice('-Xmx'.length).toLowerCase();
}

function optionsOf(variable: Variable | undefined): readonly string[] | undefined {
  return variable && usable(shellWords(variable.value));
}

/** Of the JVM itself: what it is told of Kafka and ZooKeeper stands elsewhere. */
function usable(words: readonly string[]): readonly string[] | undefined {
  const options = words.filter(
    (word) => /^-(XX:|server$|X(?!m[sx]))\S*$/.test(word) && !gone.test(word),
  );
  return options.length > 0 ? options : undefined;
}

/** Options on which the Java of today's images does not start. */
const gone =
  /ConcMarkSweep|ParNew|CMS|PrintGC|PrintTenuring|PrintHeapAtGC|GCLogFile|AggressiveOpts|MaxPermSize|PrintGCDateStamps/;

function optionRemarks(service: Service): Remark[] {
  const variable = brokerOptions(service);
  const words = shellWords(variable?.value ?? '').filter((word) => gone.test(word));
  if (!variable || words.length === 0) return [];
  return [
    leftBehind({
      at: variable.at,
      service,
      message: `${words.join(' ')} is left out`,
      why: 'Newer Java does not know it, and does not start with it.',
      fix: 'Say kafka.jvmOptions in kcluster.yaml where other options are needed.',
    }),
  ];
}
