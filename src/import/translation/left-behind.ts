import { parseProtocols } from '../listener.js';
import type { Broker } from '../broker.js';
import type { Cluster, ComposeContext } from '../context.js';
import { isMeantForData, mountOf } from '../kept.js';
import type { Service } from '../model.js';
import { listenerPorts, reachOf } from '../reach.js';
import type { Server } from '../server.js';
import type { Place } from '../yaml-tree.js';
import { changed, leftBehind, type Remark } from './part.js';

/** What of brokers and ZooKeepers has no place in a specification. */
export function leftBehindRemarks(context: ComposeContext, cluster: Cluster): Remark[] {
  const nodes = [...cluster.brokers, ...cluster.servers];
  return [
    ...cluster.brokers.flatMap((broker) => [
      ...securedListeners(broker),
      ...otherMachines(broker, context),
    ]),
    ...nodes.flatMap((node) => [
      ...keys(node),
      ...variables(node.service),
      ...mounts(node),
      ...ports(node),
    ]),
  ];
}

function remark(service: Service, at: Place, what: string, why: string, fix: string): Remark {
  return leftBehind({ at, service, message: `${what} is left out`, why, fix });
}

function securedListeners(broker: Broker): Remark[] {
  const { service, properties, protocols, advertised } = broker;
  const map = properties.get('listener.security.protocol.map');
  const of = (name: string): string => (protocols ?? parseProtocols('')).get(name) ?? name;
  const secured = advertised.filter(({ name }) => /^(SSL|SASL_)/.test(of(name)));
  const [first] = secured;
  if (!first) return [];
  return [
    changed({
      level: 'warning',
      at: map?.at ?? first.at,
      service,
      message: `${secured.map(({ name }) => name).join(', ')} ${secured.length === 1 ? 'becomes' : 'become'} PLAINTEXT`,
      why: 'kcluster has no certificates and no users: its listeners are for this machine.',
      fix: 'Point clients to the plain listeners, without TLS and SASL.',
    }),
  ];
}

/** A listener for other machines is not opened unless it is asked for again. */
function otherMachines(broker: Broker, context: ComposeContext): Remark[] {
  return broker.advertised.flatMap((listener) => {
    const reach = reachOf(listener, broker, context);
    const at = listener.at;
    const { service } = broker;
    if (reach === 'outside') {
      return [
        leftBehind({
          at,
          service,
          message: `${listener.host} is not advertised`,
          why: 'kcluster listens on loopback only, unless it is asked to open a port to other machines.',
          fix: `Add listeners.advertise: ${listener.host} and listeners.bind: 0.0.0.0 to kcluster.yaml where other machines need it.`,
        }),
      ];
    }
    if (reach !== 'docker-host') return [];
    return [
      leftBehind({
        at,
        service,
        message: `${listener.host} is not advertised`,
        why: 'Containers that reach the host need an address to bind, which is another one on each system.',
        fix: 'Add listeners.dockerHost: 172.17.0.1 to kcluster.yaml on Linux, or 127.0.0.1 with Docker Desktop.',
      }),
    ];
  });
}

const resources = 'kcluster sets no limits; heaps are said by kafka.heap and zookeeper.heap.';
const container = "The image's own is what kcluster takes.";

/** Keys that a specification has no word for, with why. */
const keyReasons: Readonly<Record<string, string>> = {
  cap_add: container,
  command: container,
  configs: container,
  cpus: resources,
  deploy: resources,
  entrypoint: container,
  extra_hosts: container,
  mem_limit: resources,
  memswap_limit: resources,
  privileged: container,
  secrets: container,
  security_opt: container,
  sysctls: container,
  ulimits: resources,
  user: container,
};

function keys(node: Broker | Server): Remark[] {
  const { service, dialect } = node;
  const isRead = 'byCommand' in dialect && dialect.byCommand;
  return [...service.keys].flatMap(([key, at]) => {
    const why = keyReasons[key];
    const isCommand = key === 'command' || key === 'entrypoint';
    const isScale = key === 'deploy' && service.replicas !== undefined;
    if (why === undefined || (isCommand && isRead) || isScale) return [];
    const fix = isCommand
      ? 'Say settings in kcluster.yaml; make topics and users with tools, once the cluster is up.'
      : 'Leave it out, or go on with the compose file where it matters.';
    return [remark(service, at, key, why, fix)];
  });
}

/** Variables that speak to the JVM and to scripts. */
const variableReasons: readonly (readonly [name: RegExp, why: string])[] = [
  [
    /^(KAFKA_OPTS|EXTRA_ARGS|JAVA_OPTS|JDK_JAVA_OPTIONS|JAVA_TOOL_OPTIONS)$/,
    'Files and agents that it names are not in the containers of kcluster.',
  ],
  [/^(KAFKA_)?JMX_|^KAFKA_JMX_|^JMX/, 'kcluster opens no port of JMX.'],
  [
    /^(KAFKA_)?LOG4J_|^KAFKA_TOOLS_LOG4J/,
    'Logging is as the images have it; `kcluster logs` shows it.',
  ],
  [/^CUSTOM_INIT_SCRIPT$/, 'kcluster runs no scripts of its own in containers.'],
];

function variables({ environment, ...service }: Service): Remark[] {
  return [...environment.values()].flatMap(({ name, value, at }) => {
    // Settings of ZooKeeper among them are carried over by their own names.
    const rest = value.replaceAll(/-Dzookeeper\.[\w.-]+=\S+/g, '').trim();
    const [, why] = variableReasons.find(([pattern]) => pattern.test(name)) ?? [];
    if (why === undefined || rest === '') return [];
    return [remark({ environment, ...service }, at, name, why, 'Leave it out.')];
  });
}

function mounts(node: Broker | Server): Remark[] {
  const { service } = node;
  const kept = mountOf(node);
  return service.mounts.flatMap((mount) => {
    const isData = mount === kept || node.dataDirs.some((dir) => dir.startsWith(mount.target));
    if (isData && mount.kind !== 'bind') return [];
    if (isData || (!kept && isMeantForData(mount))) {
      return [
        changed({
          at: mount.at,
          service,
          message: `${mount.source ?? mount.target} becomes a named volume, which begins empty`,
          why: 'kcluster keeps the data of Kafka and ZooKeeper as a pair, on volumes of its own.',
          fix: '`kcluster down` keeps it, `kcluster down --volumes` removes it.',
        }),
      ];
    }
    return [
      remark(
        service,
        mount.at,
        `the mount at ${mount.target}`,
        'Containers of kcluster have no mounts but their data.',
        'Say what it is for in the settings of kcluster.yaml, if it can be said there.',
      ),
    ];
  });
}

/** Published ports that are no listener and no port of clients. */
function ports(node: Broker | Server): Remark[] {
  const { service } = node;
  const known =
    'listeners' in node
      ? listenerPorts(node)
      : service.ports.filter(({ container: port }) => port === node.clientPort);
  return service.ports
    .filter((port) => !known.includes(port))
    .map(({ host, container: inside, at }) =>
      remark(
        service,
        at,
        `port ${host ?? inside}`,
        'kcluster publishes the listeners of brokers and the client ports of ZooKeepers.',
        'Leave it out.',
      ),
    );
}
