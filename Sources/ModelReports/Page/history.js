// A history typed by the reader, and what the model expects next.

/** What is expected behind items, given by their places among the names: topics and items, all of them. */
const foretold = (() => {
  let network;
  return places => {
    network ??= new Network(report.network);
    const reader = new Reader(network);
    for (const place of places) reader.read(report.network.vocabulary[place]);
    const topics = reader.topics();
    return { topics, items: network.itemProbabilities(topics) };
  };
})();

function showHistory(panel) {
  panel.append(element('h2', {}, 'Type a history'));
  if (!report.network) {
    panel.append(element('p', {}, report.withoutNetwork));
    return;
  }
  const history = [], names = report.names, lower = names.map(name => name.toLowerCase());
  const placeOf = new Int32Array(names.length);
  report.network.vocabulary.forEach((item, place) => { placeOf[item] = place; });
  panel.append(element('p', {}, 'The model runs in this page; nothing leaves it. ' + (report.network.isExact
    ? 'Probabilities are those of lla predict.'
    : `This model draws topics: here ${copiesFor(report.network)} copies are averaged, drawn from a fixed seed, so that the same history has the same answer; lla predict draws others, and differs by as much as chance does.`)));
  const chips = element('div', { class: 'chips', 'aria-label': 'History' }), results = element('div', { class: 'columns', 'aria-live': 'polite' });
  const list = element('ul', { role: 'listbox', id: 'suggestions', hidden: true });
  const input = element('input', {
    type: 'search', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'suggestions', 'aria-autocomplete': 'list', autocomplete: 'off',
    'aria-label': 'Next item of the history', placeholder: 'An item; Enter adds it', input: suggest, keydown: steer, blur: () => setTimeout(close, 150),
  });
  const example = () => {
    const trace = report.traces?.traces[0];
    return trace ? trace.items.slice(0, 5) : [];
  };
  panel.append(
    element('div', { class: 'tools' }, element('div', { class: 'suggestions' }, input, list),
      example().length ? element('button', { type: 'button', click: () => { history.splice(0, history.length, ...example()); fill(); } }, 'An example') : null,
      element('button', { type: 'button', class: 'quiet', click: () => { history.length = 0; fill(); } }, 'Clear')),
    chips, results);
  let suggested = [], selected = 0;
  fill();

  function suggest() {
    const query = input.value.trim().toLowerCase();
    // Those that begin with the words stand before those that hold them.
    const hits = { begin: [], hold: [] };
    for (let place = 0; query && place < lower.length && hits.begin.length < 12; place += 1) {
      const at = lower[place].indexOf(query);
      if (at === 0) hits.begin.push(place); else if (at > 0 && hits.hold.length < 12) hits.hold.push(place);
    }
    suggested = [...hits.begin, ...hits.hold].slice(0, 12);
    selected = 0;
    list.hidden = !suggested.length;
    input.setAttribute('aria-expanded', String(suggested.length > 0));
    paint();
  }

  function paint() {
    list.replaceChildren(...suggested.map((place, row) => element('li', { role: 'option', id: `suggestion-${row}`, 'aria-selected': String(row === selected), mousedown: event => { event.preventDefault(); add(place); } }, ...marked(names[place], input.value.trim()))));
    if (suggested.length) input.setAttribute('aria-activedescendant', `suggestion-${selected}`); else input.removeAttribute('aria-activedescendant');
  }

  function close() { suggested = []; list.hidden = true; input.setAttribute('aria-expanded', 'false'); }

  function steer(event) {
    if (event.key === 'Backspace' && !input.value && history.length) { history.pop(); fill(); return; }
    if (event.key === 'Escape') close();
    if (!suggested.length) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      selected = (selected + (event.key === 'ArrowDown' ? 1 : suggested.length - 1)) % suggested.length;
      paint();
      event.preventDefault();
    } else if (event.key === 'Enter') {
      add(suggested[selected]);
      event.preventDefault();
    }
  }

  function add(place) {
    history.push(place);
    input.value = '';
    close();
    fill();
  }

  function fill() {
    chips.replaceChildren(...(history.length ? history.map((place, at) => element('button', { type: 'button', title: 'Take away', click: () => { history.splice(at, 1); fill(); } }, names[place]))
      : [element('span', { class: 'muted' }, 'No item yet: this is what is expected of a new user.')]));
    const { topics, items } = foretold(history);
    const first = (values, count) => [...values.keys()].sort((a, b) => values[b] - values[a] || a - b).slice(0, count);
    const table = (title, rows) => element('section', {}, element('h3', {}, title), element('table', {}, element('tbody', {}, ...rows)));
    const best = { topics: first(topics, 8), items: first(items, 12) };
    results.replaceChildren(
      table('Next topics', best.topics.map(topic => element('tr', { style: `color:${hue(topic)}` },
        element('td', {}, topicButton(topic)), element('td', { style: 'color:var(--text)' }, nodeWords(topic, 3)),
        element('td', { class: 'wide' }, bar(topics[topic] / topics[best.topics[0]], 90)), element('td', { class: 'number muted' }, percent(topics[topic]))))),
      table('Next items', best.items.map(item => element('tr', { style: 'color:var(--accent)' },
        element('td', { style: 'color:var(--text)' }, names[placeOf[item]]),
        element('td', { class: 'wide' }, bar(items[item] / items[best.items[0]], 90)), element('td', { class: 'number muted' }, percent(items[item]))))));
  }
}
