import { z } from 'zod';
import { isTree, type SpecTree } from './path.js';
import { clusterSpecSchema } from './schema.js';

/**
 * The JSON Schema of a kcluster.yaml, for editors: what can be told of each value by itself. Any value may also be a
 * text with variables, and a map or a list may be there without anything in it. Draft 7, which every editor knows.
 */
export function clusterJsonSchema(): SpecTree {
  const { $schema, ...schema } = z.toJSONSchema(clusterSpecSchema, {
    io: 'input',
    target: 'draft-7',
  });
  return {
    $schema,
    $id: 'urn:kcluster:specification:1',
    title: 'kcluster.yaml',
    description: 'What a cluster of kcluster is to be',
    ...asWritten(schema),
    definitions: {
      variable: {
        description: 'A text with variables, such as ${NAME:-default}',
        type: 'string',
        pattern: '\\$',
      },
    },
  };
}

/** A schema of values as one of what stands in a file. */
function asWritten(schema: SpecTree): SpecTree {
  const { description, default: fallback, ...rules } = schema;
  const isNothing = JSON.stringify(fallback) === '{}' || JSON.stringify(fallback) === '[]';
  return {
    ...(typeof description === 'string' && { description, markdownDescription: description }),
    ...(fallback !== undefined && !isNothing && { default: fallback }),
    ...(isTree(rules['properties']) || isTree(rules['additionalProperties'])
      ? mapAsWritten(rules)
      : valueAsWritten(rules)),
  };
}

function mapAsWritten({ properties, additionalProperties, ...rules }: SpecTree): SpecTree {
  const inner = Object.entries(isTree(properties) ? properties : {});
  return {
    ...rules,
    type: ['object', 'null'],
    ...(inner.length > 0 && {
      properties: Object.fromEntries(
        inner.map(([key, each]) => [key, asWritten(each as SpecTree)]),
      ),
    }),
    additionalProperties: isTree(additionalProperties)
      ? asWritten(additionalProperties)
      : additionalProperties,
  };
}

function valueAsWritten(rules: SpecTree): SpecTree {
  const { items } = rules;
  if (isTree(items)) return { ...rules, type: ['array', 'null'], items: asWritten(items) };
  const { anyOf } = rules;
  const choices = Array.isArray(anyOf) ? (anyOf as SpecTree[]) : [rules];
  return { anyOf: [...choices, { $ref: '#/definitions/variable' }] };
}
