import { z } from 'zod';
import { clusterSpecSchema } from './schema.js';
import type { SpecPath } from './path.js';

/** One key of the specification, as people are told of it. */
export interface SpecKey {
  /** `*` stands for a name of the user's. */
  path: SpecPath;
  description: string;
  /** What holds where the key is left out; undefined when nothing does. */
  fallback?: unknown;
}

/** Every key that has a value of its own, in the order of the schema. */
export function specKeys(): SpecKey[] {
  return keysBelow(clusterSpecSchema, []);
}

/**
 * What a map at the path may have: these keys, `entries` that the user names, or `settings` of Kafka or ZooKeeper;
 * undefined where no map belongs.
 */
export function keysAt(path: SpecPath): string[] | 'entries' | 'settings' | undefined {
  const schema = path.reduce<z.core.$ZodType | undefined>(
    (outer, key) => outer && innerOf(outer, key),
    clusterSpecSchema,
  );
  const core = schema && unwrapped(schema);
  if (core instanceof z.ZodObject) return Object.keys(core.shape);
  if (!(core instanceof z.ZodRecord)) return undefined;
  return unwrapped(core.valueType) instanceof z.ZodObject ? 'entries' : 'settings';
}

function keysBelow(schema: z.core.$ZodType, path: SpecPath): SpecKey[] {
  const core = unwrapped(schema);
  if (core instanceof z.ZodObject) {
    return Object.entries(core.shape as Record<string, z.core.$ZodType>).flatMap(([key, inner]) =>
      keysBelow(inner, [...path, key]),
    );
  }
  if (core instanceof z.ZodRecord && unwrapped(core.valueType) instanceof z.ZodObject)
    return keysBelow(core.valueType, [...path, '*']);
  const { description = '', default: told } = saidOf(schema);
  const fallback = schema instanceof z.ZodDefault ? schema.def.defaultValue : told;
  return [{ path, description, ...(fallback !== undefined && { fallback }) }];
}

/** What is said of a schema, or of what is inside where that only says that it may be left out. */
function saidOf(schema: z.core.$ZodType): { description?: string; default?: unknown } {
  const own = z.globalRegistry.get(schema);
  if (own?.description !== undefined) return own;
  const isOuter = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return isOuter ? saidOf(schema.unwrap()) : {};
}

function innerOf(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  const core = unwrapped(schema);
  if (core instanceof z.ZodObject) {
    const shape = core.shape as Record<string, z.core.$ZodType>;
    return Object.hasOwn(shape, key) ? shape[key] : undefined;
  }
  return core instanceof z.ZodRecord ? core.valueType : undefined;
}

/** Without what only says that it may be left out. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  )
    return unwrapped(schema.unwrap());
  return schema;
}
