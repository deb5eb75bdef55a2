import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KclusterError } from '../../../src/errors.js';
import type { Event } from '../../../src/report/events.js';
import { canRun } from '../../helpers/require.js';
import { localDocker, type DockerEngine } from './project.js';
import { TestRegistry } from './registry.js';

describe.skipIf(!(await canRun('docker')))('fetch-image', () => {
  const registry = new TestRegistry();
  let engine: DockerEngine;

  beforeAll(async () => {
    await registry.start();
    engine = await localDocker();
  });
  afterAll(async () => {
    await engine.close();
    await registry.stop();
  });

  async function fetch(image: string, signal = new AbortController().signal): Promise<Event[]> {
    const events: Event[] = [];
    const emit = (event: Event): void => void events.push(event);
    await engine.perform('kcd-pull', { kind: 'fetch-image', image }, { signal, emit });
    return events;
  }

  async function failure(image: string): Promise<KclusterError> {
    const outcome = await fetch(image).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(KclusterError);
    const error = outcome as KclusterError;
    expect(error.kind).toBe('startFailed');
    expect(error.message).toContain(`cannot fetch image ${image}: `);
    expect(error.message).not.toContain('\n');
    expect(error.hints.join(' ')).toContain('kcluster images build');
    return error;
  }

  it('pulls an image with progress in bytes, once', async () => {
    const image = registry.image('kcd/pull', 'good');
    try {
      const events = await fetch(image);
      const progress = events.filter((event) => event.type === 'progress');
      expect(progress.at(-1)).toEqual({
        type: 'progress',
        task: image,
        current: registry.layerBytes,
        total: registry.layerBytes,
      });
      const currents = progress.map(({ current }) => current);
      expect(currents).toEqual(currents.toSorted((a, b) => a - b));
      expect(events.at(-1)).toEqual({ type: 'progress-done', task: image });
      expect(await fetch(image)).toEqual([]);
    } finally {
      await engine.docker.getImage(image).remove();
    }
  });

  it('ends at once on abort, and Docker hears of it', async () => {
    const image = registry.image('slow', 'good');
    const abort = new AbortController();
    const fetching = fetch(image, abort.signal).catch((error: unknown) => error);
    await expect.poll(() => registry.slow, { timeout: 20_000 }).toBe(3);
    abort.abort();
    expect(await fetching).toMatchObject({ kind: 'interrupted' });
    // Docker 20.10 drops the image's configuration and may finish layers, as when `docker pull` is killed.
    await expect.poll(() => registry.slow, { timeout: 20_000 }).toBeLessThan(3);
  });

  it('says that the registry has no such image', async () => {
    const error = await failure(registry.image('kcd/pull', 'none'));
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ has no such image$/);
  });

  it('tells a login that is wanted', async () => {
    registry.refusals.set('private', {
      status: 403,
      code: 'DENIED',
      message: 'requested access to the resource is denied',
    });
    const error = await failure(registry.image('kcd/pull', 'private'));
    expect(error.message).toMatch(/has no such image, or wants a login for it$/);
    expect(error.hints[0]).toMatch(/docker login 127\.0\.0\.1:\d+/);
  });

  it('tells a rate limit', async () => {
    registry.refusals.set('limited', {
      status: 429,
      code: 'TOOMANYREQUESTS',
      message: 'You have reached your pull rate limit.',
    });
    const error = await failure(registry.image('kcd/pull', 'limited'));
    expect(error.message).toMatch(/limits how much is fetched without a login$/);
    expect(error.details.join()).toContain('pull rate limit');
  });

  it('says that a registry cannot be reached', async () => {
    const error = await failure('127.0.0.1:1/kcd/pull:good');
    expect(error.message).toMatch(/127\.0\.0\.1:1 cannot be reached$/);
    expect(error.details.join()).toContain('refused');
  });
});
