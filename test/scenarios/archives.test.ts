import { execa } from 'execa';
import { cp, mkdir, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../../src/system/files.js';
import { leftInTheEnd, makeCli, type Cli } from '../helpers/cli.js';
import { projectName, testBase } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

describe.skipIf(!(await canRun('process')))('class-data archives', () => {
  it('are recorded in the background, used by the next start, and never needed', async () => {
    await using cli = await makeCli('process');
    const cache = await ownCache(cli);
    const name = projectName('archive');
    const up = async (archives: string): Promise<{ stderr: string; options: string[] }> => {
      const env = { KCLUSTER_CACHE: cache, KCLUSTER_ARCHIVES: archives };
      const flags = ['--name', name, '--ports', 'auto'];
      const { exitCode, stderr } = await cli.run(['up', ...flags, '--smoke', '-o', 'plain'], env);
      expect(exitCode, stderr).toBe(0);
      const options = await sharingOptions(cli);
      expect((await cli.run(['down', '--volumes', '--name', name], env)).exitCode).toBe(0);
      return { stderr, options };
    };

    const first = await up('auto');
    expect(first.stderr).toContain('a class-data archive is recorded in the background');
    expect(first.options).toEqual([]);
    await expect.poll(() => archivesIn(cache), { timeout: 120_000 }).toHaveLength(2);
    await expect.poll(() => leftInTheEnd(cli, name), { timeout: 60_000 }).toEqual([]);
    await expect.poll(() => namesIn(join(cache, 'archives', 'state', 'clusters'))).toEqual([]);

    const second = await up('auto');
    expect(second.stderr).not.toContain('archive');
    expect(second.options).toEqual(['classes.jsa', 'classes.jsa']);
    expect((await up('off')).options).toEqual([]);

    for (const archive of await archivesIn(cache)) await truncate(archive, 100_000);
    expect((await up('use')).options).toEqual([]);
    // A run that is to record does so itself, as it ends.
    expect((await up('record')).options).toEqual([]);
    expect((await up('use')).options).toEqual(['classes.jsa', 'classes.jsa']);
    expect(await leftInTheEnd(cli, name)).toEqual([]);
  });

  it('are not what else may be said for them', async () => {
    await using cli = await makeCli('process');
    const flags = ['--name', projectName('archive'), '--ports', 'auto'];
    const { exitCode, stderr } = await cli.run(['up', ...flags], { KCLUSTER_ARCHIVES: 'yes' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('KCLUSTER_ARCHIVES is auto, use, record, off, not "yes"');
    expect(await leftInTheEnd(cli, flags[1]!)).toEqual([]);
  });
});

describe.skipIf(!(await canRun('docker')))('class-data archives of local images', () => {
  it('are recorded by their build, kept by the next, and used', async () => {
    await using cli = await makeCli('docker');
    const build = async (): Promise<string> => {
      const { exitCode, stderr } = await cli.run(['images', 'build', '--base', testBase]);
      expect(exitCode, stderr).toBe(0);
      return stderr;
    };
    await build();
    // That has one already.
    expect(await build()).not.toContain('a cluster of these images starts');

    const name = projectName('archive');
    const flags = ['--name', name, '--images', 'local', '--ports', 'auto'];
    expect((await cli.run(['up', ...flags])).exitCode).toBe(0);
    for (const service of ['zookeeper-1', 'broker-1']) {
      const { stdout } = await execa('docker', ['top', `${name}-${service}-1`, '-o', 'pid,args']);
      expect(stdout).toContain(' -XX:SharedArchiveFile=/opt/kcluster/classes.jsa ');
    }
    expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
    expect(await leftInTheEnd(cli, name)).toEqual([]);
  });
});

/** A cache with the jars that are there already, and no archive. */
async function ownCache({ env, directory }: Cli): Promise<string> {
  const cache = join(directory, 'cache');
  await mkdir(cache);
  for (const name of await namesIn(env['KCLUSTER_CACHE']!))
    if (name !== 'archives')
      await cp(join(env['KCLUSTER_CACHE']!, name), join(cache, name), {
        recursive: true,
        preserveTimestamps: true,
      });
  return cache;
}

async function archivesIn(cache: string): Promise<string[]> {
  const directory = join(cache, 'archives');
  return (await namesIn(directory))
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(directory, name.replace('.json', '.jsa')));
}

/** What the JVMs of this directory use, as their command lines say. */
async function sharingOptions({ directory }: Cli): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines
    .filter((line) => line.includes(`-Dkcluster.node=${directory}`))
    .flatMap((line) => /-XX:SharedArchiveFile=([^\0]*)/.exec(line)?.[1] ?? []);
}
