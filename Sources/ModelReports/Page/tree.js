// The tree: collapsible, searchable, and any branch can be looked at alone. Keys are those of a tree view.

let showNodeInTree = null;

function showTree(panel) {
  const ofTopics = report.tree.leaf === 'topic';
  const state = { root: rootNode, query: '', hits: null };
  const open = new Set();
  const list = element('ul', { class: 'tree', role: 'tree', 'aria-label': ofTopics ? 'Topics' : 'Items', keydown: steer });
  const found = element('span', { class: 'muted small', role: 'status' }), way = element('div', { class: 'small' });
  const items = new Map();
  const search = element('input', { type: 'search', placeholder: ofTopics ? 'Search items or a number' : 'Search items', 'aria-label': 'Search the tree', input: atRest(() => seek(search.value.trim())) });
  panel.append(
    element('h2', {}, `Tree of ${report.tree.leaf}s`),
    element('p', { class: 'small' }, (ofTopics ? 'Topics with similar embeddings are merged first.' : 'Items that are met among the same topics are merged first.')
      + ' A branch is called by the items that set it apart from its sibling' + (ofTopics ? ', a topic by what it holds most and by what sets it apart.' : '.')),
    element('div', { class: 'tools' }, search, found,
      element('button', { type: 'button', click: () => { for (const id of descendants(state.root)) open.add(id); fill(); } }, 'Open all'),
      element('button', { type: 'button', click: () => { open.clear(); open.add(state.root); fill(); } }, 'Close all'),
      saveButton('tree.csv', () => [['node', 'parent', 'share', 'height', 'items'], ...nodes.map((node, id) => [id, parents[id] < 0 ? '' : parents[id], node.share, node.height, nodeWords(id)])])),
    way, list);
  openLargest(16);
  fill();

  /** Opens the largest closed branches until so many rows are seen. */
  function openLargest(rows) {
    const seen = [state.root];
    while (seen.length < rows) {
      const branches = seen.filter(id => nodes[id].children.length && !open.has(id)).sort((a, b) => nodes[b].share - nodes[a].share || a - b);
      if (!branches.length) break;
      open.add(branches[0]);
      seen.push(...nodes[branches[0]].children);
    }
  }

  function fill() {
    items.clear();
    list.replaceChildren(item(state.root, 1));
    // Trees may be as deep as they have topics: rows are made without a function that calls itself.
    const waiting = [[state.root, 1]];
    while (waiting.length) {
      const [id, level] = waiting.pop();
      if (!nodes[id].children.length || !open.has(id)) continue;
      const children = nodes[id].children.filter(isShown);
      items.get(id).append(element('ul', { role: 'group' }, ...children.map(child => item(child, level + 1))));
      for (const child of children) waiting.push([child, level + 1]);
    }
    items.get(state.root).tabIndex = 0;
    way.replaceChildren(...(state.root === rootNode ? [] : [
      element('button', { type: 'button', class: 'quiet', click: () => zoom(rootNode) }, '← whole tree'), ' ',
      parents[state.root] >= 0 ? element('button', { type: 'button', class: 'quiet', click: () => zoom(parents[state.root]) }, '↑ one up') : null].filter(Boolean)));
  }

  function isShown(id) { return !state.hits || state.hits.has(id); }

  function item(id, level) {
    const isBranch = nodes[id].children.length > 0;
    const made = element('li', { role: 'treeitem', tabindex: -1, 'data-node': id, 'aria-level': level, 'aria-expanded': isBranch ? String(open.has(id)) : null },
      element('div', { class: 'row' },
        element('span', { class: 'twist', 'aria-hidden': 'true', click: () => toggle(id) }, isBranch ? (open.has(id) ? '▾' : '▸') : ''),
        element('span', { class: 'share' }, percent(nodes[id].share)),
        element('span', { class: 'topic', style: `color:${hue(id)}` }, element('span', {}, isBranch ? nodeName(id) : ofTopics ? String(id) : '')),
        element('span', { class: 'words', click: () => toggle(id) }, ...marked(nodeWords(id, isBranch ? 4 : 5), state.query)),
        isBranch && id !== state.root ? element('button', { type: 'button', class: 'zoom', tabindex: -1, title: 'Show this branch alone', click: () => zoom(id) }, 'alone') : null));
    items.set(id, made);
    return made;
  }

  function toggle(id, wanted = !open.has(id)) {
    if (!nodes[id].children.length) return;
    if (wanted) open.add(id); else open.delete(id);
    fill();
    focus(id);
  }

  function zoom(id) {
    state.root = id;
    open.add(id);
    openLargest(16);
    fill();
    focus(id);
  }

  function focus(id) {
    const wanted = items.get(id);
    if (!wanted) return;
    for (const made of items.values()) {
      made.tabIndex = -1;
      made.classList.remove('here');
    }
    wanted.classList.add('here');
    wanted.tabIndex = 0;
    wanted.focus({ preventScroll: true });
    wanted.querySelector('.row').scrollIntoView({ block: 'nearest' });
  }

  /** Keeps the nodes that hold the query, and what is above them. */
  function seek(query) {
    state.query = query;
    state.hits = null;
    found.textContent = '';
    if (query) {
      const low = query.toLowerCase();
      const hits = nodes.map((_, id) => id).filter(id => ofTopics && String(id) === low && id < topicCount || nodeWords(id).toLowerCase().includes(low));
      state.hits = new Set(hits);
      for (const id of hits) for (let above = parents[id]; above >= 0 && !(state.hits.has(above) && open.has(above)); above = parents[above]) { state.hits.add(above); open.add(above); }
      found.textContent = hits.length === 1 ? '1 place' : `${hits.length} places`;
      if (!hits.length) state.hits.add(state.root);
      state.root = rootNode;
      state.hits.add(rootNode);
    }
    fill();
  }

  /** Arrows walk and open, Home and End go to the ends, Enter opens or closes. */
  function steer(event) {
    const made = event.target.closest('[role=treeitem]');
    if (!made || event.target.closest('button')) return;
    const id = Number(made.dataset.node), rows = [...list.querySelectorAll('[role=treeitem]')], place = rows.indexOf(made);
    const isOpen = nodes[id].children.length > 0 && open.has(id);
    const go = row => row && focus(Number(row.dataset.node));
    const keys = {
      ArrowDown: () => go(rows[place + 1]), ArrowUp: () => go(rows[place - 1]), Home: () => go(rows[0]), End: () => go(rows.at(-1)),
      ArrowRight: () => isOpen ? go(rows[place + 1]) : toggle(id, true),
      ArrowLeft: () => isOpen ? toggle(id, false) : focus(parents[id]),
      Enter: () => toggle(id), ' ': () => toggle(id),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  showNodeInTree = id => {
    search.value = '';
    seek('');
    state.root = rootNode;
    for (let above = parents[id]; above >= 0; above = parents[above]) open.add(above);
    fill();
    focus(id);
  };
}

/** Shows a node in the tree, whichever part of the report is at hand. */
function showNode(id) {
  showPart('tree');
  showNodeInTree(id);
}
