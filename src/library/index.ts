/**
 * A real Apache ZooKeeper + Apache Kafka cluster for a program or a test suite.
 * @packageDocumentation
 */
export type { ZooKeeperMode } from '../clients/srvr.js';
export type { Lease, Owner } from '../cluster/lease.js';
export { ExitCode, KclusterError, type FailureKind } from '../errors.js';
export type { ClusterAddresses } from '../operations/addresses.js';
export type { Health, NodeHealth } from '../readiness/health.js';
export type { Check } from '../smoke/report.js';
export { createCluster } from './create.js';
export type { Specification } from './specification.js';
export type {
  Cluster,
  ClusterNode,
  ClusterOptions,
  ClusterStatus,
  EngineName,
  Event,
  NodeLogOptions,
  SmokeReport,
} from './types.js';
