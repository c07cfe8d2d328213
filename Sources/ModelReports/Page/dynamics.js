// What follows what: the strongest arrows on the map, a matrix in the order of the tree, and a table.

function showDynamics(panel) {
  const { units, matrix, events, sequences } = report.dynamics;
  panel.append(
    element('h2', {}, 'What follows what'),
    element('p', {}, `The topic that the model expects next, given the topic at hand, averaged over ${events.toLocaleString('en')} events of ${sequences.toLocaleString('en')} sequences.`),
    element('div', { class: 'columns' }, arrows(units), matrixView(matrix)));
  unitTable(panel, units);
}

/** The strongest arrows between different topics, by how much more flows than by chance: share · (probability − share of the next). */
function arrows(units) {
  const places = mapPlaces();
  // A branch of several topics stands at their centre.
  const at = units.map(({ node }) => {
    const topics = topicsUnder(node);
    return [0, 1].map(axis => topics.reduce((sum, topic) => sum + places[topic][axis], 0) / topics.length);
  });
  const size = units.map(({ node }) => topicRadius(nodes[node].share));
  const flows = units.flatMap(({ node, next, probabilities }, from) => next.map((to, place) => ({ from, to, probability: probabilities[place], flow: nodes[node].share * (probabilities[place] - nodes[units[to].node].share) })))
    .filter(({ flow }) => flow > 0).sort((a, b) => b.flow - a.flow || a.from - b.from || a.to - b.to).slice(0, Math.min(60, 2 * units.length));
  const svg = drawn('svg', { viewBox: mapFrame(), role: 'img', 'aria-label': 'The strongest arrows between topics' });
  svg.append(drawn('defs', {}, drawn('marker', { id: 'tip', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto' },
    drawn('path', { d: 'M0 0L8 4L0 8z', style: 'fill:context-stroke' }))));
  units.forEach(({ node }, unit) => svg.append(drawn('circle', { cx: at[unit][0], cy: at[unit][1], r: size[unit], style: `fill:${hue(node)}`, 'fill-opacity': 0.28 },
    drawn('title', {}, `${nodeName(node)}: ${nodeWords(node)}`))));
  const most = flows.length ? flows[0].flow : 1;
  for (const { from, to, probability, flow } of flows.reverse()) {
    const [x1, y1] = at[from], [x2, y2] = at[to], length = Math.hypot(x2 - x1, y2 - y1);
    if (length < 1) continue;
    // Bent to one side, so that there and back are two lines; it ends at the circle's edge.
    const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length], bend = Math.min(40, 0.18 * length);
    const end = Math.min(size[to] + 2, 0.45 * length);
    const middle = [(x1 + x2) / 2 - uy * bend, (y1 + y2) / 2 + ux * bend];
    const back = Math.hypot(x2 - middle[0], y2 - middle[1]) || 1;
    const tip = [x2 - (x2 - middle[0]) / back * end, y2 - (y2 - middle[1]) / back * end];
    svg.append(drawn('path', {
      d: `M${x1.toFixed(1)} ${y1.toFixed(1)}Q${middle[0].toFixed(1)} ${middle[1].toFixed(1)} ${tip[0].toFixed(1)} ${tip[1].toFixed(1)}`,
      fill: 'none', style: `stroke:${hue(units[from].node)}`, 'stroke-width': (0.6 + 3.4 * Math.sqrt(flow / most)).toFixed(2), 'stroke-opacity': 0.65, 'marker-end': 'url(#tip)',
    }, drawn('title', {}, `${nodeName(units[from].node)} → ${nodeName(units[to].node)}: ${percent(probability)}`)));
  }
  svg.append(...mapNumbers(at, size, units.map(({ node }) => node < topicCount ? String(node) : '·')));
  return element('section', {}, element('h3', {}, 'Strongest arrows'), element('p', { class: 'small' }, 'On the map of topics: where more events flow than by chance, the thicker the more.'), svg);
}

