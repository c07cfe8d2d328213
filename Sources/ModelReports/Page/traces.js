// Some users, event by event: the topic of each event, and the three that were expected before it.

function showTraces(panel) {
  const { traces, foreseen, events } = report.traces;
  const chosen = element('div'), buttons = traces.map((_, user) =>
    element('button', { type: 'button', 'aria-pressed': 'false', click: () => show(user) }, `user ${user + 1}`));
  panel.append(
    element('h2', {}, 'Users, step by step'),
    element('p', {}, `Some sequences of the log, without names. Before each event the model has three topics that it thinks most likely; `
      + `of the ${events} events shown, ${foreseen} (${percent(events ? foreseen / events : 0)}) had a topic among them.`),
    element('div', { class: 'users' }, ...buttons), chosen);
  if (traces.length) show(0);

  function show(user) {
    buttons.forEach((button, other) => button.setAttribute('aria-pressed', String(other === user)));
    const trace = traces[user], length = trace.items.length;
    const guesses = place => trace.expected[place].map((topic, rank) => {
      const came = place < length && topic === trace.topics[place];
      return element('span', { class: 'guess' }, topicButton(topic, came ? { class: 'topic came' } : {}), ' ',
        element('span', { class: 'muted small' }, percent(trace.expectedProbabilities[place][rank])), came ? element('span', { class: 'tick', title: 'came true' }, ' ✓') : null,
        element('small', {}, nodeWords(topic, 1)));
    });
    const hits = trace.topics.filter((topic, place) => trace.expected[place].includes(topic)).length;
    chosen.replaceChildren(
      element('div', { class: 'strip', 'aria-hidden': 'true' }, ...trace.topics.map((topic, place) =>
        element('i', { style: `color:${hue(topic)}`, title: `${place + 1}: ${report.names[trace.items[place]]}, topic ${topic}` }))),
      element('p', { class: 'small' }, `${length < trace.length ? `The first ${length} of ${trace.length}` : `All ${length}`} events; ${hits} came true.`),
      element('div', { class: 'tools' }, saveButton(`user-${user + 1}.csv`, () => [
        ['event', 'item', 'probability', 'topic', 'certainty', 'expected', 'expected_probabilities'],
        ...trace.items.map((item, place) => [place + 1, report.names[item], trace.probabilities[place], trace.topics[place], trace.certainty[place], trace.expected[place].join(' '), trace.expectedProbabilities[place].join(' ')])])),
      element('div', { class: 'scroll' }, element('table', {},
        element('thead', {}, element('tr', {}, element('th', { class: 'number' }, ''), ...['item', 'topic', 'expected before it'].map(words => element('th', { scope: 'col' }, words)))),
        element('tbody', {},
          ...trace.items.map((item, place) => element('tr', {},
            element('td', { class: 'number muted' }, String(place + 1)),
            element('td', { title: `probability ${percent(trace.probabilities[place])}` }, report.names[item]),
            element('td', { class: 'named' }, topicButton(trace.topics[place]), element('span', { class: 'muted small' }, ' ' + percent(trace.certainty[place])), element('small', {}, nodeWords(trace.topics[place], 1))),
            element('td', { class: 'named' }, element('div', { class: 'guesses' }, ...guesses(place))))),
          element('tr', {}, element('td'), element('td', { class: 'muted' }, 'next'), element('td'), element('td', { class: 'named' }, element('div', { class: 'guesses' }, ...guesses(length))))))));
  }
}
