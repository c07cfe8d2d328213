// Topics in a plane: near ones have embeddings alike, area is a topic's share of the tokens.

/** Places of all topics on a square of the given side. */
function mapPlaces(side, margin) {
  return report.map.map(([x, y]) => [side / 2 + x * (side / 2 - margin), side / 2 - y * (side / 2 - margin)]);
}

function topicRadius(share, side) { return Math.max(3, side * 0.42 * Math.sqrt(share / Math.PI)); }

/** The map as a drawing. `choose(topic)` is called for one that is clicked, or for which Enter is pressed. */
function topicMap(choose) {
  const side = 520, margin = 46, places = mapPlaces(side, margin);
  const shares = report.topics.list.map(topic => topic.share);
  const svg = drawn('svg', { viewBox: `0 0 ${side} ${side}`, role: 'group', 'aria-label': 'Map of topics' });
  // Large ones first, so that small ones lie on top and can be reached.
  const order = shares.map((_, topic) => topic).sort((a, b) => shares[b] - shares[a] || a - b);
  const circles = [];
  for (const topic of order) {
    const [cx, cy] = places[topic];
    circles[topic] = drawn('circle', {
      cx, cy, r: topicRadius(shares[topic], side), style: `fill:${hue(topic)};stroke:${hue(topic)}`, 'fill-opacity': 0.42, tabindex: 0, role: 'button',
      'aria-label': `topic ${topic}`, click: () => choose(topic), keydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(topic); } },
    }, drawn('title', {}, `topic ${topic}, ${percent(shares[topic])}: ${nodeWords(topic)}`));
    svg.append(circles[topic]);
  }
  // Names where there is room: a name may not touch another.
  const taken = [];
  for (const topic of order) {
    const words = String(topic), [x, y] = places[topic], box = [x - 4 * words.length - 3, y - 9, x + 4 * words.length + 3, y + 8];
    if (taken.some(other => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
    taken.push(box);
    svg.append(drawn('text', { class: 'halo', x, y: y + 4, 'text-anchor': 'middle', 'pointer-events': 'none', 'aria-hidden': 'true' }, words));
  }
  return { svg, mark: topic => circles.forEach((circle, other) => {
    circle.setAttribute('fill-opacity', other === topic ? 0.9 : 0.42);
    circle.setAttribute('stroke-width', other === topic ? 3 : 1);
  }) };
}
