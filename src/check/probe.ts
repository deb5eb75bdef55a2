import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { codeOf } from '../errors.js';
import type { Address } from '../topology/address.js';
import type { AddressFacts, Connection, Resolution, Service } from './facts.js';
import { identify } from './identify.js';
import { isLoopback } from './ip.js';
import { isSameCluster } from './same-cluster.js';
import type { Standpoint } from './standpoint.js';

/** Who should be at an address that is advertised. */
export interface Expected {
  id: number;
  /** Undefined where the broker that was asked first tells none. */
  clusterId: string | undefined;
}

/** With what an address is probed. */
export interface ProbeContext {
  standpoint: Standpoint;
  /** For each step. */
  timeoutMs: number;
  /** Who has a port of this machine, in words. */
  portHolder(port: number): Promise<string | undefined>;
}

/**
 * Finds out about one address all that there is: its name, its port, who speaks there.
 * @param expected who is said to be there, if it is an advertised address
 */
export async function probe(
  address: Address,
  context: ProbeContext,
  expected?: Expected,
): Promise<AddressFacts> {
  const resolution = await resolve(address.host, context);
  const ips = 'ips' in resolution ? resolution.ips : [];
  const connections = await Promise.all(ips.map((ip) => attempt(ip, address.port, context)));
  const service = await serviceAt(address, connections, context, expected);
  const wrong = !service || !isExpected(service, expected);
  // Asked only where something is wrong: it may take as long as all the rest.
  const holder = wrong && ips.some(isLoopback) ? await context.portHolder(address.port) : undefined;
  return {
    address,
    resolution,
    connections,
    ...(service && { service }),
    ...(holder !== undefined && { holder }),
  };
}

async function resolve(host: string, { standpoint, timeoutMs }: ProbeContext): Promise<Resolution> {
  if (isIP(host) !== 0) return { ips: [host] };
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<Resolution>((done) => {
    timer = setTimeout(() => done({ code: 'ETIMEDOUT' }), timeoutMs);
  });
  try {
    const lookup = standpoint.resolve(host).then((ips) => ({ ips: [...new Set(ips)] }));
    return await Promise.race([lookup, tooLong]);
  } catch (error) {
    return { code: codeOf(error) ?? 'ENOTFOUND' };
  } finally {
    clearTimeout(timer);
  }
}

async function attempt(
  ip: string,
  port: number,
  { standpoint, timeoutMs }: ProbeContext,
): Promise<Connection> {
  const code = await failureOf(standpoint.dial({ host: ip, port }), timeoutMs);
  return { ip, ...(code !== undefined && { code }) };
}

/** Waits until the stream is connected; resolves to the code of what came instead. */
async function failureOf(stream: Duplex, timeoutMs: number): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const done = (code?: string): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve(code);
    };
    const timer = setTimeout(() => done('ETIMEDOUT'), timeoutMs);
    stream.on('connect', () => done());
    // Only a connection that stood can be reset, even where the reset is told before it.
    stream.on('error', (error) => {
      const code = codeOf(error) ?? 'ECONNREFUSED';
      done(code === 'ECONNRESET' ? undefined : code);
    });
    stream.on('close', () => done('ECONNREFUSED'));
  });
}

/** Clients speak to the first address of a name that accepts them. */
async function serviceAt(
  { host, port }: Address,
  connections: readonly Connection[],
  { standpoint: { dial }, timeoutMs }: ProbeContext,
  expected: Expected | undefined,
): Promise<Service | undefined> {
  const accepting = connections.find(({ code }) => code === undefined);
  if (!accepting) return undefined;
  return await identify({
    to: { host: accepting.ip, port },
    name: host,
    dial,
    timeoutMs,
    ...(expected && { expectedId: expected.id }),
  });
}

/** Whether it can be the broker that is meant. One that wants SASL tells no more. */
function isExpected(service: Service, expected: Expected | undefined): boolean {
  if (service.kind !== 'kafka') return service.kind === 'sasl';
  return (
    !expected ||
    (service.identity.is !== 'other' && isSameCluster(service.view.clusterId, expected.clusterId))
  );
}
