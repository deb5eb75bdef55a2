import type { ConnectionReport } from '../check/judge.js';
import { findingLines } from './finding-lines.js';
import type { Style } from './style.js';

/** Every hop of a client's way for people, each that is not fine with what to do about it. */
export function connectionText(report: ConnectionReport, style: Style): string {
  const hops = [...report.hops, ...report.brokers];
  return [...hops.flatMap((hop) => findingLines(hop, style)), verdict(report, style)].join('\n');
}

function verdict({ address, ok, hops, brokers }: ConnectionReport, style: Style): string {
  const client = `a client that begins at ${address}`;
  if (ok) return style.good(`${client} reaches every broker as it is advertised`);
  const broken = hops.find(({ level }) => level === 'fail');
  if (broken) return style.bad(`${client} fails at the ${broken.name}`);
  const lost = brokers.filter(({ level }) => level === 'fail');
  return style.bad(`${client} does not reach ${lost.length} of ${brokers.length} brokers`);
}
