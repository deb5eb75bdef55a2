import { createHash } from 'node:crypto';
import { Label } from './labels.js';

/**
 * A digest of a service definition that does not depend on the order of its keys. An engine keeps it with the node,
 * so that a later run sees whether the node still is what the document says. What was asked for and how is no part of
 * it: a node that comes out the same is the same.
 */
export function configHash(definition: unknown): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([key]) => key !== Label.spec)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
}
