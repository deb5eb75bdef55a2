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
    return found ? seconds(found) : '';
  };
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [
    `${shape}: median (least - greatest), seconds`,
    '',
    row(['', ...stages]),
    row(['---', ...stages.map(() => '---')]),
    ...contenders.map((name) => row([name, ...stages.map((stage) => cell(name, stage))])),
    '',
  ].join('\n');
}

function seconds({ median, min, max }) {
  const [a, b, c] = [median, min, max].map((ms) => (ms / 1000).toFixed(2));
  return `${a} (${b} - ${c})`;
}
