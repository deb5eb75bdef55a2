import { formatAddress, type Address } from '../topology/address.js';
import type { AddressFacts, Kafka } from './facts.js';
import { isSameCluster } from './same-cluster.js';
import type { Judgement } from './verdict.js';

/** What is wrong with the broker that answers at an advertised address; undefined when it is the one that is meant. */
export function answererVerdict(
  id: number,
  facts: AddressFacts,
  asked: Kafka,
): Judgement | undefined {
  const { service, address, holder } = facts;
  if (service?.kind !== 'kafka') throw new Error('a hop has failed');
  const at = formatAddress(address);
  const by = holder === undefined ? '' : `; the port is held by ${holder}`;
  const { view, identity } = service;
  if (!isSameCluster(view.clusterId, asked.view.clusterId)) {
    return {
      code: 'other-cluster',
      level: 'fail',
      detail: `at ${at} another cluster answers, ${view.clusterId}${by}`,
      mend: 'Two clusters claim that port here: stop one, or give one another port (`kcluster list` shows those of kcluster).',
    };
  }
  if (identity.is === 'other') {
    const who = identity.id === undefined ? 'another broker' : `broker ${identity.id}`;
    return {
      code: 'other-broker',
      level: 'fail',
      detail: `at ${at} ${who} answers${by}`,
      mend: 'Two brokers are advertised at one address, or ports are forwarded crosswise: give each its own `advertised.listeners`.',
    };
  }
  if (Boolean(service.tls) !== Boolean(asked.tls)) {
    const [there, here] = service.tls ? ['TLS', 'plaintext'] : ['plaintext', 'TLS'];
    return {
      code: 'other-security',
      level: 'fail',
      detail: `at ${at} it speaks ${there}, and ${here} where it was asked first`,
      mend: 'A client speaks one `security.protocol` with all brokers: something between adds or ends TLS, or the port leads to another listener.',
    };
  }
  return listingVerdict(id, address, service);
}

/** Whether the broker's own metadata has it where it is: it tells the client where to go next. */
function listingVerdict(id: number, address: Address, { view }: Kafka): Judgement | undefined {
  const at = formatAddress(address);
  const own = view.brokers.find((broker) => broker.id === id);
  if (!own) {
    return {
      code: 'unlisted',
      level: 'fail',
      detail: `at ${at} the metadata does not list broker ${id}`,
      mend: 'It is starting or stopping, or has lost ZooKeeper: look at its log, and ask again.',
    };
  }
  if (formatAddress(own.address) === at) return undefined;
  return {
    code: 'listed-elsewhere',
    level: 'fail',
    detail: `at ${at} the broker says that it is at ${formatAddress(own.address)}`,
    mend: 'The port leads to another listener of it, and clients are sent on from there: publish the port of the listener that is advertised.',
  };
}
