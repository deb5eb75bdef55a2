import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findJava } from '../../../src/engines/process/java.js';
import { majorVersion } from '../../../src/engines/process/java-version.js';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'kcluster-java-')));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A Java home; its `java` must not be run when there is a `release` file. */
function install(name: string, release: string | undefined, script = 'exit 70'): string {
  const home = join(root, name);
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', 'java'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(home, 'bin', 'java'), 0o755);
  if (release !== undefined) writeFileSync(join(home, 'release'), release);
  return home;
}

const release = (version: string): string =>
  `IMPLEMENTOR="X"\nJAVA_RUNTIME_VERSION="${version}+6"\nJAVA_VERSION="${version}"\n`;

test('JAVA_HOME goes before PATH', async () => {
  const home = install('seventeen', release('17.0.15'));
  const other = install('twentyone', release('21.0.2'));
  const env = { JAVA_HOME: home, PATH: join(other, 'bin') };
  expect(await findJava(env)).toEqual({
    binary: join(home, 'bin', 'java'),
    home,
    version: '17.0.15',
  });
  expect(await findJava({ ...env, JAVA_HOME: '' })).toMatchObject({ home: other });
  expect(await findJava({ ...env, JAVA_HOME: join(root, 'none') })).toMatchObject({ home: other });
});

test('a link on PATH leads to the home; what is no program is passed over', async () => {
  const home = install('real', release('11.0.1'));
  mkdirSync(join(root, 'bin'));
  symlinkSync(join(home, 'bin', 'java'), join(root, 'bin', 'java'));
  mkdirSync(join(root, 'opt', 'java'), { recursive: true });
  const PATH = ['relative', join(root, 'opt'), join(root, 'missing'), join(root, 'bin')].join(':');
  expect(await findJava({ PATH })).toMatchObject({ home, binary: join(home, 'bin', 'java') });
});

test('a launcher without a release file is asked, and the real java is taken', async () => {
  const home = install('real', undefined);
  const settings = `echo 'Property settings:\n    java.home = ${home}\n    java.version = 25-ea\n' >&2`;
  const shim = install('shim', undefined, settings);
  expect(await findJava({ JAVA_HOME: shim, PATH: '/usr/bin:/bin' })).toEqual({
    binary: join(home, 'bin', 'java'),
    home,
    version: '25-ea',
  });
});

test.each([
  ['there is none', {}, undefined],
  ['it is too old', { release: release('1.8.0_392') }, '1.8.0_392'],
  ['it does not run', { script: 'echo "Unable to locate a Java Runtime." >&2; exit 1' }, 'not run'],
  ['it says nothing', { script: 'exit 0' }, 'not run'],
])('no engine when %s', async (_, java: { release?: string; script?: string }, said) => {
  const home = said && install('home', java.release, java.script);
  const finding = findJava({ JAVA_HOME: home ?? '', PATH: '' });
  await expect(finding).rejects.toMatchObject({
    kind: 'noEngine',
    message: expect.stringMatching(
      new RegExp(`^local processes need Java 11.*${said ?? 'no java'}`),
    ) as string,
    hints: expect.arrayContaining([expect.stringContaining('apt install')]) as string[],
  });
});

test('major versions', () => {
  expect(['17.0.15', '25-ea', '1.8.0_392', '11', '21.0.2+13'].map(majorVersion)).toEqual([
    17, 25, 8, 11, 21,
  ]);
  expect(majorVersion('unknown')).toBeNaN();
});
