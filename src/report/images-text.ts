import type { KnownPair } from '../images/catalog.js';
import type { Style } from './style.js';
import { table } from './table.js';

/** The pairs as a table, and below it what to know about them. */
export function imagesText(pairs: readonly KnownPair[], style: Style): string {
  const rows = pairs.map((pair) => [
    pair.kafkaLine,
    pair.family,
    pair.kafka,
    pair.zookeeper,
    pair.zookeeperVersion,
    String(pair.java),
    pair.architectures.join(' '),
    pair.status,
  ]);
  const headings = [
    'KAFKA',
    'FAMILY',
    'BROKER IMAGE',
    'ZOOKEEPER IMAGE',
    'ZOOKEEPER',
    'JAVA',
    'ARCHITECTURES',
    'STATUS',
  ];
  return [table(headings, rows, style), ...hazards(pairs)].join('\n\n');
}

/** Each hazard once, with the families and lines that have it. */
function hazards(pairs: readonly KnownPair[]): string[] {
  const bySentence = new Map<string, string[]>();
  for (const { family, kafkaLine, hazards: sentences } of pairs)
    for (const sentence of sentences)
      bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), `${family} ${kafkaLine}`]);
  const lines = [...bySentence].map(([sentence, of]) => `! ${sentence}: ${of.join(', ')}`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}
