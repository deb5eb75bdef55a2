import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fallbackNotice, stateDirectory } from '../../src/system/directories.js';
import { fallbacks, homeOf, usualDirectory } from '../../src/system/paths.js';

const uid = process.geteuid?.() ?? 0;

describe('the usual directory', () => {
  it.each([
    [{ KCLUSTER_STATE: '/s', XDG_STATE_HOME: '/x' }, { directory: '/s' }],
    [{ XDG_STATE_HOME: '/x' }, { directory: '/x/kcluster', root: '/' }],
    [{ XDG_STATE_HOME: 'x' }, { directory: '/home/a/.local/state/kcluster', root: '/home/a' }],
    [{ KCLUSTER_STATE: '' }, { directory: '/home/a/.local/state/kcluster', root: '/home/a' }],
  ])('of %o', (env, expected) => {
    expect(usualDirectory('state', env, '/home/a')).toEqual(expected);
  });

  it('is none for a user without a home', () => {
    expect(usualDirectory('cache', {}, undefined)).toBeUndefined();
  });

  it('is not within a home that is relative or empty', () => {
    const user = { uid: 1, temporary: '/tmp', home: '/home/a' };
    expect(homeOf({ HOME: '' }, user)).toBe('/home/a');
    expect(homeOf({ HOME: 'here' }, user)).toBe('/home/a');
    expect(homeOf({ HOME: '/b' }, user)).toBe('/b');
  });
});

it('falls back to the runtime directory before the temporary one', () => {
  const user = { uid: 7, temporary: '/tmp' };
  const directories = (env: NodeJS.ProcessEnv) =>
    fallbacks(env, user).map((each) => each.directory);
  expect(directories({ XDG_RUNTIME_DIR: '/run/user/7' })).toEqual([
    '/run/user/7/kcluster',
    '/tmp/kcluster-7',
  ]);
  expect(directories({ XDG_RUNTIME_DIR: 'run' })).toEqual(['/tmp/kcluster-7']);
});

describe('without a home that is there', () => {
  let temporary: string;
  let own: string;
  const env = (): NodeJS.ProcessEnv => ({ HOME: join(temporary, 'nowhere') });

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'kcluster-fallback-'));
    own = join(temporary, `kcluster-${uid}`);
    vi.stubEnv('TMPDIR', temporary);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  });

  it('the state is in a directory of the user alone, and it is told', () => {
    expect(stateDirectory(env())).toBe(join(own, 'state'));
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(fallbackNotice(env())).toContain(join(own, 'state'));
  });

  it('a directory that others may write to is closed to them', () => {
    mkdirSync(own);
    chmodSync(own, 0o777);
    stateDirectory(env());
    expect(statSync(own).mode & 0o777).toBe(0o700);
  });

  it('a link in its place is refused', () => {
    symlinkSync(temporary, own);
    expect(() => stateDirectory(env())).toThrow(`cannot use ${own}: it is no directory of yours`);
  });

  it('a runtime directory of this user goes first', () => {
    const runtime = join(temporary, 'run');
    mkdirSync(runtime);
    expect(stateDirectory({ ...env(), XDG_RUNTIME_DIR: runtime })).toBe(
      join(runtime, 'kcluster', 'state'),
    );
  });
});
