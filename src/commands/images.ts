import { ExitCode, KclusterError } from '../errors.js';
import { pairsOf, type KnownPair } from '../images/catalog.js';
import { familyNames, type FamilyName } from '../images/family-names.js';
import { imagesText } from '../report/images-text.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';

/** `kcluster images`: the pairs of images that are known to work; of one line of Kafka or one family, if asked. */
export async function images(
  _context: CommandContext,
  { kafka, family }: { kafka?: string; family?: FamilyName },
): Promise<Outcome> {
  const all = familyNames.filter((each) => [each, undefined].includes(family)).flatMap(pairsOf);
  const pairs = all.filter(({ kafkaLine }) => [kafkaLine, undefined].includes(kafka));
  if (pairs.length === 0) throw unknownLine(kafka ?? '', all);
  return await Promise.resolve({
    exitCode: ExitCode.ok,
    data: { images: pairs },
    text: (style) => imagesText(pairs, style),
  });
}

function unknownLine(kafka: string, pairs: readonly KnownPair[]): KclusterError {
  const lines = [...new Set(pairs.map(({ kafkaLine }) => kafkaLine))];
  return new KclusterError('usage', `no images are known for Kafka ${kafka}`, {
    hints: [`Take one of these lines: ${lines.join(', ')}.`],
  });
}
