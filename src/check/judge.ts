import { formatAddress } from '../topology/address.js';
import { brokerVerdict, type AskedKafka } from './broker-verdict.js';
import type { AddressFacts, ConnectionFacts } from './facts.js';
import { hopVerdicts } from './hop-verdicts.js';
import { metadataVerdict } from './metadata-verdict.js';
import type { BrokerVerdict, Verdict } from './verdict.js';

/** Whether a client that begins at an address comes to every broker, and where it breaks. */
export interface ConnectionReport {
  /** As asked, `HOST:PORT`. */
  address: string;
  ok: boolean;
  /** To the address and its metadata; the last is the first that failed. */
  hops: Verdict[];
  /** What is told there, when Kafka answers. */
  cluster?: { id?: string; controller?: number; tls: boolean };
  /** Every broker that is told there, by id. */
  brokers: BrokerVerdict[];
}

/** Facts in, findings out. Pure. */
export function judgeConnection({ asked, brokers }: ConnectionFacts): ConnectionReport {
  const hops = hopVerdicts(asked);
  const address = formatAddress(asked.address);
  if (!isKafka(asked)) return { address, ok: false, hops, brokers: [] };
  const { view, tls } = asked.service;
  hops.push(metadataVerdict(view));
  if (brokers.length > 0 && !brokers.some(({ facts }) => isSameAddress(facts, asked)))
    hops.push(entryVerdict(address));
  const verdicts = brokers.map((broker) => brokerVerdict(broker, asked));
  return {
    address,
    ok: [...hops, ...verdicts].every(({ level }) => level !== 'fail'),
    hops,
    cluster: {
      ...(view.clusterId !== undefined && { id: view.clusterId }),
      ...(view.controller !== undefined && { controller: view.controller }),
      tls: tls !== undefined,
    },
    brokers: verdicts,
  };
}

function isKafka(facts: AddressFacts): facts is AskedKafka {
  return facts.service?.kind === 'kafka';
}

/** The same port of the same machine, whatever it is called. */
function isSameAddress(one: AddressFacts, other: AddressFacts): boolean {
  if (one.address.port !== other.address.port) return false;
  const ips = ipsOf(other);
  return one.address.host === other.address.host || ipsOf(one).some((ip) => ips.includes(ip));
}

function ipsOf({ resolution }: AddressFacts): string[] {
  return 'ips' in resolution ? resolution.ips : [];
}

function entryVerdict(address: string): Verdict {
  return {
    name: 'way on',
    code: 'ok',
    level: 'ok',
    detail: `no broker is advertised at ${address}: clients begin there, and go on to the addresses below`,
  };
}
