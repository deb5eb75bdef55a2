import { Document } from 'yaml';

/** A tree of a compose file as its text, below a comment. */
export function composeText(tree: unknown, comment: string): string {
  const file = new Document(tree);
  file.commentBefore = comment;
  return withoutInterpolation(file.toString({ lineWidth: 0 }));
}

/**
 * Compose puts variables where a value has `$NAME`, and reads `$$` as `$`. Every style of a YAML scalar has a `$` as it
 * is, and no key of a document has one.
 */
export function withoutInterpolation(text: string): string {
  return text.replaceAll('$', '$$$$');
}
