import { numberOf, type Broker } from '../broker.js';
import type { Cluster } from '../context.js';
import { changed, type Remark } from './part.js';

/** One broker of the cluster that is to be. */
export interface Unit {
  broker: Broker;
  /** By its place, from 1 on. */
  id: number;
}

/** The most brokers that a cluster of kcluster has. */
const mostBrokers = 9;

/** The brokers one by one, in the order of their ids where each has one. */
export function unitsOf({ brokers }: Cluster): Unit[] {
  const ids = brokers.map((broker) => numberOf(broker, 'broker.id'));
  const areDistinct = new Set(ids).size === ids.length && !ids.includes(undefined);
  const inOrder = areDistinct
    ? brokers.toSorted((a, b) => numberOf(a, 'broker.id')! - numberOf(b, 'broker.id')!)
    : brokers;
  return inOrder
    .flatMap((broker) => Array.from({ length: Math.max(1, broker.count) }, () => broker))
    .slice(0, mostBrokers)
    .map((broker, index) => ({ broker, id: index + 1 }));
}

/** What becomes of ids that are not 1, 2, 3 and so on. */
export function idRemarks(units: readonly Unit[]): Remark[] {
  return units.flatMap(({ broker, id }) => {
    const said = broker.properties.get('broker.id');
    if (!said || said.value === String(id) || broker.count > 1) return [];
    return [
      changed({
        at: said.at,
        service: broker.service,
        message: `broker ${said.value} becomes broker ${id}`,
        why: 'kcluster numbers brokers from 1 on.',
        fix: `Call it broker-${id}.`,
      }),
    ];
  });
}
