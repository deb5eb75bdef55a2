import { execa } from 'execa';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { reservePorts } from '../../src/system/port-reservation.js';
import { isAnswered, isPortFree, isPortFreeOn, portState } from '../../src/system/ports.js';

describe('isPortFree', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::'])('sees a listener on %s', async (host) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as { port: number };
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});

describe('portState', () => {
  it('of 0.0.0.0 is that of every address', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await portState({ host: '0.0.0.0', port })).toBe('taken');
    await new Promise((resolve) => server.close(resolve));
    expect(await portState({ host: '0.0.0.0', port })).toBe('free');
  });

  it('tells an address that is not of this machine', async () => {
    // RFC 5737: no machine has an address for documentation.
    expect(await portState({ host: '192.0.2.199', port: 9092 })).toBe('no such address');
  });
});

describe('isAnswered', () => {
  it('is so where something listens, and nowhere else', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await isAnswered({ host: '127.0.0.1', port })).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await isAnswered({ host: '127.0.0.1', port })).toBe(false);
    expect(await isAnswered({ host: 'no-such-host.invalid', port })).toBe(false);
  });
});

describe('reservePorts', () => {
  it('gives ports that are free on every address given', async () => {
    const hosts = ['127.0.0.1', '0.0.0.0', '127.0.0.2'];
    const isFree = async (port: number): Promise<boolean> => await isPortFreeOn(hosts, port);
    const { ports, release } = await reservePorts(5, isFree);
    for (const port of ports)
      for (const host of hosts) expect(await portState({ host, port })).toBe('free');
    await release();
  });

  it('gives different ports to runs at once, below the ephemeral ones', async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(async () => await reservePorts(20)));
    const ports = runs.flatMap((run) => run.ports);
    expect(new Set(ports).size).toBe(80);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    await Promise.all(runs.map(async ({ release }) => await release()));
  });

  it('holds them against every process of the machine, until their release', async () => {
    const { ports, release } = await reservePorts(3);
    expect(await Promise.all(ports.map(couldReserve))).toEqual([false, false, false]);
    await release();
    expect(await Promise.all(ports.map(couldReserve))).toEqual([true, true, true]);
  });
});

/** Whether another process could hold what stands for the port. */
async function couldReserve(port: number): Promise<boolean> {
  const script = `require('dgram').createSocket('udp4').on('error', () => process.exit(1))
    .bind({ port: ${port}, address: '127.0.0.1' }, () => process.exit(0))`;
  const { exitCode } = await execa(process.execPath, ['--eval', script], { reject: false });
  return exitCode === 0;
}
