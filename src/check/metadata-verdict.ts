import type { ClusterView } from '../clients/protocol/diagnosis.js';
import type { Judgement, Verdict } from './verdict.js';

/** Whether the cluster can work by what a broker tells of it. */
export function metadataVerdict(view: ClusterView): Verdict {
  return { name: 'metadata', ...judge(view) };
}

function judge({ brokers, controller, clusterId }: ClusterView): Judgement {
  const ids = brokers.map(({ id }) => id);
  const cluster = clusterId === undefined ? 'a cluster' : `cluster ${clusterId}`;
  const listed = `${ids.length === 1 ? 'broker' : 'brokers'} ${ids.join(', ')}`;
  if (ids.length === 0) {
    return {
      code: 'no-brokers',
      level: 'fail',
      detail: `${cluster} without a single broker`,
      mend: 'The broker that answers is not registered yet, or no more: look at its log.',
    };
  }
  if (controller === undefined) {
    return {
      code: 'no-controller',
      level: 'fail',
      detail: `${cluster}, ${listed}, no controller`,
      mend: "Topics can't be created and leaders not elected until there is one. See whether ZooKeeper (or the KRaft quorum) serves and the brokers reach it.",
    };
  }
  if (!ids.includes(controller)) {
    return {
      code: 'controller-unlisted',
      level: 'fail',
      detail: `${cluster}, ${listed}, and controller ${controller}, which is not among them`,
      mend: `Broker ${controller} has no listener of this name, or has just died: give every broker the same listeners.`,
    };
  }
  return { code: 'ok', level: 'ok', detail: `${cluster}, ${listed}, controller ${controller}` };
}
