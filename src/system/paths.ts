import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where downloads are kept: $KCLUSTER_CACHE, else kcluster under $XDG_CACHE_HOME, else under ~/.cache.
 * All of it can be removed at any time; it is fetched or made again.
 */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return directory(env, 'KCLUSTER_CACHE', 'XDG_CACHE_HOME', '.cache');
}

/** Where the process engine keeps its nodes: $KCLUSTER_STATE, else under $XDG_STATE_HOME, else ~/.local/state. */
export function stateDirectory(env: NodeJS.ProcessEnv): string {
  return directory(env, 'KCLUSTER_STATE', 'XDG_STATE_HOME', join('.local', 'state'));
}

/** Where runs of this machine say which ports they have chosen. */
export function portsDirectory(env: NodeJS.ProcessEnv): string {
  return join(stateDirectory(env), 'ports');
}

/** An empty variable counts as unset, as the XDG base directory specification has it. */
function directory(env: NodeJS.ProcessEnv, own: string, xdg: string, underHome: string): string {
  if (env[own]) return resolve(env[own]);
  const base = env[xdg];
  // The specification has relative paths in XDG variables ignored.
  if (base && isAbsolute(base)) return join(base, 'kcluster');
  return join(homeDirectory(env), underHome, 'kcluster');
}

/** The user's own directory: $HOME, else what the system says. */
export function homeDirectory(env: NodeJS.ProcessEnv): string {
  return env['HOME'] || homedir();
}
