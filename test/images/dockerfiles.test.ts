import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultBase } from '../../src/engines/docker/build.js';
import { clusterImages } from '../../src/images/choice.js';
import { imageTemplates, jvmOptions, localImageName, localImages } from '../../src/images/local.js';
import { defaultKafkaVersion, readJarLock } from '../../src/jars/lock.js';
import { resolved } from '../helpers/clusters.js';

const read = (file: string): string => readFileSync(join(imageTemplates, file), 'utf8');
const local = clusterImages(resolved({ images: 'local' }));
const roles = ['zookeeper', 'kafka'] as const;

/** The variables of a Dockerfile's one ENV instruction. */
function environmentOf(dockerfile: string): Record<string, string | undefined> {
  const [, body = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
  return Object.fromEntries<string | undefined>(
    [...body.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value]) => [name, value]),
  );
}

describe.each(roles)('the %s image', (role) => {
  const dockerfile = read(`${role}/Dockerfile`);
  const entrypoint = read(`${role}/entrypoint.sh`);
  const image = localImages[role];

  test('sets the environment that local.ts says', () => {
    expect(environmentOf(dockerfile)).toEqual(image.environment);
  });

  test('runs the class that local.ts says, with the JVM options in that order', () => {
    const command = entrypoint.slice(entrypoint.indexOf('exec java'));
    expect(command).toContain(` ${image.mainClass} `);
    const used = [...command.matchAll(/\$\{(\w+)-\}/g)].map(([, name]) => name);
    expect(used).toEqual(image.jvmVariables);
  });

  test('builds on the default base', () => {
    expect(dockerfile).toContain(`\nARG BASE=${defaultBase}\n`);
  });

  test('keeps volumes where the documents mount them', () => {
    const { volumes } = local[role].family;
    const declared = JSON.parse(/^VOLUME (.*)$/m.exec(dockerfile)![1]!) as string[];
    expect(declared).toEqual(volumes.map(({ target }) => target));
  });

  test('has the name that the documents say', () => {
    const lock = readJarLock(defaultKafkaVersion);
    expect(localImageName(image, lock)).toBe(local[role].image);
  });
});

test('JVM options are split at white space, in the order of the command line', () => {
  const env = { JVMFLAGS: ' -Xmx1m\n-Da=b ', SERVER_JVMFLAGS: '-Xmx2m', OTHER: '-X' };
  expect(jvmOptions(localImages.zookeeper, env)).toEqual(['-Xmx2m', '-Xmx1m', '-Da=b']);
});
