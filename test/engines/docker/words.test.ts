import { describe, expect, it } from 'vitest';
import { missingImage, pullFailure } from '../../../src/engines/docker/image-errors.js';
import { PullProgress } from '../../../src/engines/docker/pull-progress.js';
import { missingAddress, takenPort } from '../../../src/engines/docker/start-errors.js';

/** What Docker says, by version, and what is made of it. */

describe('a port that is taken', () => {
  it.each([
    [
      'driver failed programming external connectivity on endpoint a (9281): Bind for 127.0.0.1:9092 failed: port is already allocated',
      9092,
    ],
    [
      'driver failed programming external connectivity on endpoint a (fb92): Error starting userland proxy: listen tcp4 127.0.0.1:9093: bind: address already in use',
      9093,
    ],
    [
      'failed to set up container networking: driver failed programming external connectivity on endpoint a (65a1): failed to bind host port for 127.0.0.1:9094:172.18.0.2:9092/tcp: address already in use',
      9094,
    ],
    [
      'failed to set up container networking: driver failed programming external connectivity on endpoint a (65a1): failed to bind host port 127.0.0.1:9095/tcp: address already in use',
      9095,
    ],
    ['Bind for [::]:9096 failed: port is already allocated', 9096],
    ['network a_default not found', undefined],
    ['listen tcp4 127.0.0.1:80: bind: permission denied', undefined],
  ])('%s', (reason, port) => expect(takenPort(reason)).toBe(port));
});

describe('an address that is not there', () => {
  it.each([
    [
      'driver failed programming external connectivity on endpoint a (c020): Error starting userland proxy: listen tcp4 10.9.9.9:9292: bind: cannot assign requested address',
      '10.9.9.9',
    ],
    ['failed to bind host port 10.9.9.9:9292/tcp: cannot assign requested address', '10.9.9.9'],
    ['Bind for 127.0.0.1:9092 failed: port is already allocated', undefined],
  ])('%s', (reason, address) => expect(missingAddress(reason)).toBe(address));
});

describe('a local image that is not there', () => {
  it.each([
    ['kcluster/kafka:3.9.2', 'kcluster images build'],
    ['kcluster/zookeeper:3.8.4', 'kcluster images build'],
    ['kcluster/kafka:3.8.1', 'kcluster images build --kafka 3.8.1'],
    ['kcluster/zookeeper:3.5.9', 'kcluster images build --kafka 2.8.2'],
    ['kcluster/kafka:1.0.0', 'kcluster images build'],
  ])('%s is made by %s', (image, command) => {
    expect(missingImage(image).hints).toEqual([`Make it with \`${command}\`.`]);
  });
});

describe('an image that does not come', () => {
  it.each([
    [
      'zookeeper:3.9.5',
      'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host',
      'docker.io cannot be reached',
    ],
    [
      'zookeeper:3.9.5',
      'Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      'docker.io cannot be reached',
    ],
    [
      'zookeeper:9',
      'manifest for zookeeper:9 not found: manifest unknown: manifest unknown',
      'docker.io has no such image',
    ],
    [
      'a/b:1',
      "pull access denied for a/b, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      'docker.io has no such image, or wants a login for it',
    ],
    [
      'a/b:1',
      'toomanyrequests: You have reached your unauthenticated pull rate limit.',
      'docker.io limits how much is fetched without a login',
    ],
    ['ghcr.io/a/b:1', 'denied: denied', 'ghcr.io has no such image, or wants a login for it'],
    [
      'a/b:1',
      'no matching manifest for linux/arm64/v8 in the manifest list entries',
      'it does not exist for the processor of this machine',
    ],
    ['a/b:1', 'something new', 'something new'],
  ])('%s: %s', (image, reason, because) => {
    const error = pullFailure(image, reason);
    expect(error.message).toBe(`cannot fetch image ${image}: ${because}`);
    expect([error.message, ...error.details].join()).toContain(reason);
  });

  it('for want of space', () => {
    const error = pullFailure(
      'a',
      'write /var/lib/docker/tmp/GetImageBlob1: no space left on device',
    );
    expect(error.message).toBe('Docker could not fetch image a: its disk is full');
    expect(error.hints[0]).toContain('docker system df');
  });
});

describe('the progress of a pull', () => {
  it('adds up layers, and knows the total when it knows all of them', () => {
    const progress = new PullProgress();
    const add = (id: string, status: string, current?: number, total?: number) =>
      progress.add({
        id,
        status,
        ...(current !== undefined && { progressDetail: { current, total: total! } }),
      });
    expect(progress.add({ status: 'Digest: sha256:1' })).toBeUndefined();
    expect(add('3.9.5', 'Pulling from library/zookeeper')).toBeUndefined();
    expect(add('a', 'Already exists')).toEqual({ current: 0, total: 0 });
    expect(add('b', 'Pulling fs layer')).toEqual({ current: 0 });
    expect(add('c', 'Pulling fs layer')).toEqual({ current: 0 });
    expect(add('b', 'Downloading', 10, 100)).toEqual({ current: 10 });
    expect(add('c', 'Downloading', 5, 50)).toEqual({ current: 15, total: 150 });
    expect(add('b', 'Verifying Checksum')).toBeUndefined();
    expect(add('b', 'Download complete')).toEqual({ current: 105, total: 150 });
    expect(add('b', 'Extracting', 1, 100)).toBeUndefined();
    expect(add('c', 'Download complete')).toEqual({ current: 150, total: 150 });
    expect(add('b', 'Pull complete')).toBeUndefined();
  });

  it('does not need to see a small layer being downloaded', () => {
    const progress = new PullProgress();
    progress.add({ id: 'a', status: 'Pulling fs layer' });
    expect(progress.add({ id: 'a', status: 'Download complete' })).toEqual({
      current: 0,
      total: 0,
    });
  });
});
