import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/system/duration.js';

describe('a time in words', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['0.5s', 500],
    ['0h1s', 1000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '0s',
    '90',
    's',
    '-1s',
    '1.s',
    '.5s',
    '1h 30m',
    '1w',
    '2H',
    '1e3s',
    'never',
    '1s\n',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
