// How the fit went: curves over its epochs, what it was told, and how the model stands beside others.

function showFit(panel) {
  const { epochs, rates, settings } = report.fit;
  panel.append(element('h2', {}, 'The fit'));
  if (epochs.length) {
    const marks = [];
    epochs.forEach((epoch, place) => {
      const before = epochs[place - 1];
      if (before && epoch.restart !== before.restart) marks.push({ at: place, words: `fit ${epoch.restart}` });
      else if (before && epoch.phase !== before.phase) marks.push({ at: place, words: epoch.phase });
    });
    const has = key => epochs.some(epoch => epoch[key] !== undefined);
    const curve = (key, name, dashed) => ({ name, dashed, values: epochs.map(epoch => epoch[key] ?? null) });
    // A network that learns from a sample of topics knows no perplexity in training.
    const chart = (title, ...known) => {
      const curves = known.filter(([key]) => has(key)).map(known => curve(...known));
      return curves.length ? [lineChart(title, curves, marks)] : [];
    };
    const cards = [
      ...chart('Perplexity of items', ['train_perplexity', 'train'], ['validation_perplexity', 'validation', true]),
      ...chart('Perplexity of topics', ['topic_perplexity', 'topics']),
      lineChart('Learning rate', [{ name: 'rate', values: rates }], marks),
      lineChart('Events whose topic changed', [curve('moved', 'share')], marks),
      lineChart('Tokens a second', [curve('tokens_per_second', 'tokens/s')], marks),
    ];
    const rarer = { effective_sample_size: 'Effective sample size', accept_rate: 'Proposals accepted', effective_topics: 'Effective number of topics' };
    for (const [key, title] of Object.entries(rarer)) if (has(key)) cards.push(lineChart(title, [curve(key, title)], marks));
    panel.append(
      element('p', {}, `${epochs.length} epochs. ` + (has('validation_perplexity')
        ? `The lowest validation perplexity was ${briefly(Math.min(...epochs.map(epoch => epoch.validation_perplexity ?? Infinity)))}.` : 'Nothing was kept aside for validation.')),
      element('div', { class: 'cards' }, ...cards));
    const keys = [...new Set(epochs.flatMap(epoch => Object.keys(epoch)))].sort((a, b) => (b === 'epoch') - (a === 'epoch') || (a < b ? -1 : 1));
    panel.append(element('div', { class: 'tools' }, saveButton('epochs.csv', () => [keys, ...epochs.map(epoch => keys.map(key => epoch[key]))])));
  }
  if (report.fit.scores.length) showScores(panel, report.fit.scores);
  panel.append(
    element('h2', {}, 'Settings'),
    element('div', { class: 'scroll' }, element('table', { class: 'narrow' }, element('tbody', {}, ...settings.map(({ name, value }) =>
      element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)))))));
}

/** Models beside each other, the lowest perplexity first. */
function showScores(panel, scores) {
  const widest = Math.max(...scores.map(score => score.perplexity ?? 0));
  const same = scores.every(score => score.tokens === scores[0].tokens);
  const heads = ['model', 'perplexity', '', 'recall@20', 'mrr@20', 'events scored'];
  panel.append(
    element('h2', {}, 'Beside other models'),
    ...(same ? [] : [element('p', {}, 'These models were not scored on the same events: compare them with care.')]),
    element('div', { class: 'scroll' }, element('table', { class: 'narrow', id: 'scores' },
      element('thead', {}, element('tr', {}, ...heads.map(head => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...scores.map(score => element('tr', {},
        element('th', { scope: 'row' }, score.name),
        element('td', {}, briefly(score.perplexity) + (score.perplexity_standard_error ? ` ± ${briefly(score.perplexity_standard_error)}` : '')),
        element('td', {}, bar((score.perplexity ?? 0) / widest, 120)),
        element('td', {}, briefly(score['recall@20'])),
        element('td', {}, briefly(score['mrr@20'])),
        element('td', {}, String(score.tokens))))))),
    element('div', { class: 'tools' }, saveButton('scores.csv', () => [
      ['model', 'perplexity', 'perplexity_standard_error', 'recall@20', 'mrr@20', 'tokens'],
      ...scores.map(score => [score.name, score.perplexity, score.perplexity_standard_error, score['recall@20'], score['mrr@20'], score.tokens])])));
}
