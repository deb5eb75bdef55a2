import type { ClusterView } from '../clients/protocol/diagnosis.js';
import type { Emit } from '../report/events.js';
import { formatAddress, type Address } from '../topology/address.js';
import type { BrokerFacts } from './facts.js';
import { judgeConnection, type ConnectionReport } from './judge.js';
import { probe, type ProbeContext } from './probe.js';

export interface CheckContext extends ProbeContext {
  emit: Emit;
}

/**
 * Goes the way of a client: to the address that it is given, and from there to every broker as it is advertised.
 * Brokers are asked side by side. What fails is in the report.
 */
export async function checkConnection(
  address: Address,
  context: CheckContext,
): Promise<ConnectionReport> {
  const at = formatAddress(address);
  context.emit({ type: 'waiting', for: `what answers at ${at}` });
  const asked = await probe(address, context);
  const { service } = asked;
  if (service?.kind !== 'kafka') return judgeConnection({ asked, brokers: [] });
  const ids = service.view.brokers.map(({ id }) => id);
  context.emit({ type: 'waiting', for: `brokers ${ids.join(', ')} as advertised at ${at}` });
  const brokers = await probeBrokers(service.view, context);
  return judgeConnection({ asked, brokers });
}

async function probeBrokers(
  { brokers, clusterId }: ClusterView,
  context: CheckContext,
): Promise<BrokerFacts[]> {
  return await Promise.all(
    brokers.map(async ({ id, address }) => ({
      id,
      facts: await probe(address, context, { id, clusterId }),
    })),
  );
}
