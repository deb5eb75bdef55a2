// Bars of the time from the command to "hello, world", as an SVG that reads on light and dark pages.
const width = 760;
const left = 290;
const bar = 18;
const gap = 8;

/** One group of bars for each shape: the median, with a line from the least to the greatest. */
export function chart({ results }) {
  const ups = results.filter(({ stage }) => stage === 'up');
  const shapes = [...new Set(ups.map(({ shape }) => shape))];
  const longest = Math.max(...ups.map(({ max }) => max));
  const scale = (width - left - 90) / longest;
  let y = 10;
  const parts = [];
  for (const shape of shapes) {
    parts.push(text(0, y + 14, `${shape}: seconds until “hello, world” was read`, 'bold'));
    y += 26;
    for (const result of ups.filter((each) => each.shape === shape)) {
      parts.push(...row(result, y, scale));
      y += bar + gap;
    }
    y += 14;
  }
  const style = 'font-family="system-ui, sans-serif" font-size="13" fill="#808080"';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" ${style}>\n${parts.join('\n')}\n</svg>\n`;
}

function row({ contender, median, min, max }, y, scale) {
  const middle = y + bar / 2;
  const own = contender.startsWith('kcluster');
  const at = (ms) => left + ms * scale;
  return [
    text(0, middle + 5, contender),
    `<rect x="${left}" y="${y}" width="${(median * scale).toFixed(1)}" height="${bar}" fill="${own ? '#2f81f7' : '#8b949e'}"/>`,
    `<path d="M${at(min).toFixed(1)} ${middle}H${at(max).toFixed(1)}" stroke="#d29922" stroke-width="2"/>`,
    text(at(max) + 6, middle + 5, (median / 1000).toFixed(2)),
  ];
}

function text(x, y, content, weight = 'normal') {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}">${escaped}</text>`;
}
