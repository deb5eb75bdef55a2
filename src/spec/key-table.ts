import { specKeys } from './schema-walk.js';

/** What the table stands between in a Markdown file. */
const [begin, end] = ['<!-- keys: npm run schema -->', '<!-- end of keys -->'];

/**
 * A Markdown file with its table of every key of a kcluster.yaml made anew.
 * @throws Error when it has no place for one
 */
export function withKeyTable(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`there is no ${begin} before ${end}`);
  return `${text.slice(0, from)}${begin}\n\n${keyTable()}\n\n${text.slice(to)}`;
}

function keyTable(): string {
  const rows = specKeys().map(({ path, description, fallback }) => [
    `\`${path.join('.')}\``,
    description,
    fallback === undefined ? '' : `\`${valueText(fallback)}\``,
  ]);
  return [['key', 'meaning', 'default'], ['---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
