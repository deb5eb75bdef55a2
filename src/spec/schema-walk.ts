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

/** The keys that a map at the path may have; empty where the user names them. */
export function knownKeys(path: SpecPath): string[] {
  const schema = path.reduce<z.core.$ZodType | undefined>(
    (outer, key) => outer && innerOf(outer, key),
    clusterSpecSchema,
  );
  const core = schema && unwrapped(schema);
  return core instanceof z.ZodObject ? Object.keys(core.shape) : [];
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
  const fallback = fallbackOf(schema);
  return [
    {
      path,
      description: z.globalRegistry.get(schema)?.description ?? describedInside(schema),
      ...(fallback !== undefined && { fallback }),
    },
  ];
}

function describedInside(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    const inner = schema.unwrap();
    return z.globalRegistry.get(inner)?.description ?? describedInside(inner);
  }
  return '';
}

function fallbackOf(schema: z.core.$ZodType): unknown {
  const fallback = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
  return fallback;
}

function innerOf(schema: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  const core = unwrapped(schema);
  if (core instanceof z.ZodObject) return (core.shape as Record<string, z.core.$ZodType>)[key];
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
