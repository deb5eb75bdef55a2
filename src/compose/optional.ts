/**
 * Settings without those that a template only suggests and the image can't be told: what nobody asked for is left to
 * the image's own default.
 * @param suggested the names of the template's settings that nothing else has set
 * @param problems phrases that begin with the name of a setting, as `ImageFamily.problems` gives them
 */
export function withoutUnsayable(
  settings: ReadonlyMap<string, string>,
  suggested: ReadonlySet<string>,
  problems: readonly string[],
): ReadonlyMap<string, string> {
  const refused = new Set(problems.map((phrase) => phrase.split(':', 1)[0]!));
  return new Map([...settings].filter(([name]) => !(suggested.has(name) && refused.has(name))));
}
