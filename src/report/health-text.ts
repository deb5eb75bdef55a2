import type { Health, NodeHealth } from '../readiness/health.js';
import { clusterText } from './cluster-text.js';
import type { Style } from './style.js';
import { table } from './table.js';

/** The state of a cluster for people. */
export function healthText(
  status: Health & { cluster: string; engine: string } & Parameters<typeof clusterText>[0],
  style: Style,
): string {
  const verdict = status.healthy ? style.good('healthy') : style.bad('not healthy');
  const rows = status.nodes.map((node) => [
    node.service,
    node.state === 'running' ? style.good(node.state) : style.bad(node.state),
    node.address,
    roleText(node),
    node.handle,
  ]);
  return [
    `${style.strong(`cluster "${status.cluster}"`)} on the ${status.engine} engine is ${verdict}`,
    clusterText(status),
    '',
    table(['NODE', 'STATE', 'ADDRESS', 'ROLE', 'RUNS AS'], rows, style),
    ...(status.healthy
      ? []
      : ['', ...status.problems.map((problem) => `${style.bad('✗')} ${problem}`)]),
  ].join('\n');
}

function roleText({ role, mode, registered, lists, controller }: NodeHealth): string {
  if (role === 'zookeeper') return mode ?? 'does not serve';
  if (!lists) return 'does not answer';
  const parts = [
    ...(controller ? ['controller'] : []),
    registered ? 'registered' : 'not registered',
    `lists ${lists.join(',')}`,
  ];
  return parts.join(', ');
}
