import type { JvmWish } from '../images/family.js';

/** What a specification says of a JVM. */
interface JvmSpec {
  heap?: string | undefined;
  jvmOptions?: readonly string[] | undefined;
}

/** The JVM of a node: the template's options, and over them what was asked for, the strongest first. */
export function jvmWish(options: string, ...wishes: readonly JvmSpec[]): JvmWish {
  const heap = wishes.map((each) => each.heap).find((each) => each !== undefined);
  const others = wishes.map((each) => each.jvmOptions).find((each) => each !== undefined);
  const template = splitOptions(options);
  return {
    heap: heap === undefined ? template.heap.join(' ') : heapOptions(heap, template.heap),
    options: (others ?? template.others).join(' '),
  };
}

/** Options of a JVM, those of its heap apart from the others. */
export function splitOptions(options: string): { heap: string[]; others: string[] } {
  const words = options.split(/\s+/).filter(Boolean);
  const isHeap = (word: string): boolean => /^-Xm[sx]/.test(word);
  return { heap: words.filter(isHeap), others: words.filter((word) => !isHeap(word)) };
}

/**
 * A heap begins as small as the template's, and never larger than it may become; where the template's has one size from
 * the beginning, so has it.
 */
function heapOptions(most: string, templateHeap: readonly string[]): string {
  const [first, last] = ['-Xms', '-Xmx'].map((name) =>
    templateHeap.find((option) => option.startsWith(name))?.slice(name.length),
  );
  const grows = first !== undefined && first !== last;
  const begin = grows && bytesOf(first) < bytesOf(most) ? first : most;
  return `-Xms${begin} -Xmx${most}`;
}

function bytesOf(size: string): number {
  const unit = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[size.at(-1)!.toLowerCase()] ?? 1;
  return Number.parseInt(size, 10) * unit;
}
