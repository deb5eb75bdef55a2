import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { archiveName, tarGz, writeArchive } from '../../src/bundle/archive.js';
import { KclusterError } from '../../src/errors.js';
import { readTarGz } from '../helpers/tar.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kcluster-test-'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

const time = new Date('2026-01-31T23:59:58.765Z');

it('is named by cluster and time', () => {
  expect(archiveName('ci', time)).toBe('kcluster-ci-20260131T235958');
});

it('is read back as it was written, in one directory, for its owner only', async () => {
  const entries = [
    { path: 'README.txt', content: 'höhö\n' },
    { path: `logs/${'long-'.repeat(30)}.log`, content: 'x'.repeat(100_000) },
    { path: 'empty', content: '' },
  ];
  const path = await writeArchive(
    join(directory, 'a b', 'ü'),
    'stem',
    await tarGz('stem', entries, time),
  );
  expect(path).toBe(join(directory, 'a b', 'ü', 'stem.tar.gz'));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const files = await readTarGz(path);
  expect([...files]).toEqual(
    entries.map((entry) => [`stem/${entry.path}`, { text: entry.content, mode: 0o600 }]),
  );
});

it('takes a free name, also when several are written at once, and leaves no other file', async () => {
  const paths = await Promise.all(
    ['a', 'b', 'c'].map(async (text) => await writeArchive(directory, 'stem', Buffer.from(text))),
  );
  const names = ['stem-2.tar.gz', 'stem-3.tar.gz', 'stem.tar.gz'];
  expect(paths.map((path) => basename(path)).sort()).toEqual(names);
  expect((await readdir(directory)).sort()).toEqual(names);
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  expect(sizes).toEqual([1, 1, 1]);
});

it('says which directory can not be written', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  await chmod(file, 0o600);
  await expect(writeArchive(file, 'stem', Buffer.from(''))).rejects.toSatisfy(
    (error) =>
      error instanceof KclusterError &&
      error.kind === 'usage' &&
      error.message.startsWith(`${file} can't be written: `),
  );
});
