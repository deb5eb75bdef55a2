import type { Dispatcher } from 'undici';
import { KclusterError } from '../errors.js';

const mavenCentral = 'https://repo.maven.apache.org/maven2';

/** Where jars are fetched from. */
export interface MavenRepository {
  /** Whether the user named it. */
  configured: boolean;
  /** The base URL without user and password. */
  shown: string;
  /** The value of an Authorization header. */
  authorization: string | undefined;
  /** The proxy that the environment names for it, without user and password. */
  proxy: string | undefined;
}

/**
 * The repository that $KCLUSTER_MAVEN_REPOSITORY names, else Maven Central.
 * @throws KclusterError `usage` when it is not an HTTP URL.
 */
export function mavenRepository(env: NodeJS.ProcessEnv): MavenRepository {
  const url = httpUrl(
    'KCLUSTER_MAVEN_REPOSITORY',
    env['KCLUSTER_MAVEN_REPOSITORY'] || mavenCentral,
  );
  const { username, password } = url;
  const { http, https } = proxies(env);
  const proxy = url.protocol === 'https:' ? https || http : http;
  return {
    configured: Boolean(env['KCLUSTER_MAVEN_REPOSITORY']),
    shown: withoutCredentials(url),
    authorization: username
      ? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
      : undefined,
    proxy: proxy ? withoutCredentials(new URL(proxy)) : undefined,
  };
}

/**
 * The connections of one fetch: through the proxies of the environment, following redirects.
 * @throws KclusterError `usage` when a proxy is not an HTTP URL.
 */
export async function openDispatcher(env: NodeJS.ProcessEnv): Promise<Dispatcher> {
  const undici = await import('undici');
  const limits = { connect: { timeout: 15_000 }, headersTimeout: 30_000, bodyTimeout: 30_000 };
  const { http, https, none } = proxies(env);
  const agent =
    http || https
      ? withoutWarning(
          'UNDICI-EHPA',
          () =>
            new undici.EnvHttpProxyAgent({
              ...limits,
              httpProxy: http,
              httpsProxy: https,
              noProxy: none,
            }),
        )
      : new undici.Agent(limits);
  return agent.compose(undici.interceptors.redirect({ maxRedirections: 5 }));
}

/** Lower-case names go first, as with curl; an empty string is no proxy. */
function proxies(env: NodeJS.ProcessEnv): { http: string; https: string; none: string } {
  return {
    http: proxyOf(env, 'HTTP_PROXY'),
    https: proxyOf(env, 'HTTPS_PROXY'),
    none: read(env, 'NO_PROXY'),
  };
}

function proxyOf(env: NodeJS.ProcessEnv, name: string): string {
  const value = read(env, name);
  if (value === '') return '';
  return httpUrl(name, value.includes('://') ? value : `http://${value}`).href;
}

function read(env: NodeJS.ProcessEnv, name: string): string {
  return env[name.toLowerCase()] ?? env[name] ?? '';
}

function httpUrl(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new KclusterError('usage', `${name} is not an HTTP URL: ${value}`, {
    hints: [`Set ${name} to a URL such as http://host.example:8080, or unset it.`],
  });
}

/** Without a slash at the end. */
function withoutCredentials(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href.replace(/\/+$/, '');
}

/** undici 6 calls its proxy agent experimental on standard error; later versions do not. */
function withoutWarning<T>(code: string, work: () => T): T {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = ((warning: string | Error, options?: { code?: string }) => {
    if (options?.code !== code) emitWarning(warning, options);
  }) as typeof process.emitWarning;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
