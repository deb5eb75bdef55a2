import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand, whyNotRun } from '../../src/children/command.js';
import type { EndSignal } from '../../src/system/interrupts.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kcluster-command-'));
  for (const name of ['one', 'two', 'a directory/tool'])
    await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, 'one', 'text'), 'no program\n', { mode: 0o644 });
  await writeFile(join(directory, 'one', 'both'), '#!/bin/sh\n', { mode: 0o644 });
  await writeFile(join(directory, 'two', 'both'), '#!/bin/sh\nexit 5\n', { mode: 0o755 });
  await chmod(join(directory, 'two', 'both'), 0o755);
  await symlink('both', join(directory, 'two', 'link'));
  await symlink('nowhere', join(directory, 'two', 'dangling'));
});
afterAll(async () => await rm(directory, { recursive: true }));

describe('a program', () => {
  it.each([
    ['is found on PATH', 'link', 'two', undefined],
    ['is the first that can be run', 'both', 'one:two', undefined],
    ['can not be run', 'text', 'one:two', 126],
    ['is a directory', 'one', '.', 126],
    ['is nowhere', 'none', 'one:two', 127],
    ['is a link to nowhere', 'dangling', 'two', 127],
    ['is nowhere without a PATH', 'both', '', 127],
  ])('that %s', async (_, program, path, code) => {
    const PATH =
      path &&
      path
        .split(':')
        .map((each) => join(directory, each))
        .join(':');
    expect(await whyNotRun(program, { PATH })).toBe(code);
  });

  it('is named by its path', async () => {
    expect(await whyNotRun(join(directory, 'two', 'both'), {})).toBeUndefined();
    expect(await whyNotRun(join(directory, 'two', 'none'), {})).toBe(127);
    expect(await whyNotRun(join(directory, 'a directory/tool'), {})).toBe(126);
  });
});

describe('a command', () => {
  const run = async (script: string, send?: EndSignal) =>
    await runCommand({
      program: 'sh',
      args: ['-c', script],
      env: { PATH: process.env['PATH'] },
      divert: (receiver) => {
        if (send) receiver(send);
        return () => undefined;
      },
    });

  it.each([0, 1, 7, 126, 127, 130, 255])('that ends with %s', async (exitCode) => {
    expect(await run(`exit ${exitCode}`)).toEqual({ exitCode, wasStopped: false });
  });

  it.each([
    ['KILL', 137],
    ['SEGV', 139],
    ['TERM', 143],
    ['HUP', 129],
    ['INT', 130],
  ])('that SIG%s ends', async (name, exitCode) => {
    expect(await run(`kill -${name} $$`)).toEqual({ exitCode, wasStopped: false });
  });

  it('that is asked to end', async () => {
    expect(await run('exec sleep 60', 'SIGTERM')).toEqual({ exitCode: 143, wasStopped: true });
  });

  it('that is gone when it is to begin', async () => {
    const program = join(directory, 'gone');
    const end = await runCommand({ program, args: [], env: {}, divert: () => () => undefined });
    expect(end).toEqual({ exitCode: 127, wasStopped: false });
  });
});
