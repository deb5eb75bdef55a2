/**
 * How nodes use class-data archives, by KCLUSTER_ARCHIVES. `auto`: what is there is used, and what is lacking is recorded
 * in the background. `use`: what is there is used. `record`: what is lacking is recorded by the nodes themselves, which
 * takes some seconds of their end. `off`: neither.
 */
export const archiveModes = ['auto', 'use', 'record', 'off'] as const;
export type ArchiveMode = (typeof archiveModes)[number];

/** The archive in a node's directory: a link to one, or the one that its JVM writes as it ends. */
export const archiveName = 'classes.jsa';

/** The first Java that archives the classes of a program (JEP 350). */
const oldest = 13;

/**
 * Whether an archive of kcluster's fits into a JVM's command line: that Java has them, and its own options say nothing of
 * class-data sharing. Pure.
 * @param javaMajor such as 17
 */
export function takesArchive(javaMajor: number, ownOptions: readonly string[]): boolean {
  const aboutSharing =
    /^-Xshare|^-XX:.?(SharedArchiveFile|ArchiveClassesAtExit|AutoCreateSharedArchive|AOT)/;
  return javaMajor >= oldest && !ownOptions.some((option) => aboutSharing.test(option));
}

/** Options of a JVM about the archive in its directory. */
export interface ArchiveOptions {
  /** It takes its classes from there. */
  use: string;
  /** It writes the archive as it ends. */
  record: string;
}

/** Java 25 has ahead-of-time caches (JEP 514), with which a broker starts a tenth sooner than with the older archives. */
export function archiveOptions(javaMajor: number): ArchiveOptions {
  return javaMajor >= 25
    ? { use: `-XX:AOTCache=${archiveName}`, record: `-XX:AOTCacheOutput=${archiveName}` }
    : {
        use: `-XX:SharedArchiveFile=${archiveName}`,
        record: `-XX:ArchiveClassesAtExit=${archiveName}`,
      };
}
