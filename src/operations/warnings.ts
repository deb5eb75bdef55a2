import type { ClusterSpec } from '../spec/schema.js';
import type { OperationContext } from './context.js';

/** Says what may be meant, but hardly works on this machine. */
export function warnOf(
  { listeners: { dockerHost } }: ClusterSpec,
  { emit }: OperationContext,
): void {
  if (process.platform !== 'linux' || !dockerHost?.startsWith('127.')) return;
  const message = `containers reach ${dockerHost} of the host with Docker Desktop only; otherwise the address for --docker-host is that of docker0, 172.17.0.1`;
  emit({ type: 'warning', message });
}
