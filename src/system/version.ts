import { readFileSync } from 'node:fs';

/** The version of kcluster, `0.1.0`. */
export function kclusterVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
