/** The results as Markdown: a table for each shape, a column for each stage. */
export function table({ machine, results }) {
  const head = Object.entries(machine).map(([key, value]) => `${key}: ${value}`);
  const shapes = [...new Set(results.map(({ shape }) => shape))];
  return [`${head.join('; ')}\n`, ...shapes.map((shape) => tableOf(shape, results))].join('\n');
}

function tableOf(shape, results) {
  const here = results.filter((result) => result.shape === shape);
  const stages = [...new Set(here.map(({ stage }) => stage))];
  const contenders = [...new Set(here.map(({ contender }) => contender))];
  const cell = (contender, stage) => {
    const found = here.find((each) => each.contender === contender && each.stage === stage);
    return found ? spread(found) : '';
  };
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [
    `${shape}: median (least - greatest)`,
    '',
    row(['', ...stages]),
    row(['---', ...stages.map(() => '---')]),
    ...contenders.map((name) => row([name, ...stages.map((stage) => cell(name, stage))])),
    '',
  ].join('\n');
}

function spread({ stage, median, min, max }) {
  const [a, b, c] = [median, min, max].map((value) => inUnit(stage, value));
  return `${a} (${b} - ${c})`;
}

/** `2.65 s`, or `313 MB` of memory. */
export function inUnit(stage, value) {
  return stage === 'memory' ? `${Math.round(value)} MB` : `${(value / 1000).toFixed(2)} s`;
}
