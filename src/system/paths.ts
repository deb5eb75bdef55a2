import { isAbsolute, join, resolve } from 'node:path';

/** What is kept: downloads, all of which can be made again; or nodes, locks and notes of runs. */
export type Kept = 'cache' | 'state';

/** The user of this process, as the system knows it. */
export interface User {
  /** Undefined for a user that no table of the system has. */
  home?: string;
  uid: number;
  /** The system's directory for temporary files. */
  temporary: string;
}

/** A directory, and from where on it may be made; that has to be there. */
export interface Usual {
  directory: string;
  /** Undefined: it was named by the user, and is taken as it is. */
  root?: string;
}

const names = {
  cache: { own: 'KCLUSTER_CACHE', xdg: 'XDG_CACHE_HOME', underHome: '.cache' },
  state: { own: 'KCLUSTER_STATE', xdg: 'XDG_STATE_HOME', underHome: join('.local', 'state') },
} as const;

/**
 * Where it is kept: $KCLUSTER_CACHE or $KCLUSTER_STATE, else kcluster under $XDG_CACHE_HOME or $XDG_STATE_HOME, else
 * under ~/.cache or ~/.local/state; undefined where the user has no home. Empty variables count as unset, and relative
 * paths in XDG's are ignored, as the XDG base directory specification has it. Pure.
 */
export function usualDirectory(
  kept: Kept,
  env: NodeJS.ProcessEnv,
  home: string | undefined,
): Usual | undefined {
  const { own, xdg, underHome } = names[kept];
  if (env[own]) return { directory: resolve(env[own]) };
  const base = env[xdg];
  // It is made when it is not there, by the same specification.
  if (base && isAbsolute(base)) return { directory: join(base, 'kcluster'), root: '/' };
  return home === undefined
    ? undefined
    : { directory: join(home, underHome, 'kcluster'), root: home };
}

/** The user's own directory: $HOME, else what the system says. A relative one would be another at every place. Pure. */
export function homeOf(env: NodeJS.ProcessEnv, { home }: User): string | undefined {
  const said = env['HOME'];
  return said && isAbsolute(said) ? said : home;
}

/**
 * Where both are kept when the usual place can't be written to, in the order of preference: a directory of this user's
 * own in one that is. `alone`: the outer one has to be the user's too. Pure.
 */
export function fallbacks(
  env: NodeJS.ProcessEnv,
  { uid, temporary }: User,
): { directory: string; outer: string; alone: boolean }[] {
  const runtime = env['XDG_RUNTIME_DIR'];
  const inTemporary = join(temporary, `kcluster-${uid}`);
  return [
    ...(runtime && isAbsolute(runtime)
      ? [{ directory: join(runtime, 'kcluster'), outer: runtime, alone: true }]
      : []),
    { directory: inTemporary, outer: temporary, alone: false },
  ];
}
