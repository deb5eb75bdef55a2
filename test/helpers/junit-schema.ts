import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';

const schema = readFileSync(new URL('../report/junit.xsd', import.meta.url), 'utf8');

/** What libxml2 says against a JUnit document; nothing when it is well-formed and valid. */
export async function junitProblems(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml, schema });
  return errors.map(({ rawMessage }) => rawMessage);
}
