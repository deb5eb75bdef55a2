/** The words of a command line as a shell parts them, with quotes and backslashes resolved; nothing is expanded. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [token] of text.matchAll(/\\\n|\\.|'[^']*'|"(?:\\.|[^"\\])*"|\s+|[^\s\\'"]+|./gs)) {
    if (/^\s/.test(token)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (token !== '\\\n') word = (word ?? '') + plain(token);
  }
  return word === undefined ? words : [...words, word];
}

function plain(token: string): string {
  if (token.length > 1 && token.startsWith("'")) return token.slice(1, -1);
  if (token.length > 1 && token.startsWith('"'))
    return token.slice(1, -1).replaceAll(/\\(["\\$`])|\\\n/g, '$1');
  return token.startsWith('\\') ? token.slice(1) : token;
}