/** From rows to columns; deeper where more likely. A cell is read by pointing, or by the arrow keys. */
function matrixView({ nodes: branches, rows }) {
  const count = branches.length, cell = 520 / count;
  const svg = drawn('svg', { viewBox: '0 0 520 520', tabindex: 0, role: 'application', 'aria-label': 'Matrix of what follows what; arrow keys walk through it', class: 'matrix' });
  // Colour by branch at the edges; depth by the square root, since most of the matrix is small.
  const largest = Math.max(...rows.flatMap((row, i) => row.filter((_, j) => j !== i)), 1e-9);
  rows.forEach((row, i) => row.forEach((value, j) => {
    const depth = Math.min(1, Math.sqrt(value / largest));
    if (depth < 0.03) return;
    svg.append(drawn('rect', { x: (j * cell).toFixed(2), y: (i * cell).toFixed(2), width: cell.toFixed(2), height: cell.toFixed(2), 'shape-rendering': 'crispEdges', style: `fill:${hue(branches[i])}`, 'fill-opacity': depth.toFixed(2) }));
  }));
  svg.append(drawn('rect', { x: 0, y: 0, width: 520, height: 520, fill: 'none', class: 'axis' }));
  const cursor = drawn('rect', { width: cell, height: cell, fill: 'none', stroke: 'var(--text)', 'stroke-width': 2 });
  svg.append(cursor);
  const told = element('p', { class: 'small', role: 'status', style: 'min-height:4.5em' });
  const place = [0, 0];
  const tell = (i, j) => {
    [place[0], place[1]] = [i, j];
    cursor.setAttribute('x', j * cell);
    cursor.setAttribute('y', i * cell);
    told.replaceChildren(topicButton(branches[i]), ` ${nodeWords(branches[i], 3)}  →  `, topicButton(branches[j]), ` ${nodeWords(branches[j], 3)}: `, element('b', {}, percent(rows[i][j])));
  };
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect(), at = (value, start, length) => Math.min(count - 1, Math.max(0, Math.floor((value - start) / length * count)));
    tell(at(event.clientY, box.top, box.height), at(event.clientX, box.left, box.width));
  });
  svg.addEventListener('keydown', event => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    tell(Math.min(count - 1, Math.max(0, place[0] + step[0])), Math.min(count - 1, Math.max(0, place[1] + step[1])));
  });
  tell(0, Math.min(1, count - 1));
  return element('section', {}, element('h3', {}, 'As a matrix'),
    element('p', { class: 'small' }, `From a row to a column, ${branches.every(id => id < topicCount) ? 'topics' : 'branches'} in the order of the tree.`), svg, told);
}

function unitTable(panel, units) {
  const known = units.map((unit, place) => ({ ...unit, place })).filter(unit => unit.stay !== undefined && unit.stay !== null);
  const state = { key: 'share', query: '' };
  const body = element('tbody');
  const search = element('input', { type: 'search', placeholder: 'Search items or a number', 'aria-label': 'Search what follows', input: atRest(() => { state.query = search.value.trim(); fill(); }) });
  const sort = element('select', { 'aria-label': 'Order', change: () => { state.key = sort.value; fill(); } },
    ...[['share', 'most frequent first'], ['stay', 'most likely to stay first'], ['run', 'longest runs first'], ['tree', 'in the order of the tree']].map(([value, words]) => element('option', { value }, words)));
  panel.append(
    element('h2', {}, 'How long users stay, and where they go'),
    element('div', { class: 'tools' }, search, sort, saveButton('what-follows.csv', () => [
      ['from', 'items', 'stay', 'mean_run', 'next', 'probability'],
      ...known.flatMap(unit => unit.next.map((to, place) => [unit.node, nodeWords(unit.node), unit.stay, unit.run, units[to].node, unit.probabilities[place]]))])),
    element('p', { class: 'small' }, 'Stay: the probability that the same topic comes next. Run: events in a row, on average.'),
    element('div', { class: 'scroll' }, element('table', {}, element('thead', {}, element('tr', {},
      ...['topic', 'items'].map(words => element('th', { scope: 'col' }, words)), ...['stay', 'run'].map(words => element('th', { scope: 'col', class: 'number' }, words)),
      element('th', { scope: 'col' }, 'what comes next'))), body)));
  fill();

  function fill() {
    const by = { share: unit => -nodes[unit.node].share, stay: unit => -unit.stay, run: unit => -(unit.run ?? 0), tree: unit => unit.place }[state.key];
    const query = state.query.toLowerCase();
    const shown = known.filter(unit => !query || String(unit.node) === query || nodeWords(unit.node).toLowerCase().includes(query)).sort((a, b) => by(a) - by(b) || a.place - b.place);
    body.replaceChildren(...shown.map(unit => element('tr', {},
      element('td', {}, topicButton(unit.node)),
      element('td', {}, ...marked(nodeWords(unit.node, 3), state.query)),
      element('td', { class: 'number' }, percent(unit.stay)),
      element('td', { class: 'number' }, briefly(unit.run)),
      element('td', {}, ...unit.next.slice(0, 5).map((to, place) => element('span', { class: 'guess' }, topicButton(units[to].node), element('span', { class: 'muted small' }, ' ' + percent(unit.probabilities[place]))))))));
  }
}
