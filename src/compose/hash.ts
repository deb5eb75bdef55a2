import { createHash } from 'node:crypto';
import { Label } from './labels.js';

const prefix = 'kcluster-';

/**
 * A digest of a service definition that does not depend on the order of its keys. It is kept in Compose's
 * `config-hash` label, so that a later run sees whether a container still is what the document says.
 * The prefix tells it from the hash that Compose itself writes there, which is made of other things. What was asked
 * for and how is no part of it: a node that comes out the same is the same.
 */
export function configHash(definition: unknown): string {
  return prefix + createHash('sha256').update(canonicalJson(definition)).digest('hex');
}

/** Whether `configHash` made this value. */
export function isConfigHash(value: string): boolean {
  return value.startsWith(prefix);
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
