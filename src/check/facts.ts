import type { ClusterView, Identity } from '../clients/protocol/diagnosis.js';
import type { ZooKeeperMode } from '../clients/srvr.js';
import type { Address } from '../topology/address.js';

/** What a name came to: its addresses in the system's order, or the code of the failure (`ENOTFOUND`, `ETIMEDOUT`). */
export type Resolution = { ips: string[] } | { code: string };

/** An attempt to connect to one address of a name; without a code it succeeded. */
export interface Connection {
  ip: string;
  /** Such as `ECONNREFUSED`; `ETIMEDOUT` also when it took longer than we wait. */
  code?: string;
}

/** Who speaks at a port. */
export type Service =
  | { kind: 'kafka'; tls?: TlsFacts; view: ClusterView; identity: Identity }
  /** A listener of a KRaft controller: it serves no Metadata. */
  | { kind: 'kafka-controller' }
  | { kind: 'sasl'; tls?: TlsFacts; mechanisms: string[] }
  /** Answers ApiVersions, but not Metadata. */
  | { kind: 'kafka-unready' }
  /** `kafkaAt`: endpoints of the brokers that are registered in it; undefined where it does not tell. */
  | { kind: 'zookeeper'; mode?: ZooKeeperMode; kafkaAt?: string[] }
  /** TLS, but no Kafka in it. */
  | { kind: 'tls'; tls: TlsFacts; wantsCertificate: boolean }
  /** `begin`: how its answer begins. */
  | { kind: 'http'; begin: string }
  | { kind: 'other'; begin: string }
  /** The connection is accepted and ended: before a word, or when one is said. */
  | { kind: 'closes'; atOnce: boolean }
  | { kind: 'silent' };

export type Kafka = Extract<Service, { kind: 'kafka' }>;

export interface TlsFacts {
  /** The common name of the server's certificate. */
  subject?: string;
}

/** Everything that was found out about one address. */
export interface AddressFacts {
  address: Address;
  resolution: Resolution;
  /** One for each address of the name. */
  connections: Connection[];
  /** Undefined where no connection was made. */
  service?: Service;
  /** Who has the port, in words, where it is one of this machine and no Kafka answers. */
  holder?: string;
}

/** Everything that was found out: the address that was asked, and each broker at the one that it advertises. */
export interface ConnectionFacts {
  asked: AddressFacts;
  brokers: BrokerFacts[];
}

export interface BrokerFacts {
  id: number;
  facts: AddressFacts;
}
