// What topics, branches and items are called.

/** Items of a topic by relevance, λ log φ + (1 − λ) log(φ / p), with φ of each. */
function relevantItems(topic, lambda, count) {
  const { list, beta, vocabulary, frequencies } = report.topics, { items, counts, total } = list[topic];
  return items.map((item, place) => {
    const phi = (counts[place] + beta) / (total + vocabulary * beta);
    return { item, phi, relevance: Math.log(phi) - (1 - lambda) * Math.log(Math.max(1, frequencies[item])) };
  }).sort((a, b) => b.relevance - a.relevance || a.item - b.item).slice(0, count);
}

/** What a node holds most and what sets it apart from the one beside it, each once. A branch is called by the latter. */
function nodeItems(id, count = 5) {
  const { items, contrast } = nodes[id];
  return [...new Set(id < topicCount ? [...items.slice(0, 2), ...contrast, ...items.slice(2)] : items)].slice(0, count);
}

/** A topic without events has no items, nor has a branch of such. */
function nodeWords(id, count = 5) { return nodes[id].share > 0 || nodes[id].items.length ? nodeItems(id, count).map(item => report.names[item]).join(', ') : '(empty)'; }

function nodeName(id) { return id < topicCount ? `${report.tree.leaf} ${id}` : `${topicsUnder(id).length} ${report.tree.leaf}s`; }

/** A topic's number in its branch's colour; pressed, it is shown in the tree. */
function topicButton(id, more = {}) {
  return element('button', {
    type: 'button', class: 'topic', style: `color:${hue(id)}`, title: nodeWords(id), click: () => showNode(id), ...more,
  }, element('span', {}, id < topicCount ? String(id) : `▸ ${nodeName(id)}`));
}
