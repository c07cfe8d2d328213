// Small line charts: one quantity over the epochs of a fit.

/**
 * @param title what is drawn.
 * @param series [{ name, values, dashed }], a value an epoch, null where there is none.
 * @param marks [{ at, words }], places on the axis where something begins.
 */
function lineChart(title, series, marks) {
  const width = 340, height = 190, left = 52, right = 10, top = 14, bottom = 24;
  const length = Math.max(...series.map(one => one.values.length));
  const all = series.flatMap(one => one.values).filter(value => value !== null && value !== undefined);
  let low = Math.min(...all), high = Math.max(...all);
  if (high === low) { low -= Math.abs(low) * 0.1 || 0.1; high += Math.abs(high) * 0.1 || 0.1; }
  const x = epoch => left + (width - left - right) * (length > 1 ? epoch / (length - 1) : 0.5);
  const y = value => top + (height - top - bottom) * (1 - (value - low) / (high - low));
  const svg = drawn('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title });
  for (const value of [low, (low + high) / 2, high]) {
    svg.append(
      drawn('line', { class: 'axis', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      drawn('text', { class: 'faint', x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, briefly(value)));
  }
  svg.append(
    drawn('text', { class: 'faint', x: x(0), y: height - 6, 'text-anchor': 'middle' }, '1'),
    drawn('text', { class: 'faint', x: x(length - 1), y: height - 6, 'text-anchor': 'end' }, length > 1 ? `epoch ${length}` : ''));
  for (const mark of marks) {
    svg.append(
      drawn('line', { x1: x(mark.at), x2: x(mark.at), y1: top, y2: height - bottom, stroke: 'var(--muted)', 'stroke-dasharray': '2 3' }),
      drawn('text', { class: 'faint halo', x: x(mark.at) + 4, y: top - 3 }, mark.words));
  }
  series.forEach((one, place) => {
    const points = one.values.map((value, epoch) => [epoch, value]).filter(([, value]) => value !== null && value !== undefined);
    const stroke = `var(--hue-${place})`;
    svg.append(drawn('polyline', {
      points: points.map(([epoch, value]) => `${x(epoch).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
      fill: 'none', stroke, 'stroke-width': 2, 'stroke-dasharray': one.dashed ? '6 3' : null, 'stroke-linejoin': 'round',
    }));
    for (const [epoch, value] of points) {
      svg.append(drawn('circle', { cx: x(epoch), cy: y(value), r: points.length > 40 ? 1.5 : 2.5, fill: stroke },
        drawn('title', {}, `${one.name}, epoch ${epoch + 1}: ${briefly(value)}`)));
    }
  });
  const legend = series.length < 2 ? null : element('div', { class: 'small muted' }, ...series.flatMap((one, place) => [
    element('span', { style: `color:var(--hue-${place})`, 'aria-hidden': 'true' }, one.dashed ? '╌╌ ' : '── '), one.name + '   ']));
  return element('section', { class: 'card' }, element('h3', {}, title), svg, legend);
}
