import { describe, expect, it } from 'vitest';
import { propose } from '../../src/cli/complete.js';
import { buildProgram } from '../../src/cli/program.js';

const program = buildProgram('1.2.3', {}, async () => await Promise.resolve());
const names = (words: string[], current: string): string[] =>
  propose(program, words, current).map(({ name }) => name);

describe('what may follow', () => {
  it('nothing yet is a verb', () => {
    expect(names([], '')).toEqual(expect.arrayContaining(['up', 'down', 'status', 'images']));
  });

  it('a group is its verbs', () => {
    expect(names(['images'], '')).toContain('build');
    expect(names(['images'], '--')).toContain('--family');
    expect(names(['images', '--family'], '')).toContain('strimzi');
    expect(names(['images', 'build'], '--')).toContain('--base');
  });

  it('a dash is a flag of the verb, with what it does', () => {
    const proposals = propose(program, ['down'], '--');
    expect(proposals).toContainEqual({
      name: '--volumes',
      description: 'remove the data of ZooKeeper and Kafka too',
    });
    expect(proposals.map(({ name }) => name)).not.toContain('--brokers');
  });

  it('is the flags of wait', () => {
    expect(names(['wait'], '--')).toEqual(expect.arrayContaining(['--name', '--timeout']));
    expect(names(['wait'], '')).toEqual([]);
  });

  it('is the flags of import', () => {
    expect(names(['import'], '--')).toEqual(
      expect.arrayContaining(['--check', '--to', '--force', '--service']),
    );
  });

  it.each([
    [
      ['up', '--engine'],
      ['auto', 'docker', 'process'],
    ],
    [
      ['up', '-o'],
      ['pretty', 'plain', 'github', 'json', 'quiet'],
    ],
    [['up', '--name'], []],
    [
      ['connect', '--from'],
      ['host', 'network', 'joined', 'docker-host', 'machine'],
    ],
    [['connect'], ['kafkajs', 'java', 'python', 'kafka-python', 'kcat', 'spring', 'env']],
    [['env'], ['sh', 'fish', 'powershell', 'dotenv', 'json', 'github']],
    [['env', 'fish'], []],
    [
      ['env', '--from'],
      ['host', 'network', 'joined', 'docker-host', 'machine'],
    ],
    [
      ['images', 'build', '--kafka'],
      ['2.8', '3.5', '3.6', '3.7', '3.8', '3.9'],
    ],
    [['completion'], ['bash', 'zsh', 'fish']],
    [['init'], ['single', 'ensemble', 'three-brokers', 'legacy']],
    [['init', 'ensemble'], []],
    [['config', '--images'], []],
  ])('%j is %j', (words, expected) => {
    expect(names(words, '')).toEqual(expected);
  });
});
