// The topics: a map, one of them in full, and all as a table.

function showTopics(panel) {
  const { list } = report.topics;
  const state = { lambda: 0.6, query: '', key: 'share', falling: true, chosen: 0 };
  list.forEach((topic, id) => { if (topic.share > list[state.chosen].share) state.chosen = id; });
  const measured = list.some(topic => topic.coherence !== null && topic.coherence !== undefined);
  const map = topicMap(choose);
  const one = element('div', { 'aria-live': 'polite' });
  const body = element('tbody'), heading = element('tr'), found = element('span', { class: 'muted small', role: 'status' });
  const rows = list.map((topic, id) => row(topic, id));

  const search = element('input', { type: 'search', placeholder: 'Search items or a number', 'aria-label': 'Search topics', input: atRest(() => { state.query = search.value.trim(); fill(); }) });
  const told = element('output', {}, state.lambda.toFixed(2));
  const slider = element('input', {
    type: 'range', min: 0, max: 1, step: 0.05, value: state.lambda, id: 'relevance',
    input: () => { state.lambda = Number(slider.value); told.textContent = state.lambda.toFixed(2); relabel(); fill(); describe(); },
  });
  panel.append(
    element('div', { class: 'columns' },
      element('section', {}, element('h2', {}, 'Map'), element('p', { class: 'small' }, 'Near topics are expected after the same histories. Area is the share of events; colour is the branch of the tree.'), map.svg),
      element('section', {}, one)),
    element('h2', {}, 'All topics'),
    element('div', { class: 'tools' }, search,
      element('label', { for: 'relevance' }, 'relevance λ '), slider, told, found,
      saveButton('topics.csv', () => [
        ['topic', 'share', 'coherence', 'parent', 'items'],
        ...order().map(id => [id, list[id].share, list[id].coherence, parents[id], relevantItems(id, state.lambda, 10).map(({ item }) => report.names[item]).join('; ')])])),
    element('p', { class: 'small' }, 'λ = 1 lists the items that are frequent in a topic; lower values favour those that are rare elsewhere.'),
    element('div', { class: 'scroll' }, element('table', {}, element('thead', {}, heading), body)));
  const columns = [['topic', 'topic', id => id], ['share', 'share', id => list[id].share],
    ...(measured ? [['coherence', 'NPMI', id => list[id].coherence ?? -2]] : [])];
  for (const [key, words] of columns) {
    heading.append(element('th', { scope: 'col' }, element('button', { type: 'button', 'data-key': key, click: () => {
      state.falling = state.key === key ? !state.falling : key !== 'topic';
      state.key = key;
      fill();
    } }, words)));
  }
  heading.append(element('th', { scope: 'col' }, 'items'), element('th', { scope: 'col', class: 'wide' }, 'branch'));
  relabel();
  fill();
  choose(state.chosen);

  function row(topic, id) {
    const parent = parents[id];
    return element('tr', { 'data-topic': id },
      element('td', {}, topicButton(id, { title: 'Show on the map', click: () => choose(id) })),
      element('td', { class: 'nowrap', style: `color:${hue(id)}` }, bar(topic.share / Math.max(...list.map(other => other.share)), 44), element('span', { class: 'muted small' }, ' ' + percent(topic.share))),
      measured ? element('td', { class: 'nowrap' }, topic.coherence === null || topic.coherence === undefined ? '–' : hundredths(topic.coherence)) : null,
      element('td', { class: 'items' }),
      element('td', { class: 'wide small' }, parent < 0 ? '' : element('button', { type: 'button', class: 'link', title: 'Show in the tree', click: () => showNode(parent) }, nodeWords(parent, 2))));
  }

  /** Items of each row, by the relevance chosen. */
  function relabel() {
    rows.forEach((made, id) => { made.words = list[id].total ? relevantItems(id, state.lambda, 8).map(({ item }) => report.names[item]).join(', ') : 'no events'; });
  }

  function order() {
    const by = columns.find(([key]) => key === state.key)[2], sign = state.falling ? -1 : 1;
    const query = state.query.toLowerCase();
    return list.map((_, id) => id)
      .filter(id => !query || String(id) === query || rows[id].words.toLowerCase().includes(query))
      .sort((a, b) => sign * (by(a) - by(b)) || a - b);
  }

  function fill() {
    const shown = order();
    for (const id of shown) rows[id].querySelector('.items').replaceChildren(...marked(rows[id].words, state.query));
    body.replaceChildren(...shown.map(id => rows[id]));
    found.textContent = `${shown.length} of ${list.length}`;
    for (const button of heading.querySelectorAll('button')) {
      const isKey = button.dataset.key === state.key;
      button.closest('th').setAttribute('aria-sort', isKey ? (state.falling ? 'descending' : 'ascending') : 'none');
      button.textContent = columns.find(([key]) => key === button.dataset.key)[1] + (isKey ? (state.falling ? ' ↓' : ' ↑') : '');
    }
  }

  function choose(id) {
    rows[state.chosen].classList.remove('chosen');
    state.chosen = id;
    rows[id].classList.add('chosen');
    map.mark(id);
    describe();
  }

  /** The topic that was chosen: its items as bars. */
  function describe() {
    const id = state.chosen, topic = list[id], items = relevantItems(id, state.lambda, 14);
    const largest = Math.max(0, ...items.map(({ phi }) => phi));
    one.replaceChildren(
      element('h2', {}, `Topic ${id}`),
      element('p', { class: 'small' }, (topic.total ? `${percent(topic.share)} of the events` : 'No event has this topic') + (topic.coherence === null || topic.coherence === undefined ? '' : `, coherence ${hundredths(topic.coherence)}`) + '. ',
        element('button', { type: 'button', class: 'link', click: () => showNode(id) }, 'Show in the tree')),
      element('table', {}, element('tbody', { style: `color:${hue(id)}` }, ...items.map(({ item, phi }) => element('tr', {},
        element('td', { style: 'color:var(--text)' }, report.names[item]),
        element('td', {}, bar(phi / largest, 110)),
        element('td', { class: 'number muted' }, percent(phi)))))));
  }
}
