import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingsOf, type Finding } from '../../src/import/finding.js';
import { composeRules } from '../../src/import/rules/rules.js';
import { contextFrom } from './compose.js';

const directory = new URL('files/rules/', import.meta.url);
const files = readdirSync(directory).map((name) => name.replace('.yml', ''));

/** What a file says of itself: `# error: rule; warning: rule` at the end of a line. */
function announced(text: string): string[] {
  return text.split('\n').flatMap((row, index) => {
    const [, marks = ''] = / # ((?:(?:error|warning|note): [\w-]+(?:; )?)+)$/.exec(row) ?? [];
    return marks === '' ? [] : marks.split('; ').map((mark) => `${index + 1} ${mark}`);
  });
}

function found(findings: readonly Finding[], rule: string): string[] {
  return findings
    .filter((each) => each.rule === rule)
    .map(({ line, level }) => `${line} ${level}: ${rule}`);
}

describe('a rule', () => {
  it.each(files)('%s finds what its file announces, at its line, and nothing else', (rule) => {
    const text = readFileSync(new URL(`${rule}.yml`, directory), 'utf8');
    const findings = findingsOf(contextFrom(text), composeRules);
    expect(found(findings, rule).sort()).toEqual(announced(text).sort());
    expect(announced(text).every((mark) => mark.endsWith(`: ${rule}`))).toBe(true);
  });

  it('has a file', () => {
    expect(files.toSorted()).toEqual(Object.keys(composeRules).toSorted());
  });

  it.each(files)('%s is told in whole sentences', (rule) => {
    const text = readFileSync(new URL(`${rule}.yml`, directory), 'utf8');
    const findings = findingsOf(contextFrom(text), composeRules);
    for (const { message, why, fix } of findings) {
      expect(message).toMatch(/^[^\n]*[^.\n]$/);
      expect(why).toMatch(/^[A-Z0-9`"a-z][^]*\.$/);
      expect(fix).toMatch(/[.)]$/);
    }
  });
});
