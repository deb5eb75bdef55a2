import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { createCluster } from '../../src/library/create.js';
import type { Specification } from '../../src/library/specification.js';
import type { clusterSpecSchema } from '../../src/spec/schema.js';
import { specificationType } from '../../src/spec/type-text.js';

type Written = Omit<z.input<typeof clusterSpecSchema>, 'version' | 'name'>;

describe('the type of a specification', () => {
  it('is that of the schema', () => {
    expectTypeOf<Specification>().toExtend<Written>();
    expectTypeOf<Written>().toExtend<Specification>();
    expectTypeOf<keyof Specification>().toEqualTypeOf<keyof Written>();
  });

  it('is written as the schema says', async () => {
    const path = 'src/library/specification.ts';
    const options = { ...(await resolveConfig(path)), filepath: path };
    expect(readFileSync(path, 'utf8')).toBe(await format(specificationType(), options));
  });
});

describe('createCluster', () => {
  const env = { KCLUSTER_ENGINE: 'process', PATH: process.env['PATH'] };

  it('tells of every mistake at once, each by its name', async () => {
    const wrong = { brokers: 3, kafka: { brokers: 2, prot: 1 }, broker: 3, env };
    await expect(createCluster(wrong)).rejects.toMatchObject({
      name: 'KclusterError',
      kind: 'invalidSpec',
      details: expect.arrayContaining([
        'options: kafka.brokers: "brokers" says it too',
        'options: kafka.prot: there is no such key; did you mean "port"?',
        expect.stringMatching(/^options: broker: there is no such key/),
      ]) as unknown,
    });
  });

  it.each([
    [{ engine: 'podman' as 'docker' }, 'there is no engine "podman"'],
    [{ env: { ...env, KCLUSTER_ENGINE: 'podman' } }, 'there is no engine "podman"'],
    [{ timeout: 0 }, 'timeout: 0 is no time in milliseconds'],
    [{ file: 'there-is-none.yaml' }, "there-is-none.yaml can't be read: there is no such file"],
  ])('refuses %j', async (options, message) => {
    await expect(createCluster({ env, ...options })).rejects.toMatchObject({
      kind: 'usage',
      message,
    });
  });

  it('makes nothing for a signal that has aborted', async () => {
    const signal = AbortSignal.abort();
    await expect(createCluster({ env, signal })).rejects.toMatchObject({ kind: 'interrupted' });
  });
});
