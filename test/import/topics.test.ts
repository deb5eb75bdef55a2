import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { contextOf } from '../../src/import/context.js';
import { topicsMadeBy } from '../../src/import/topic-commands.js';
import {
  entriesAsMeant,
  entriesAsRead,
  splitWords,
  topicListOf,
} from '../../src/import/topic-list.js';
import { hasTool } from '../helpers/tools.js';
import { composeFile } from './compose.js';

/** Words as bash splits them, each behind a NUL. */
function bashWords(text: string, separators: string): string[] {
  const script = 'set -f; IFS=$1; for word in $2; do printf "%s\\0" "$word"; done';
  const out = execFileSync('bash', ['-c', script, 'bash', separators, text], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}

describe.skipIf(!hasTool('bash'))('words by separators', () => {
  it.each([
    ['a,b,,c,', ','],
    [',a', ','],
    [',,', ','],
    [' a , b ', ', '],
    ['\na\n\nb\n', '\n'],
    ["a\n$b'c", "$'\n"],
    ['a,b', ''],
    ['', ''],
    ['a::1', ':'],
  ])('%j by %j are what bash makes of them', (text, separators) => {
    expect(splitWords(text, separators)).toEqual(bashWords(text, separators));
  });

  it('are what bash makes of any text', () => {
    const sign = fc.constantFrom('a', 'b', ',', ';', ' ', '\n', '\t', ':');
    const text = fc.string({ unit: sign, maxLength: 12 });
    const separators = fc.string({ unit: fc.constantFrom(',', ';', ' ', '\n', ':'), maxLength: 3 });
    fc.assert(
      fc.property(text, separators, (words, ifs) => {
        expect(splitWords(words, ifs)).toEqual(bashWords(words, ifs));
      }),
      { numRuns: 150 },
    );
  });
});

function listOf(topics: string, separator?: string) {
  const { brokers } = contextOf(
    composeFile(
      [
        'services:',
        '  kafka:',
        '    image: wurstmeister/kafka',
        '    environment:',
        '      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181',
        `      KAFKA_CREATE_TOPICS: ${JSON.stringify(topics)}`,
        ...(separator === undefined
          ? []
          : [`      KAFKA_CREATE_TOPICS_SEPARATOR: ${JSON.stringify(separator)}`]),
      ].join('\n'),
    ),
  );
  return topicListOf(brokers[0]!)!;
}

describe('a list of topics', () => {
  it('is read in the parts of the image', () => {
    const [entry] = entriesAsRead(listOf(' a:1:2:compact --config=x=y:more:fields'));
    expect(entry).toMatchObject({
      name: 'a',
      partitions: '1',
      replicas: '2',
      policy: 'compact',
      options: ['--config=x=y'],
      ignored: ['more', 'fields'],
    });
  });

  it('loses what is behind a line break of an entry', () => {
    expect(entriesAsRead(listOf('a:1:1\nb:2:1,c:3:1')).map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it.each([
    ['a:1:1,b:1:1', '', ['a', 'b']],
    ['one:1:1\nnine:1:1\n', '\\n', ['one', 'nine']],
    ['a:1:1,\n b:1:1,,', undefined, ['a', 'b']],
    ['a:1:1;b:1:1', ';', ['a', 'b']],
    ['a:1:1\nb:1:1', "$$'\n'", ['a', 'b']],
  ])('%j with %j means %j', (topics, separator, names) => {
    expect(entriesAsMeant(listOf(topics, separator)).map(({ name }) => name)).toEqual(names);
  });

  it('means one policy by two words with a comma', () => {
    expect(entriesAsMeant(listOf('a:1:1:compact,delete,b:1:1'))).toMatchObject([
      { name: 'a', policy: 'compact,delete' },
      { name: 'b', policy: '' },
    ]);
  });
});

describe('topics of a command', () => {
  function made(command: string) {
    return topicsMadeBy(
      composeFile(
        `services:\n  init:\n    image: a\n    environment: {NAME: mine}\n    command: ${JSON.stringify(command)}\n`,
      ).services[0]!,
    );
  }

  it.each([
    [
      'kafka-topics --create --topic a --partitions 3 --replication-factor 1 --bootstrap-server k:9092',
      [{ name: 'a', partitions: 3, replicas: 1, host: 'k', config: {} }],
    ],
    [
      `bash -c 'cub kafka-ready && \\\n kafka-topics.sh --create --topic=a --config x=1 --config=y=2; /opt/kafka/bin/kafka-topics.sh --topic "b" --create'`,
      [
        { name: 'a', config: { x: '1', y: '2' } },
        { name: 'b', config: {} },
      ],
    ],
    ['kafka-topics --create --topic $${NAME}', [{ name: 'mine', config: {} }]],
    ['kafka-topics --create --topic $$OTHER', []],
    ['kafka-topics --list', []],
    ['kafka-topics --create', []],
  ])('%j', (command, expected) => {
    expect(made(command)).toEqual(expected);
  });
});
