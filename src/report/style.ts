import { Chalk, supportsColor, supportsColorStderr, type ColorSupportLevel } from 'chalk';

/** What a text means, for the eye; the words must say it too. */
export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/**
 * Colours as the stream and the user want them: NO_COLOR (no-color.org) takes them away, FORCE_COLOR brings them
 * back, otherwise a terminal has them.
 */
export function styleFor(stream: 'stdout' | 'stderr', env: NodeJS.ProcessEnv): Style {
  const detected = stream === 'stdout' ? supportsColor : supportsColorStderr;
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const refused = Boolean(env['NO_COLOR']) && !forced;
  const level: ColorSupportLevel = refused || !detected ? 0 : detected.level;
  const chalk = new Chalk({ level });
  return {
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
  };
}
