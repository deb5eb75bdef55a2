import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisNames,
  cellFlags,
  cellsOf,
  cellText,
  cellVariables,
  clusterNames,
  readAxes,
  whichCells,
  type Axis,
} from '../../src/spec/matrix.js';
import { namePattern } from '../../src/spec/name.js';

const none = (): boolean => false;

/** Axes as a user may write them, of one to a few dozen cells. */
const someAxes = fc
  .uniqueArray(fc.constantFrom(...axisNames), { minLength: 1, maxLength: 3 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .uniqueArray(
            name === 'engine'
              ? fc.constantFrom('docker', 'process', 'auto')
              : fc.string({ minLength: 1, maxLength: 12 }).filter(isValue),
            { minLength: 1, maxLength: 4 },
          )
          .map((values): Axis => ({ name, values })),
      ),
    ),
  );

function isValue(text: string): boolean {
  return text.trim() === text && text !== '' && !text.includes(',');
}

const textOf = ({ name, values }: Axis): string => `${name}=${values.join(',')}`;
const stems = fc.stringMatching(namePattern);

describe('the axes of a matrix', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(someAxes, (axes) => {
        expect(readAxes(axes.map(textOf), none)).toEqual({ axes, problems: [] });
      }),
    );
  });

  it('have every problem told, and are read as far as they can be', () => {
    const texts = [
      'kafka=2.8,,2.8,3.9',
      'broker=1',
      'kafka=3.5',
      'jdk=17',
      'images',
      'engine=dokcer,process',
      'observers=1',
      'zookeepers=',
    ];
    expect(readAxes(texts, (name) => name === 'observers')).toEqual({
      axes: [
        { name: 'kafka', values: ['2.8', '3.9'] },
        { name: 'engine', values: ['process'] },
        { name: 'observers', values: ['1'] },
      ],
      problems: [
        '--matrix kafka=2.8,,2.8,3.9: a value is empty',
        '--matrix kafka=2.8,,2.8,3.9: 2.8 is there twice',
        '--matrix broker=1: there is no axis "broker"; did you mean "brokers"?',
        '--matrix kafka=3.5: kafka is an axis already',
        `--matrix jdk=17: there is no axis "jdk"; there are ${axisNames.join(', ')}`,
        '--matrix images: it is written FLAG=VALUE,VALUE',
        '--matrix engine=dokcer,process: there is no engine "dokcer"; there are auto, docker, process',
        '--matrix observers=1: --observers is given by itself as well',
        '--matrix zookeepers=: a value is empty',
      ],
    });
  });

  it('are too many where their product is', () => {
    const numbers = Array.from({ length: 17 }, (_, index) => index).join();
    const { axes, problems } = readAxes([`brokers=${numbers}`, `zookeepers=${numbers}`], none);
    expect(axes).toEqual([]);
    expect(problems).toEqual(['--matrix: 289 cells are too many; there may be 256']);
  });
});

describe('the cells of a matrix', () => {
  it('are each combination once, the first axis changing last', () => {
    fc.assert(
      fc.property(someAxes, (axes) => {
        const cells = cellsOf(axes);
        const count = axes.reduce((product, { values }) => product * values.length, 1);
        expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(count);
        expect(cells).toHaveLength(count);
        for (const cell of cells)
          expect(cell.map(([name]) => name)).toEqual(axes.map(({ name }) => name));
        const firsts = cells.map(([pair]) => axes[0]!.values.indexOf(pair![1]));
        expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
      }),
    );
  });

  it('are flags, variables and words', () => {
    const [cell = []] = cellsOf([
      { name: 'kafka', values: ['3.5'] },
      { name: 'brokers', values: ['3'] },
      { name: 'zookeepers', values: ['many'] },
    ]);
    expect(cellFlags(cell)).toEqual({ kafka: '3.5', brokers: 3, zookeepers: 'many' });
    expect(cellText(cell)).toBe('kafka=3.5 brokers=3 zookeepers=many');
    expect(cellVariables(cell)).toEqual({
      KCLUSTER_MATRIX_KAFKA: '3.5',
      KCLUSTER_MATRIX_BROKERS: '3',
      KCLUSTER_MATRIX_ZOOKEEPERS: 'many',
    });
  });

  it('have clusters whose names are names, and differ, whatever the values are', () => {
    fc.assert(
      fc.property(stems, someAxes, (stem, axes) => {
        const names = clusterNames(stem, cellsOf(axes));
        for (const name of names) expect(name).toMatch(namePattern);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it('have clusters whose names tell of them, or are counted where they are too long', () => {
    const axes: Axis[] = [
      { name: 'kafka', values: ['2.8', '3.9'] },
      { name: 'brokers', values: ['1'] },
    ];
    expect(clusterNames('run-1f2e3d4c', cellsOf(axes))).toEqual([
      'run-1f2e3d4c-kafka2_8-brokers1',
      'run-1f2e3d4c-kafka3_9-brokers1',
    ]);
    const longer: Axis[] = [...axes, { name: 'zookeepers', values: ['1'] }];
    expect(clusterNames('run-1f2e3d4c', cellsOf(longer))).toEqual([
      'run-1f2e3d4c-1',
      'run-1f2e3d4c-2',
    ]);
    expect(clusterNames('a'.repeat(40), cellsOf(axes))).toEqual([
      `${'a'.repeat(38)}-1`,
      `${'a'.repeat(38)}-2`,
    ]);
  });
});

describe('some cells in words', () => {
  const all = cellsOf([
    { name: 'kafka', values: ['2.8', '3.9'] },
    { name: 'brokers', values: ['1', '3'] },
  ]);

  it.each([
    [[0, 1, 2, 3], ''],
    [[0, 1], '[kafka=2.8]'],
    [[1, 3], '[brokers=3]'],
    [[2], '[kafka=3.9 brokers=1]'],
    [[0, 3], '[kafka=2.8 brokers=1] [kafka=3.9 brokers=3]'],
    [[0, 1, 2], '[kafka=2.8 brokers=1] [kafka=2.8 brokers=3] [kafka=3.9 brokers=1]'],
  ])('%j are "%s"', (indices, words) => {
    expect(
      whichCells(
        indices.map((index) => all[index]!),
        all,
      ),
    ).toBe(words);
  });
});
