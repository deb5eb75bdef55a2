import { z } from 'zod';
import { isTree, type SpecTree } from './path.js';
import { clusterSpecSchema } from './schema.js';

const head = `/* Made from the schema in src/spec by \`npm run schema\`. */

/** What a cluster is to be: the keys of a kcluster.yaml; every key may be left out. */
export interface Specification`;

/** Each program knows them by other ways: a name is an option of its own, and types have no version of a format. */
const notTyped = ['version', 'name'];

/** The specification as a type of TypeScript: what a kcluster.yaml may have, with what each key means. */
export function specificationType(): string {
  const schema = z.toJSONSchema(clusterSpecSchema, { io: 'input', target: 'draft-7' });
  const properties = Object.entries(schema.properties ?? {});
  const typed = Object.fromEntries(properties.filter(([key]) => !notTyped.includes(key)));
  return `${head} ${mapType(typed)}\n`;
}

function typeOf(schema: SpecTree): string {
  const { enum: words, anyOf, type, items, properties, additionalProperties } = schema;
  if (Array.isArray(words)) return words.map((each) => JSON.stringify(each)).join(' | ');
  if (Array.isArray(anyOf)) return (anyOf as SpecTree[]).map(typeOf).join(' | ');
  if (type === 'array' && isTree(items)) return `(${typeOf(items)})[]`;
  if (isTree(properties)) return mapType(properties);
  if (isTree(additionalProperties)) return `Record<string, ${typeOf(additionalProperties)}>`;
  return type === 'integer' ? 'number' : String(type);
}

function mapType(properties: SpecTree): string {
  const members = Object.entries(properties).map(
    ([key, schema]) => `${comment(schema as SpecTree)}\n${key}?: ${typeOf(schema as SpecTree)};`,
  );
  return `{\n${members.join('\n')}\n}`;
}

function comment({ description, default: fallback }: SpecTree): string {
  const isNothing = ['{}', '[]', undefined].includes(JSON.stringify(fallback));
  const tag = isNothing ? '' : `\n * @defaultValue \`${JSON.stringify(fallback)}\``;
  return `/**\n * ${String(description)}.${tag}\n */`;
}
