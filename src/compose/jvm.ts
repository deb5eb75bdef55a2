import type { JvmWish } from '../images/family.js';

/** What a specification says of a JVM. */
interface JvmSpec {
  heap?: string | undefined;
  jvmOptions?: readonly string[] | undefined;
}

/** The JVM of a node: the template's options, and over them what was asked for, the strongest first. */
export function jvmWish(options: string, ...wishes: readonly JvmSpec[]): JvmWish {
  const words = options.split(/\s+/).filter(Boolean);
  const heap = wishes.map((each) => each.heap).find((each) => each !== undefined);
  const others = wishes.map((each) => each.jvmOptions).find((each) => each !== undefined);
  const [templateHeap, templateOthers] = [true, false].map((isHeap) =>
    words.filter((word) => /^-Xm[sx]/.test(word) === isHeap),
  ) as [string[], string[]];
  return {
    heap: heap === undefined ? templateHeap.join(' ') : heapOptions(heap, templateHeap),
    options: (others ?? templateOthers).join(' '),
  };
}

/** A heap begins as small as the template's, and never larger than it may become. */
function heapOptions(most: string, templateHeap: readonly string[]): string {
  const first = templateHeap.find((option) => option.startsWith('-Xms'))?.slice('-Xms'.length);
  const begin = first !== undefined && bytesOf(first) < bytesOf(most) ? first : most;
  return `-Xms${begin} -Xmx${most}`;
}

function bytesOf(size: string): number {
  const unit = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[size.at(-1)!.toLowerCase()] ?? 1;
  return Number.parseInt(size, 10) * unit;
}
