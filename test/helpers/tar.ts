import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';

export interface TarFile {
  text: string;
  mode: number | undefined;
}

/** The files of a tar.gz by their paths. */
export async function readTarGz(path: string): Promise<Map<string, TarFile>> {
  const archive = extract();
  archive.end(gunzipSync(await readFile(path)));
  const files = new Map<string, TarFile>();
  for await (const entry of archive)
    files.set(entry.header.name, { text: await text(entry), mode: entry.header.mode });
  return files;
}
