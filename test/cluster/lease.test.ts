import { describe, expect, it } from 'vitest';
import {
  beliefMs,
  overBecause,
  parseLease,
  renewed,
  type Lease,
  type Owner,
  type OwnerState,
} from '../../src/cluster/lease.js';

const now = 1_000_000_000_000;
const owner: Owner = {
  machine: 'boot/pid:[1]',
  pid: 42,
  start: '7.boot',
  command: 'npm test',
  believedUntil: now + beliefMs,
};
const ended = 'its owner, process 42, has ended';
const unheard = 'its owner on another machine has not been heard of';

describe('a lease', () => {
  it.each<[string, Lease, OwnerState, string | undefined]>([
    ['has an owner that runs', { owner }, 'runs', undefined],
    ['has an owner that has ended', { owner }, 'ended', ended],
    ['has an owner elsewhere that is believed in', { owner }, 'elsewhere', undefined],
    ['is believed in until now', { owner: believed(now) }, 'elsewhere', unheard],
    ['is believed in for one more moment', { owner: believed(now + 1) }, 'elsewhere', undefined],
    ['is not renewed, but its owner runs here', { owner: believed(0) }, 'runs', undefined],
    ['has time left', { until: now + 1 }, 'runs', undefined],
    ['ends now', { until: now }, 'runs', 'its time is over'],
    ['is long over', { until: 1 }, 'runs', 'its time is over'],
    ['has time left, and no owner any more', { owner, until: now + 1 }, 'ended', ended],
    ['is over, and its owner runs', { owner, until: now }, 'runs', 'its time is over'],
    ['is over, and its owner is elsewhere', { owner, until: now }, 'elsewhere', 'its time is over'],
  ])('that %s', (_, lease, state, cause) => {
    expect(overBecause(lease, state, now)).toBe(cause);
  });

  it.each<[string, Lease, number | undefined]>([
    ['fresh', { owner }, undefined],
    ['a little more than half believed', { owner: believed(now + beliefMs / 2 + 1) }, undefined],
    ['half believed', { owner: believed(now + beliefMs / 2) }, now + beliefMs],
    ['no longer believed', { owner: believed(now - 1) }, now + beliefMs],
    ['without an owner', { until: now + 1 }, undefined],
  ])('that is %s is renewed when it is time for that', (_, lease, until) => {
    expect(renewed(lease, now)?.owner?.believedUntil).toBe(until);
  });

  it('keeps everything else when it is renewed', () => {
    const lease: Lease = { owner: { ...believed(now), mark: 'a1' }, until: now + 5 };
    expect(renewed(lease, now)).toEqual({
      until: now + 5,
      owner: { ...owner, mark: 'a1', believedUntil: now + beliefMs },
    });
  });
});

describe('the text of a lease', () => {
  it.each<[string, unknown]>([
    ['an owner', { owner }],
    ['an owner with a mark', { owner: { ...owner, mark: 'a1' } }],
    ['a time', { until: now }],
    ['both', { owner, until: now }],
  ])('is read with %s', (_, value) => {
    expect(parseLease(JSON.stringify(value))).toEqual(value);
  });

  it('is read without what is not known today', () => {
    expect(parseLease(JSON.stringify({ until: now, pool: 'p', serial: 3 }))).toEqual({
      until: now,
      pool: 'p',
    });
  });

  it.each([
    ['nothing', ''],
    ['half of it', '{"until":1'],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['neither owner nor time', '{}'],
    ['a time in words', '{"until":"tomorrow"}'],
    ['an owner that is null', '{"owner":null}'],
    ['an owner without a machine', JSON.stringify({ owner: { ...owner, machine: undefined } })],
    ['a pid in words', JSON.stringify({ owner: { ...owner, pid: '42' } })],
    ['a start as a number', JSON.stringify({ owner: { ...owner, start: 7 } })],
    ['no belief', JSON.stringify({ owner: { ...owner, believedUntil: undefined } })],
  ])('is no lease with %s', (_, text) => {
    expect(parseLease(text)).toBeUndefined();
  });
});

function believed(believedUntil: number): Owner {
  return { ...owner, believedUntil };
}
