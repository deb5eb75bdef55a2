import type { BrokerSetup } from './family.js';

/** What hinders a family's rule to carry a property, as the end of a sentence that the key begins. */
export type Hindrance = (name: string, value: string) => string | undefined;

/** The first hindrance of each property, as phrases that begin with its name. */
export function hindrances(
  properties: ReadonlyMap<string, string>,
  checks: readonly Hindrance[],
): string[] {
  return [...properties].flatMap(([name, value]) => {
    const found = checks.map((check) => check(name, value)).find((text) => text !== undefined);
    return found === undefined ? [] : [`${name}: ${found}`];
  });
}

/** Refuses names that a pattern does not match. */
export function nameMatches(pattern: RegExp, reason: string): Hindrance {
  return (name) => (pattern.test(name) ? undefined : reason);
}

/** Refuses some names, each with its reason. */
export function nameIsFree(reasons: Readonly<Record<string, string>>): Hindrance {
  return (name) => (Object.hasOwn(reasons, name) ? reasons[name] : undefined);
}

/** Refuses values in which a pattern is found. */
export function valueLacks(pattern: RegExp, reason: string): Hindrance {
  return (_name, value) => (pattern.test(value) ? reason : undefined);
}

/** Every reserved name with one reason. */
export function reserved(names: readonly string[], reason: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

/** No environment and no command line has it. */
export const noNul: Hindrance = valueLacks(/\0/, 'a value has no NUL');

/**
 * What no script can write into a file of properties as it is: such a file is read as ISO 8859-1, line by line, and
 * a value begins after white space.
 */
export const plainLine: readonly Hindrance[] = [
  noNul,
  valueLacks(/[\n\r]/, 'the image writes a value as one line'),
  valueLacks(/^[ \t\f]/, 'the image loses white space in front of a value'),
  valueLacks(/[^\0-\x7f]/, 'the image writes nothing but ASCII'),
];

/** Names of small letters and digits, with dots between them: all that upper case and `_` for `.` can carry. */
export const dottedName: Hindrance = nameMatches(
  /^[a-z0-9]+(\.[a-z0-9]+)*$/,
  'the image writes names of small letters and dots only',
);

/** `KAFKA_LOG_DIRS` for `log.dirs`. */
export function flatVariable(prefix: string, name: string): string {
  return prefix + name.toUpperCase().replaceAll('.', '_');
}

/** The properties of a broker as variables. */
export function variables(
  { properties }: BrokerSetup,
  variable: (name: string) => string,
  value: (value: string) => string = (text) => text,
): Record<string, string> {
  return Object.fromEntries([...properties].map(([name, text]) => [variable(name), value(text)]));
}
