/**
 * Writes what is told of a kcluster.yaml from its schema in src/spec: templates/kcluster.schema.json, the table of keys
 * in the README, and the type of the library. For maintainers: npm run schema
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { clusterJsonSchema } from '../build/spec/json-schema.js';
import { withKeyTable } from '../build/spec/key-table.js';
import { specificationType } from '../build/spec/type-text.js';

const root = new URL('../', import.meta.url);

await rewrite('templates/kcluster.schema.json', () => JSON.stringify(clusterJsonSchema(), null, 2));
await rewrite('README.md', withKeyTable);
await rewrite('src/library/specification.ts', specificationType);

async function rewrite(name, change) {
  const path = fileURLToPath(new URL(name, root));
  const before = await readFile(path, 'utf8').catch(() => '');
  const after = await format(change(before), {
    ...(await resolveConfig(path)),
    filepath: path,
  });
  if (after !== before) await writeFile(path, after);
  process.stdout.write(`${name}: ${after === before ? 'as it was' : 'written'}\n`);
}
