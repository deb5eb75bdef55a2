/** A value of an expression; objects are contexts. */
type Value = string | number | boolean | null | { [name: string]: Value };
/** What expressions speak of, such as `inputs`. */
export type Contexts = Record<string, Value>;
/** What `success()` and the like answer. */
export type Functions = Record<string, () => boolean>;

const statusFunctions = /\b(success|failure|cancelled|always)\s*\(/;

/** Expressions of a workflow, as far as the action has any ("Evaluate expressions in workflows and actions"). */
export class Expressions {
  readonly #contexts: Contexts;
  readonly #functions: Functions;

  constructor(contexts: Contexts, functions: Functions) {
    this.#contexts = contexts;
    this.#functions = functions;
  }

  /** Text with every `${{ }}` in it replaced. */
  fill(text: string): string {
    return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, inner: string) =>
      textOf(this.#evaluate(inner)),
    );
  }

  /** A condition: without a function that asks for the status, it holds only while nothing has failed. */
  holds(condition: string | boolean | undefined): boolean {
    const text = String(condition ?? 'success()').replace(/^\$\{\{(.*)\}\}$/s, '$1');
    const whole = statusFunctions.test(text) ? text : `success() && (${text})`;
    return isTrue(this.#evaluate(whole));
  }

  #evaluate(text: string): Value {
    const tokens = [...text.matchAll(/\s*('(?:[^']|'')*'|&&|\|\||[=!]=|[!()]|[\w.-]+|\S)/gy)].map(
      (match) => match[1]!,
    );
    const value = this.#or(tokens);
    if (tokens.length > 0) throw new Error(`not an expression: ${text}`);
    return value;
  }

  #or(tokens: string[]): Value {
    let value = this.#and(tokens);
    while (take(tokens, '||')) {
      const other = this.#and(tokens);
      value = isTrue(value) ? value : other;
    }
    return value;
  }

  #and(tokens: string[]): Value {
    let value = this.#equal(tokens);
    while (take(tokens, '&&')) {
      const other = this.#equal(tokens);
      value = isTrue(value) ? other : value;
    }
    return value;
  }

  #equal(tokens: string[]): Value {
    const value = this.#one(tokens);
    if (take(tokens, '==')) return isSame(value, this.#one(tokens));
    if (take(tokens, '!=')) return !isSame(value, this.#one(tokens));
    return value;
  }

  #one(tokens: string[]): Value {
    const token = tokens.shift() ?? '';
    if (token === '!') return !isTrue(this.#one(tokens));
    if (token === '(') {
      const value = this.#or(tokens);
      expectToken(tokens, ')');
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (take(tokens, '(')) {
      expectToken(tokens, ')');
      const named = this.#functions[token];
      if (!named) throw new Error(`there is no function ${token}`);
      return named();
    }
    return this.#lookUp(token);
  }

  /** What is not in a context is null; but there is no other context. */
  #lookUp(path: string): Value {
    const [context = '', ...names] = path.split('.');
    if (!(context in this.#contexts)) throw new Error(`there is no context ${context}: ${path}`);
    return names.reduce<Value>(
      (value, name) => (typeof value === 'object' && value ? (value[name] ?? null) : null),
      this.#contexts[context]!,
    );
  }
}

function take(tokens: string[], token: string): boolean {
  if (tokens[0] !== token) return false;
  tokens.shift();
  return true;
}

function expectToken(tokens: string[], token: string): void {
  if (!take(tokens, token)) throw new Error(`expected ${token}, found ${tokens[0]}`);
}

function isTrue(value: Value): boolean {
  return value !== null && value !== false && value !== '' && value !== 0;
}

/** GitHub ignores case; null is like the empty text where it meets a text. */
function isSame(a: Value, b: Value): boolean {
  return textOf(a).toLowerCase() === textOf(b).toLowerCase();
}

function textOf(value: Value): string {
  return value === null ? '' : typeof value === 'object' ? 'Object' : String(value);
}
