import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kafkaProperties, propertiesText } from '../../src/images/environment.js';
import { canRun } from '../helpers/require.js';
import { kafkaCases } from './cases.js';

/** Prints each property that java.util.Properties reads from a file as hexadecimal UTF-8, name and value. */
const program = `
import java.io.*; import java.nio.charset.*; import java.util.*;
class Read {
  static String hex(String s) { return HexFormat.of().formatHex(s.getBytes(StandardCharsets.UTF_8)); }
  public static void main(String[] args) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = new FileInputStream(args[0])) { properties.load(in); }
    for (String name : properties.stringPropertyNames())
      System.out.println(hex(name) + " " + hex(properties.getProperty(name)));
  }
}
`;

/** A JRE has no compiler to run a source file with. */
function hasCompiler(): boolean {
  try {
    return execFileSync('java', ['--list-modules'], { encoding: 'utf8' }).includes('jdk.compiler@');
  } catch {
    return false;
  }
}

describe.skipIf(!(await canRun('process')) || !hasCompiler())('java.util.Properties', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'kcluster-properties-'));
    writeFileSync(join(directory, 'Read.java'), program);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('reads back exactly what the environment says', () => {
    const env = Object.assign({}, ...kafkaCases.map((one) => one.env)) as Record<string, string>;
    const properties = kafkaProperties(env);
    const file = join(directory, 'kafka.properties');
    writeFileSync(file, propertiesText(properties));
    const output = execFileSync('java', [join(directory, 'Read.java'), file], { encoding: 'utf8' });
    const decode = (hex: string): string => Buffer.from(hex, 'hex').toString();
    const read = output
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(decode));
    expect(new Map(read.map(([name = '', value = '']) => [name, value]))).toEqual(properties);
  });
});
