import type { AddressFacts, Service, TlsFacts } from './facts.js';
import { isLoopback } from './ip.js';
import type { Judgement, Verdict } from './verdict.js';

/** Who speaks at an address that accepts connections. */
export function protocolVerdict(facts: AddressFacts): Verdict {
  const { service } = facts;
  if (!service) throw new Error('nobody was asked, there was no connection');
  const verdict = { name: 'protocol', ...judge(service, facts) };
  return facts.holder === undefined || service.kind === 'kafka'
    ? verdict
    : { ...verdict, detail: `${verdict.detail}; the port is held by ${facts.holder}` };
}

function judge(service: Service, facts: AddressFacts): Judgement {
  const of = judges[service.kind] as (service: Service, facts: AddressFacts) => Judgement;
  return of(service, facts);
}

const judges: {
  [Kind in Service['kind']]: (
    service: Extract<Service, { kind: Kind }>,
    facts: AddressFacts,
  ) => Judgement;
} = {
  kafka: ({ tls }) =>
    tls
      ? {
          code: 'wants-tls',
          level: 'warn',
          detail: `Kafka answers, over TLS${certificateOf(tls)}`,
          mend: 'Clients need `security.protocol=SSL`, and to trust its certificate, which is not verified here.',
        }
      : { code: 'ok', level: 'ok', detail: 'Kafka answers' },
  sasl: ({ mechanisms, tls }) => ({
    code: 'wants-sasl',
    level: 'fail',
    detail: `Kafka answers${tls ? ', over TLS,' : ''} and wants SASL: ${mechanisms.join(', ')}`,
    mend: `Give clients \`security.protocol=${tls ? 'SASL_SSL' : 'SASL_PLAINTEXT'}\`, \`sasl.mechanism\` and credentials, or a listener that wants none. What it advertises it tells only after that.`,
  }),
  'kafka-controller': () => ({
    code: 'kraft-controller',
    level: 'fail',
    detail: 'a KRaft controller answers, which serves no clients',
    mend: "Name a broker's listener, not one of `controller.quorum.voters`.",
  }),
  'kafka-unready': () => ({
    code: 'kafka-unready',
    level: 'fail',
    detail: 'Kafka answers, but tells no metadata',
    mend: 'It may be starting or stopping: look at its log, and ask again.',
  }),
  zookeeper: ({ kafkaAt }) => ({
    code: 'zookeeper',
    level: 'fail',
    detail: 'ZooKeeper answers, not Kafka',
    mend: kafkaWords(kafkaAt),
  }),
  tls: ({ tls, wantsCertificate }) =>
    wantsCertificate
      ? {
          code: 'wants-certificate',
          level: 'fail',
          detail: `TLS answers${certificateOf(tls)}, and wants a certificate of the client`,
          mend: 'Give clients `security.protocol=SSL` and a key with `ssl.keystore.location`.',
        }
      : {
          code: 'tls',
          level: 'fail',
          detail: `TLS answers${certificateOf(tls)}, but no Kafka in it`,
          mend: 'It may be HTTPS, or a proxy that has no broker behind it: see that the port is right.',
        },
  http: ({ begin }) => ({
    code: 'http',
    level: 'fail',
    detail: `HTTP answers, not Kafka: "${begin}"`,
    mend: 'It may be a REST proxy, a schema registry, Kafka Connect or a console: name the port of a broker.',
  }),
  other: ({ begin }) => ({
    code: 'other-protocol',
    level: 'fail',
    detail: `something else than Kafka answers: "${begin}"`,
    mend: 'Name the port of a broker.',
  }),
  closes: ({ atOnce }, { connections }) => ({
    code: 'closes',
    level: 'fail',
    detail: atOnce
      ? 'the connection is accepted and closed at once'
      : 'the connection is closed as soon as a word is said',
    mend: atOnce && connections.some(({ ip }) => isLoopback(ip)) ? emptyContainer : closedByServer,
  }),
  silent: () => ({
    code: 'silent',
    level: 'fail',
    detail: 'the connection is accepted, but nothing is answered',
    mend: 'A broker that is paused or overloaded does so, and a server of another protocol: see its log, and `docker ps` for a paused container.',
  }),
};

const emptyContainer =
  "Docker does so for a port that it publishes while nothing listens on it in the container: the broker is starting, has died, or its `listeners` has only the container's loopback, or another port. See its log.";
const closedByServer =
  'A server of another protocol does so, or a proxy that does not reach its server: see that the port is right, and its log.';

function certificateOf({ subject }: TlsFacts): string {
  return subject === undefined ? '' : ` (certificate of ${subject})`;
}

function kafkaWords(endpoints: readonly string[] | undefined): string {
  if (!endpoints)
    return 'Clients connect to a broker, not to ZooKeeper: name the port of a broker.';
  return endpoints.length === 0
    ? 'Clients connect to a broker, not to ZooKeeper, and no broker is registered in this one (at its root).'
    : `Clients connect to a broker, not to ZooKeeper. Kafka is at ${endpoints.join(', ')}.`;
}
