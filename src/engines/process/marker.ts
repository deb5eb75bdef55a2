const prefix = '-Dkcluster.node=';

/**
 * The first argument of every node's JVM, which tells in the process table whose process it is. White space in
 * the directory is escaped, since `ps` does not show where an argument ends.
 */
export function markerOf(directory: string): string {
  return prefix + encodeURI(directory);
}

/** The node directory of a command line, if it is a node's. */
export function directoryOfArguments([program, first]: readonly string[]): string | undefined {
  if (!/(^|\/)java$/.test(program ?? '') || !first?.startsWith(prefix)) return undefined;
  return decoded(first.slice(prefix.length));
}

/** The same for a command line as `ps` shows it, joined with blanks. */
export function directoryOfCommand(command: string): string | undefined {
  const match = /^(?:[^\0]*\/)?java -Dkcluster\.node=(\S+)(?= |$)/.exec(command);
  return match ? decoded(match[1]!) : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURI(text);
  } catch {
    return undefined;
  }
}
