// Topics are coloured by the branch they belong to: no palette tells hundreds apart, eight can be told by everyone.
// In a page with a tree of items, these are in the topics' place.

const nodes = report.tree.nodes, topicCount = (report.tree.nodes.length + 1) / 2, rootNode = nodes.length - 1;
const parents = new Int32Array(nodes.length).fill(-1);
nodes.forEach((node, id) => node.children.forEach(child => { parents[child] = id; }));

/** Which of the eight branches a node belongs to; −1 for those above them. */
const branchOf = (() => {
  const found = new Int8Array(nodes.length).fill(-1), cut = [rootNode];
  while (cut.length < 8) {
    // The highest merge is undone.
    let highest = -1;
    cut.forEach((id, place) => { if (nodes[id].children.length && (highest < 0 || nodes[id].height > nodes[cut[highest]].height)) highest = place; });
    if (highest < 0) break;
    cut.splice(highest, 1, ...nodes[cut[highest]].children);
  }
  cut.forEach((id, place) => { for (const below of descendants(id)) found[below] = place; });
  return found;
})();

/** A node and all below it, in the order of drawing, parents first. Trees may be deep: nothing calls itself. */
function* descendants(id) {
  const open = [id];
  while (open.length) {
    const next = open.pop();
    yield next;
    for (let place = nodes[next].children.length - 1; place >= 0; place -= 1) open.push(nodes[next].children[place]);
  }
}

/** Topics of a node in the order of drawing. */
function topicsUnder(id) { return [...descendants(id)].filter(below => below < topicCount); }

function hue(id) { return branchOf[id] < 0 ? 'var(--muted)' : `var(--hue-${branchOf[id]})`; }
