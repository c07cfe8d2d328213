// How the fit went: curves over its epochs, and what it was told.

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
  panel.append(
    element('h2', {}, 'Settings'),
    element('div', { class: 'scroll' }, element('table', { class: 'narrow' }, element('tbody', {}, ...settings.map(({ name, value }) =>
      element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)))))));
}
