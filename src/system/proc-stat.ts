/** What `/proc/PID/stat` says of a process. */
export interface ProcStat {
  command: string;
  /** Clock ticks between boot and the start of the process. */
  startTicks: number;
  /** A zombie, or dead: it only waits for its parent to take notice. */
  ended: boolean;
  /** Stopped by a signal or a tracer. */
  frozen: boolean;
}

/**
 * Reads one line of `/proc/PID/stat` (proc_pid_stat(5)); undefined for anything else.
 * The command is in parentheses and may itself hold parentheses and blanks.
 */
export function parseProcStat(text: string): ProcStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const [state = '', ...fields] = fieldsAfter(text, close);
  // `fields` begins with field 4; the start time is field 22.
  const startTicks = Number(fields[18]);
  if (!Number.isInteger(startTicks)) return undefined;
  return {
    command: text.slice(open + 1, close),
    startTicks,
    ended: 'ZXx'.includes(state),
    frozen: 'Tt'.includes(state),
  };
}

/** Whether the process is in the foreground of its terminal: its process group (field 5) is the terminal's (field 8). */
export function isInForeground(text: string): boolean {
  const [, , group, , , terminalGroup] = fieldsAfter(text, text.lastIndexOf(')'));
  return group === terminalGroup;
}

/** Field 3, the state, and what follows it. */
function fieldsAfter(text: string, close: number): string[] {
  return text
    .slice(close + 1)
    .trim()
    .split(/\s+/);
}
