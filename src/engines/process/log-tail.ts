import type { FileHandle } from 'node:fs/promises';

const blockSize = 64 * 1024;
const newline = 10;

/** The offset in bytes at which the last `count` lines of a file of this size begin; reads no more than they take. */
export async function tailOffset(file: FileHandle, size: number, count: number): Promise<number> {
  if (count === 0) return size;
  const block = Buffer.alloc(blockSize);
  let lines = 0;
  for (let end = size; end > 0; end -= blockSize) {
    const begin = Math.max(0, end - blockSize);
    const { bytesRead } = await file.read(block, 0, end - begin, begin);
    for (let index = bytesRead - 1; index >= 0; index--) {
      // The newline that ends the last line begins none.
      if (block[index] !== newline || begin + index === size - 1) continue;
      lines++;
      if (lines === count) return begin + index + 1;
    }
  }
  return 0;
}
