// Topics in a plane: near ones have embeddings alike, area is a topic's share of the tokens.

/** The side of the square that maps are drawn on. */
const mapSide = 520;

function topicRadius(share) { return Math.max(2.5, mapSide * 0.4 * Math.sqrt(share / Math.PI)); }

/**
 * Places of all topics on the square. Distances from the centre are drawn by a power below one, so that one far topic does
 * not press the others together; then circles that cover each other are moved apart a little at a time.
 */
const mapPlaces = (() => {
  let places;
  return () => {
    if (places) return places;
    const radii = report.topics.list.map(topic => topicRadius(topic.share)), centre = mapSide / 2;
    places = report.map.map(([x, y]) => {
      const far = Math.hypot(x, y), scale = far > 0 ? Math.min(1, far) ** 0.7 / far * (centre - 40) : 0;
      return [centre + x * scale, centre - y * scale];
    });
    for (let round = 0; round < (topicCount > 400 ? 25 : 120); round += 1) {
      for (let i = 0; i < topicCount; i += 1) {
        for (let j = i + 1; j < topicCount; j += 1) {
          const dx = places[j][0] - places[i][0], dy = places[j][1] - places[i][1], wanted = 0.92 * (radii[i] + radii[j]);
          if (Math.abs(dx) >= wanted || Math.abs(dy) >= wanted) continue;
          const distance = Math.hypot(dx, dy);
          if (distance >= wanted) continue;
          // Two at one place part along a direction of their own.
          const [ux, uy] = distance > 1e-6 ? [dx / distance, dy / distance] : [Math.cos(i + j), Math.sin(i + j)];
          const push = 0.25 * (wanted - distance);
          places[i] = [places[i][0] - ux * push, places[i][1] - uy * push];
          places[j] = [places[j][0] + ux * push, places[j][1] + uy * push];
        }
      }
      places = places.map(([x, y], topic) => [x, y].map(at => Math.min(mapSide - radii[topic] - 2, Math.max(radii[topic] + 2, at))));
    }
    return places;
  };
})();

/** The part of the square that topics lie in, with a margin. */
function mapFrame() {
  const edges = mapPlaces().map(([x, y], topic) => [x, y, topicRadius(report.topics.list[topic].share) + 12]);
  const low = axis => Math.min(...edges.map(edge => edge[axis] - edge[2])), high = axis => Math.max(...edges.map(edge => edge[axis] + edge[2]));
  return [low(0), low(1), high(0) - low(0), high(1) - low(1)].map(edge => edge.toFixed(0)).join(' ');
}

/** Numbers of topics on a map, the largest topics first; none that would touch another, nor one on a mere dot among hundreds. */
function mapNumbers(places, radii, words) {
  const taken = [];
  return places.map((_, place) => place).sort((a, b) => radii[b] - radii[a] || a - b).flatMap(place => {
    const [x, y] = places[place], half = 4 * words[place].length + 3, box = [x - half, y - 9, x + half, y + 8];
    if (topicCount > 300 && radii[place] < 6) return [];
    if (taken.some(other => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return [];
    taken.push(box);
    return [drawn('text', { class: 'halo', x, y: y + 4, 'text-anchor': 'middle', 'pointer-events': 'none', 'aria-hidden': 'true' }, words[place])];
  });
}

/** The map as a drawing. `choose(topic)` is called for one that is clicked, or for which Enter is pressed. */
function topicMap(choose) {
  const places = mapPlaces(), shares = report.topics.list.map(topic => topic.share);
  const svg = drawn('svg', { viewBox: mapFrame(), role: 'group', 'aria-label': 'Map of topics' });
  // Large ones first, so that small ones lie on top and can be reached.
  const order = shares.map((_, topic) => topic).sort((a, b) => shares[b] - shares[a] || a - b);
  const circles = [];
  for (const topic of order) {
    const [cx, cy] = places[topic];
    circles[topic] = drawn('circle', {
      cx, cy, r: topicRadius(shares[topic]), style: `fill:${hue(topic)};stroke:${hue(topic)}`, 'fill-opacity': 0.42, tabindex: 0, role: 'button',
      'aria-label': `topic ${topic}`, click: () => choose(topic), keydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(topic); } },
    }, drawn('title', {}, `topic ${topic}, ${percent(shares[topic])}: ${nodeWords(topic)}`));
    svg.append(circles[topic]);
  }
  svg.append(...mapNumbers(places, shares.map(topicRadius), shares.map((_, topic) => String(topic))));
  return { svg, mark: topic => circles.forEach((circle, other) => {
    circle.setAttribute('fill-opacity', other === topic ? 0.9 : 0.42);
    circle.setAttribute('stroke-width', other === topic ? 3 : 1);
  }) };
}
