import { execa } from 'execa';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';

it('docs/api is what `npm run docs` writes', { timeout: 180_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kcluster-api-'));
  try {
    await execa('node_modules/.bin/typedoc', ['--out', directory]);
    expect(await textsIn('docs/api', String)).toEqual(await textsIn(directory, formatted));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

async function textsIn(
  directory: string,
  change: (text: string) => string | Promise<string>,
): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort();
  const texts = names.map(async (name) => [
    name,
    await change(await readFile(join(directory, name), 'utf8')),
  ]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

async function formatted(text: string): Promise<string> {
  return await format(text, { ...(await resolveConfig('README.md')), parser: 'markdown' });
}
