/** What is wrong with a `${...}`. */
export class InterpolationError extends Error {
  /** The variable that has no value, where that is what is wrong. */
  readonly unset: string | undefined;

  constructor(message: string, unset?: string) {
    super(message);
    this.unset = unset;
  }
}

/**
 * Fills in variables as Compose does: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`,
 * `${NAME?message}`, `${NAME:+other}`, `${NAME+other}`, nested ones, and `$$` for a dollar sign. With `:` an empty
 * value counts as unset.
 * @see Compose specification, "Interpolation"
 * @throws InterpolationError for a variable that is not set, is required, or is not written rightly
 */
export function interpolate(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const dollar = text.indexOf('$');
  if (dollar < 0) return text;
  const [value, next] = substitution(text, dollar, env);
  return text.slice(0, dollar) + value + interpolate(text.slice(next), env);
}

type Env = Parameters<typeof interpolate>[1];

/** What stands for the `$...` at a place, and where the text goes on. */
function substitution(text: string, at: number, env: Env): [value: string, next: number] {
  const rest = text.slice(at + 1);
  if (rest.startsWith('$')) return ['$', at + 2];
  const plain = /^[A-Za-z_]\w*/.exec(rest)?.[0];
  if (plain !== undefined) return [required(plain, env), at + 1 + plain.length];
  if (!rest.startsWith('{'))
    throw new InterpolationError('a "$" that begins no variable is written as "$$"');
  const end = closingBrace(text, at + 2);
  return [braced(text.slice(at + 2, end), env), end + 1];
}

/** `NAME`, or `NAME`, an operator and its operand, which may have variables of its own. */
function braced(inner: string, env: Env): string {
  const match = /^([A-Za-z_]\w*)(?:(:?[-?+])([\s\S]*))?$/.exec(inner);
  if (!match) throw new InterpolationError(`"\${${inner}}" is not a variable`);
  const [, name = '', operator, operand = ''] = match;
  if (operator === undefined) return required(name, env);
  // With a colon an empty value counts as none.
  const value = operator.startsWith(':') ? env[name] || undefined : env[name];
  if (operator.endsWith('+')) return value === undefined ? '' : interpolate(operand, env);
  if (value !== undefined) return value;
  const other = interpolate(operand, env);
  if (operator.endsWith('-')) return other;
  throw new InterpolationError(`$${name} is required${other === '' ? '' : `: ${other}`}`, name);
}

/** Compose takes an unset variable as empty and warns; an empty value would only be misunderstood later. */
function required(name: string, env: Env): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new InterpolationError(
    `$${name} is not set; set it, or give a default: \${${name}:-default}`,
    name,
  );
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new InterpolationError('a "${" has no "}"');
}
