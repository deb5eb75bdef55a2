import { KclusterError } from '../errors.js';

/** The project names that Docker Compose accepts; the length keeps every host name within 63 characters. */
export const namePattern = /^[a-z0-9][a-z0-9_-]{0,39}$/;

export const nameRule =
  'a name is 1 to 40 lower-case letters, digits, "-" or "_", and begins with a letter or digit';

/** @throws KclusterError `invalidSpec` for a name that no cluster can have */
export function assertName(name: string): void {
  if (namePattern.test(name)) return;
  throw new KclusterError('invalidSpec', `"${name}" is not the name of a cluster`, {
    details: [`--name: ${nameRule}`],
  });
}
