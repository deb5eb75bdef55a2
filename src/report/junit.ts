import { stripVTControlCharacters } from 'node:util';
import XMLBuilder from 'fast-xml-builder';

/** Why a case did not pass: one line, and all that there is to say. */
export interface TestProblem {
  message: string;
  text: string;
}

export interface TestCase {
  name: string;
  /** What reporters group cases by; they take dots for the bounds of packages. */
  classname: string;
  /** How long it took. */
  ms: number;
  /** What was tested is not as it has to be. */
  failure?: TestProblem;
  /** The test could not be made. */
  error?: TestProblem;
  output?: string;
}

export interface TestSuite {
  name: string;
  /** When it began. */
  timestamp: Date;
  ms: number;
  cases: readonly TestCase[];
}

const attribute = '@';
const builder = new XMLBuilder({
  attributeNamePrefix: attribute,
  format: true,
  ignoreAttributes: false,
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
  attributeValueProcessor: (_name, value) => representable(String(value)),
  tagValueProcessor: (_name, value) => representable(String(value)),
});

/**
 * A document of JUnit's XML, in the dialect of the `junit-10.xsd` of Jenkins' xUnit plugin, which GitLab's reports and
 * the reporters for GitHub Actions read too. Times are in seconds, those of day in UTC and without a zone.
 */
export function junitXml(suites: readonly TestSuite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const ms = suites.reduce((sum, suite) => sum + suite.ms, 0);
  return builder.build({
    '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }),
    testsuites: { ...attributes({ ...countsOf(cases, ms) }), testsuite: suites.map(suiteNode) },
  });
}

function suiteNode({ name, timestamp, ms, cases }: TestSuite): object {
  // junit-10.xsd has `skipped` for suites only.
  const counts = { ...countsOf(cases, ms), skipped: '0' };
  return {
    ...attributes({ name, ...counts, timestamp: timestamp.toISOString().slice(0, 19) }),
    testcase: cases.map(caseNode),
  };
}

function caseNode({ name, classname, ms, failure, error, output }: TestCase): object {
  return {
    ...attributes({ name, classname, time: secondsOf(ms) }),
    ...(failure && { failure: problemNode(failure) }),
    ...(error && { error: problemNode(error) }),
    ...(output !== undefined && { 'system-out': output }),
  };
}

function problemNode({ message, text }: TestProblem): object {
  return { ...attributes({ message }), '#text': text };
}

function countsOf(cases: readonly TestCase[], ms: number): Record<string, string> {
  return {
    tests: String(cases.length),
    failures: String(cases.filter(({ failure }) => failure).length),
    errors: String(cases.filter(({ error }) => error).length),
    time: secondsOf(ms),
  };
}

function secondsOf(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${attribute}${name}`, value]),
  );
}

/**
 * The text without the colours of a terminal, and with U+FFFD for each character that XML 1.0 can't hold, not even
 * escaped: control characters, halves of surrogate pairs (https://www.w3.org/TR/xml/#charsets).
 */
function representable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(
    /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu,
    '\uFFFD',
  );
}
