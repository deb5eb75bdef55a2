/** What is wrong with a `${...}`. */
export class InterpolationError extends Error {
  /** The variable that has no value, where that is what is wrong. */
  readonly unset: string | undefined;

  constructor(message: string, unset?: string) {
    super(message);
    this.unset = unset;
  }
}

/** Variables by their names. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Fills in variables as Compose does: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`,
 * `${NAME?message}`, `${NAME:+other}`, `${NAME+other}`, nested ones, and `$$` for a dollar sign. With `:` an empty
 * value counts as unset.
 * @see Compose specification, "Interpolation"
 * @throws InterpolationError for a variable that is not set, is required, or is not written rightly
 */
export function interpolate(text: string, env: Variables): string {
  let filled = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
    const [value, next] = substitution(text, dollar, env);
    filled += text.slice(at, dollar) + value;
    at = next;
  }
  return filled + text.slice(at);
}

/** What stands for the `$...` at a place, and where the text goes on. */
function substitution(text: string, at: number, env: Variables): [value: string, next: number] {
  if (text[at + 1] === '$') return ['$', at + 2];
  const plain = nameAt(text, at + 1);
  if (plain !== '') return [required(plain, env), at + 1 + plain.length];
  if (text[at + 1] !== '{')
    throw new InterpolationError('a "$" that begins no variable is written as "$$"');
  const end = closingBrace(text, at + 2);
  return [braced(text.slice(at + 2, end), env), end + 1];
}

/** The name of a variable that begins at a place; empty where none does. */
function nameAt(text: string, at: number): string {
  const pattern = /[A-Za-z_]\w*/y;
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** `NAME`, or `NAME`, an operator and its operand, which may have variables of its own. */
function braced(inner: string, env: Variables): string {
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(inner);
  if (!match) throw new InterpolationError(`"\${${inner}}" is not a variable`);
  const [, name = '', operator, operand = ''] = match;
  if (operator === undefined) return required(name, env);
  // With a colon an empty value counts as none.
  const value = operator.startsWith(':') ? valueOf(name, env) || undefined : valueOf(name, env);
  if (operator.endsWith('+')) return value === undefined ? '' : interpolate(operand, env);
  if (value !== undefined) return value;
  const other = interpolate(operand, env);
  if (operator.endsWith('-')) return other;
  throw new InterpolationError(`$${name} is required${other === '' ? '' : `: ${other}`}`, name);
}

/** Compose takes an unset variable as empty and warns; an empty value would only be misunderstood later. */
function required(name: string, env: Variables): string {
  const value = valueOf(name, env);
  if (value !== undefined) return value;
  throw new InterpolationError(
    `$${name} is not set; set it, or give a default: \${${name}:-default}`,
    name,
  );
}

/** Not what every object has, such as `constructor`. */
function valueOf(name: string, env: Variables): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** More than anybody nests, and no more than the stack takes. */
const deepest = 100;

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
    if (depth > deepest) throw new InterpolationError('variables are nested too deep');
  }
  throw new InterpolationError('a "${" has no "}"');
}
