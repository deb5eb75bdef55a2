import { describe, expect, it } from 'vitest';
import { beliefMs } from '../../src/cluster/lease.js';
import { KclusterError } from '../../src/errors.js';
import { wishedLease } from '../../src/operations/lease-options.js';
import { stateOf } from '../../src/system/machine-process.js';

describe('the lease that is asked for', () => {
  it('is none where nothing is said of it', () => {
    expect(wishedLease({})).toBeUndefined();
  });

  it('is to end with `never`', () => {
    expect(wishedLease({ detachAfter: 'never' })).toBe('never');
  });

  it('has a time', () => {
    const before = Date.now();
    const lease = wishedLease({ detachAfter: 1000 });
    expect(lease).toEqual({ until: expect.any(Number) as number });
    const { until } = lease as { until: number };
    expect(until - 1000).toBeGreaterThanOrEqual(before);
    expect(until - 1000).toBeLessThanOrEqual(Date.now());
  });

  it('has an owner that runs, and is believed in for a while', () => {
    const lease = wishedLease({ owner: process.pid, detachAfter: 'never' });
    if (typeof lease !== 'object') throw new Error('no lease');
    expect(lease.until).toBeUndefined();
    expect(lease.owner).toMatchObject({ pid: process.pid, command: `process ${process.pid}` });
    expect(stateOf(lease.owner!)).toBe('runs');
    expect(stateOf({ ...lease.owner!, start: '1.boot' })).toBe('ended');
    expect(stateOf({ ...lease.owner!, machine: 'another' })).toBe('elsewhere');
    expect(lease.owner!.believedUntil).toBeGreaterThan(Date.now() + beliefMs - 10_000);
  });

  it('has both', () => {
    expect(Object.keys(wishedLease({ owner: process.pid, detachAfter: 5 }) ?? {})).toEqual([
      'owner',
      'until',
    ]);
  });

  it('is refused for an owner that does not run', () => {
    // Above the largest pid of Linux (proc_sys_kernel(5), pid_max).
    const refused = (): unknown => wishedLease({ owner: 4_194_305 });
    expect(refused).toThrow('--owner 4194305: there is no such process');
    expect(refused).toThrow(KclusterError);
  });
});
