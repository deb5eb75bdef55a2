import { execa } from 'execa';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readVariables } from '../helpers/actions/file-commands.js';
import { readAction } from '../helpers/actions/metadata.js';
import { hasTool } from '../helpers/tools.js';

describe.each(['.', 'action/stop'])('the action in %s', (directory) => {
  const { inputs, runs } = readAction(directory);

  it('gives inputs to scripts by their environment alone', () => {
    for (const { run } of runs.steps) expect(run ?? '').not.toContain('${{');
  });

  it('uses every input that it has, and no other', () => {
    const used = [...JSON.stringify(runs).matchAll(/\binputs\.([\w-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(inputs).toSorted());
  });

  it('uses no action without a version', () => {
    for (const { uses } of runs.steps) expect(uses ?? '@v1').toMatch(/@v\d+$/);
  });
});

describe('the scripts of the action', () => {
  const scripts = readdirSync('action').filter((name) => name.endsWith('.sh'));

  it.skipIf(!hasTool('shellcheck'))('are found right by shellcheck', async () => {
    const files = scripts.map((name) => `action/${name}`);
    const { all } = await execa('shellcheck', ['-x', '-P', 'SCRIPTDIR', ...files], {
      reject: false,
      all: true,
    });
    expect(all).toBe('');
  });
});

describe('the form of variables', () => {
  it('is read as it is documented', () => {
    expect(readVariables('A=1=2\n\nB<<E\none\n\nC=3\nE\nD=\nF<<E\nE\n')).toEqual({
      ...{ A: '1=2', B: 'one\n\nC=3', D: '', F: '' },
    });
    for (const wrong of ['A', 'A<<E\nx', '=1', 'GITHUB_SHA=1'])
      expect(() => readVariables(wrong)).toThrow();
  });
});
