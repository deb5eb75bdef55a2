import { execFile } from 'node:child_process';
import { access, constants, readFile, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { KclusterError } from '../../errors.js';
import { majorVersion, versionInRelease, versionInSettings } from './java-version.js';

/** A Java runtime of this machine. */
export interface Java {
  /** The absolute path of its `java`. */
  binary: string;
  home: string;
  /** Such as `17.0.15`. */
  version: string;
}

/** Kafka's last line with ZooKeeper runs on 8, but deprecates it; the JVM options of the templates want 11. */
const oldest = 11;

/**
 * The Java of $JAVA_HOME, else of $PATH. Starts no JVM when its `release` file says the version.
 * @throws KclusterError `noEngine` when there is none, or when it is too old
 */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const program = await findProgram(env);
  const java = program === undefined ? undefined : await inspect(program, env);
  if (!java) throw unusable(program === undefined ? 'there is no java' : `${program} does not run`);
  if (!(majorVersion(java.version) >= oldest))
    throw unusable(`${java.home} is Java ${java.version}`);
  return java;
}

async function findProgram(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const home = env['JAVA_HOME'];
  const directories = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  for (const directory of [...(home ? [join(home, 'bin')] : []), ...directories]) {
    const program = join(directory, 'java');
    if (await isExecutable(program)) return program;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function inspect(program: string, env: NodeJS.ProcessEnv): Promise<Java | undefined> {
  const binary = await realpath(program);
  const home = dirname(dirname(binary));
  const release = await readFile(join(home, 'release'), 'utf8').catch(() => '');
  const version = versionInRelease(release);
  return version === undefined ? await ask(program, env) : { binary, home, version };
}

/** A launcher of a version manager, say, has no `release` file beside it, but knows the real Java. */
async function ask(program: string, env: NodeJS.ProcessEnv): Promise<Java | undefined> {
  try {
    const args = ['-XshowSettings:properties', '-version'];
    const { stderr } = await promisify(execFile)(program, args, { env, timeout: 30_000 });
    const settings = versionInSettings(stderr);
    if (!settings) return undefined;
    const own = join(settings.home, 'bin', 'java');
    return { ...settings, binary: (await isExecutable(own)) ? own : program };
  } catch {
    return undefined;
  }
}

function unusable(found: string): KclusterError {
  return new KclusterError(
    'noEngine',
    `local processes need Java ${oldest} or newer, and ${found}`,
    {
      hints: [
        'Debian, Ubuntu: `sudo apt install openjdk-17-jre-headless`.',
        'macOS: `brew install --cask temurin@17`. With SDKMAN: `sdk install java`.',
        'If one is installed, set JAVA_HOME to its directory.',
      ],
    },
  );
}
