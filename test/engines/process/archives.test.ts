import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { archiveKey } from '../../../src/engines/process/archives/key.js';
import { takesArchive } from '../../../src/engines/process/archives/options.js';
import {
  findArchive,
  keepArchive,
  noteTry,
  wasTried,
} from '../../../src/engines/process/archives/store.js';

test.each([
  [17, [], true],
  [25, ['-Xmx64m', '-XX:+UseSerialGC'], true],
  [11, [], false],
  [17, ['-Xshare:off'], false],
  [17, ['-XX:SharedArchiveFile=own.jsa'], false],
  [19, ['-XX:+AutoCreateSharedArchive'], false],
  [25, ['-XX:AOTCache=own.aot'], false],
])('Java %i with %j takes an archive: %s', (major, options, expected) => {
  expect(takesArchive(major, options)).toBe(expected);
});

describe('an archive', () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;
  let recorded: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kcluster-archives-'));
    env = { KCLUSTER_CACHE: directory, HOME: directory };
    recorded = join(directory, 'recorded');
    await writeFile(recorded, 'classes');
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });
  const key = 'kafka-3.9.2-0123456789abcdef';

  it('is found as it was recorded', async () => {
    expect(await findArchive(env, key)).toBeUndefined();
    await keepArchive(env, key, recorded);
    expect(await readFile((await findArchive(env, key))!, 'utf8')).toBe('classes');
    expect(await findArchive(env, 'kafka-3.9.2-other')).toBeUndefined();
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['cut short', async (file) => await truncate(file, 3)],
    ['changed', async (file) => await writeFile(file, 'clasPes')],
    ['removed', async (file) => await rm(file)],
    ['without what tells of it', async (file) => await rm(file.replace('.jsa', '.json'))],
  ])('that is %s is none', async (_how, harm) => {
    await keepArchive(env, key, recorded);
    await harm((await findArchive(env, key))!);
    expect(await findArchive(env, key)).toBeUndefined();
  });

  it('is found in a copy of the cache', async () => {
    await keepArchive(env, key, recorded);
    const file = (await findArchive(env, key))!;
    const content = await readFile(file);
    await rm(file);
    await writeFile(file, content);
    expect(await findArchive(env, key)).toBe(file);
    expect(await findArchive(env, key)).toBe(file);
  });

  it('makes the oldest of many go', async () => {
    for (const [age, name] of ['a', 'b', 'c', 'd'].entries()) {
      await keepArchive(env, `kafka-3.9.2-${name}`, recorded);
      const file = join(directory, 'archives', `kafka-3.9.2-${name}.jsa`);
      if (age < 3) await utimes(file, age, age);
    }
    await keepArchive(env, 'zookeeper-3.8.4-a', recorded);
    const names = await readdir(join(directory, 'archives'));
    expect(names.filter((name) => name.endsWith('.jsa')).toSorted()).toEqual([
      'kafka-3.9.2-b.jsa',
      'kafka-3.9.2-c.jsa',
      'kafka-3.9.2-d.jsa',
      'zookeeper-3.8.4-a.jsa',
    ]);
    expect(names).toHaveLength(8);
  });

  it('that could not be recorded is not tried again the same day', async () => {
    expect(await wasTried(env, key)).toBe(false);
    await noteTry(env, key);
    expect(await wasTried(env, key)).toBe(true);
    const yesterday = Date.now() / 1000 - 25 * 3600;
    await utimes(join(directory, 'archives', `${key}.tried`), yesterday, yesterday);
    expect(await wasTried(env, key)).toBe(false);
    await noteTry(env, key);
    await keepArchive(env, key, recorded);
    expect(await wasTried(env, key)).toBe(false);
  });

  it('has another key for another Java and for changed jars', async () => {
    const java = { binary: recorded, home: directory, version: '17.0.1' };
    const jar = join(directory, 'a.jar');
    await writeFile(jar, 'jar');
    const before = await archiveKey('kafka-3.9.2', java, [jar]);
    expect(before).toMatch(/^kafka-3\.9\.2-[0-9a-f]{16}$/);
    expect(await archiveKey('kafka-3.9.2', java, [jar])).toBe(before);
    expect(await archiveKey('kafka-3.9.2', { ...java, version: '17.0.2' }, [jar])).not.toBe(before);
    await utimes(jar, 1, 1);
    expect(await archiveKey('kafka-3.9.2', java, [jar])).not.toBe(before);
  });
});
