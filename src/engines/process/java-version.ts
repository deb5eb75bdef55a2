/** Reads `JAVA_VERSION="17.0.15"` of a JDK's or JRE's `release` file. */
export function versionInRelease(text: string): string | undefined {
  return /^JAVA_VERSION="([^"]+)"/m.exec(text)?.[1];
}

/** Reads the output of `java -XshowSettings:properties -version`. */
export function versionInSettings(text: string): { version: string; home: string } | undefined {
  const version = /^\s*java\.version = (\S+)/m.exec(text)?.[1];
  const home = /^\s*java\.home = (.+?)\s*$/m.exec(text)?.[1];
  return version !== undefined && home !== undefined ? { version, home } : undefined;
}

/** `17.0.15` -> 17, `25-ea` -> 25, `1.8.0_392` -> 8; NaN for anything else. */
export function majorVersion(version: string): number {
  const match = /^(?:1\.)?(\d+)/.exec(version);
  return match ? Number(match[1]) : Number.NaN;
}
