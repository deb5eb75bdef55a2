import type { Finding } from '../cluster/diagnosis.js';

/** What can be said of one hop. */
export type VerdictCode =
  | 'ok'
  // A name.
  | 'unresolved'
  // A connection.
  | 'first-address-fails'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  // Who speaks.
  | 'wants-tls'
  | 'wants-sasl'
  | 'wants-certificate'
  | 'kraft-controller'
  | 'kafka-unready'
  | 'zookeeper'
  | 'http'
  | 'tls'
  | 'other-protocol'
  | 'closes'
  | 'silent'
  // The metadata.
  | 'no-brokers'
  | 'no-controller'
  | 'controller-unlisted'
  // An advertised address.
  | 'wildcard'
  | 'loopback'
  | 'container-id'
  | 'container-name'
  | 'other-cluster'
  | 'other-broker'
  | 'other-security'
  | 'unlisted'
  | 'listed-elsewhere';

/** How one hop came out. The name says which; a `warn` works here and may not elsewhere. */
export interface Verdict extends Finding {
  code: VerdictCode;
}

/** A verdict on a hop whose name goes without saying. */
export type Judgement = Omit<Verdict, 'name'>;

/** A broker, and how its advertised address came out. */
export interface BrokerVerdict extends Verdict {
  id: number;
  /** As advertised, `HOST:PORT`. */
  address: string;
}
