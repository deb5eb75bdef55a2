import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  kafkaProperties,
  propertiesText,
  zooKeeperConfig,
  zooKeeperId,
} from '../../src/images/environment.js';
import { imageTemplates } from '../../src/images/local.js';
import { fileOf, kafkaCases, zooKeeperCases, zooKeeperEnv } from './cases.js';

describe('the rule in TypeScript', () => {
  test.each(kafkaCases)('kafka: $name', (one) => {
    expect(propertiesText(kafkaProperties(one.env))).toBe(fileOf(one));
  });

  test.each(zooKeeperCases)('zookeeper: $name', (one) => {
    expect(zooKeeperConfig(zooKeeperEnv(one))).toBe(fileOf(one));
  });

  test('myid', () => {
    expect([zooKeeperId({ ZOO_MY_ID: '7' }), zooKeeperId({})]).toEqual(['7\n', '1\n']);
    expect(zooKeeperId({ ZOO_MY_ID: '' })).toBe('1\n');
  });
});

/** Every POSIX shell of this machine; the scripts must not depend on which one is `sh`. */
const shells = [['sh'], ['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([command, ...args]) => {
    try {
      execFileSync(command!, [...args, '-c', ':'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  },
);

describe.each(shells)('the rule in %s', (...shell) => {
  const [command, ...args] = shell as [string, ...string[]];
  const print = (script: string, env: Readonly<Record<string, string>>): string =>
    execFileSync(command, [...args, join(imageTemplates, script), '--print-config'], {
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    });

  test.each(kafkaCases)('kafka: $name', (one) => {
    expect(print('kafka/entrypoint.sh', one.env)).toBe(fileOf(one));
  });

  test.each(zooKeeperCases)('zookeeper: $name', (one) => {
    expect(print('zookeeper/entrypoint.sh', zooKeeperEnv(one))).toBe(fileOf(one));
  });

  test('kafka: whatever the environment, the same as the TypeScript', () => {
    const value = fc.string({
      unit: fc.constantFrom(...Array.from('aZ0 =:#!\\\n\r\t\f\'"$`*?ß€漢🐘_-.')),
    });
    const name = fc.string({
      unit: fc.constantFrom(...Array.from('AB1_')),
      minLength: 1,
      maxLength: 12,
    });
    const env = fc.dictionary(
      name.map((rest) => `KAFKA_${rest}`),
      value,
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(env, (env) => {
        expect(print('kafka/entrypoint.sh', env)).toBe(propertiesText(kafkaProperties(env)));
      }),
      { numRuns: 40 },
    );
  });
});
