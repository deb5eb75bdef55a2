import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { parseAddress } from '../topology/address.js';
import { sharedCluster, type SharedCluster } from './shared.js';

/** Names that nobody else uses on a cluster that is shared. */
export interface Isolated extends AsyncDisposable {
  /** With what each of the names begins. */
  readonly prefix: string;
  /** The name of a topic of this test's own. It is not made by this. */
  topic(name: string): string;
  /** The id of a consumer group of this test's own. */
  group(name: string): string;
  /**
   * Deletes the topics and groups whose names begin with the prefix. The same as leaving `await using`.
   * @throws KclusterError `conflict` for a group whose consumers are still connected, and no topic is deleted then;
   * `usage` when the run shares no cluster
   */
  clean(): Promise<void>;
}

/**
 * Names of a test, or of a file of tests, that meet those of no other one.
 * @param cluster where `clean` deletes; the one that the run shares when it is left out
 */
export function isolated(cluster?: Pick<SharedCluster, 'bootstrapServers'>): Isolated {
  const prefix = `t${randomBytes(6).toString('hex')}-`;
  const named = (name: string): string => `${prefix}${name}`;
  const clean = async (): Promise<void> => {
    // Only now: Mocha loads the files of tests before it makes the cluster.
    const { bootstrapServers } = cluster ?? sharedCluster();
    const bootstrap = bootstrapServers.split(',').map(parseAddress);
    const { deleteByPrefix } = await import('../operations/own-names.js');
    await deleteByPrefix({ bootstrap, dial: (to) => connect(to) }, prefix);
  };
  return { prefix, topic: named, group: named, clean, [Symbol.asyncDispose]: clean };
}
