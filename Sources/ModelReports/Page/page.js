// The parts of the page as tabs, drawn when they are first looked at; and the choice of light or dark.

const parts = [
  ...(report.topics ? [{ id: 'topics', name: 'Topics', show: showTopics }] : []),
  { id: 'tree', name: 'Tree', show: showTree },
  ...(report.dynamics ? [{ id: 'dynamics', name: 'Dynamics', show: showDynamics }] : []),
  ...(report.traces ? [{ id: 'users', name: 'Users', show: showTraces }] : []),
  ...(report.network || report.withoutNetwork ? [{ id: 'try', name: 'Try it', show: showHistory }] : []),
  ...(report.fit ? [{ id: 'fit', name: 'Fit', show: showFit }] : []),
];

function showPart(id) {
  for (const part of parts) {
    const isShown = part.id === id;
    part.tab.setAttribute('aria-selected', String(isShown));
    part.tab.tabIndex = isShown ? 0 : -1;
    part.panel.hidden = !isShown;
    if (isShown && !part.isDrawn) {
      part.isDrawn = true;
      part.show(part.panel);
    }
  }
}

for (const part of parts) {
  const go = () => { history.replaceState(null, '', '#' + part.id); showPart(part.id); };
  part.tab = element('button', { type: 'button', role: 'tab', id: `tab-${part.id}`, 'aria-controls': `part-${part.id}`, click: go }, part.name);
  part.panel = element('section', { role: 'tabpanel', id: `part-${part.id}`, 'aria-labelledby': `tab-${part.id}`, hidden: true });
  document.getElementById('tabs').append(part.tab);
  document.getElementById('panels').append(part.panel);
}

document.getElementById('tabs').addEventListener('keydown', event => {
  const place = parts.findIndex(part => part.tab === event.target), count = parts.length;
  const next = { ArrowRight: (place + 1) % count, ArrowLeft: (place + count - 1) % count, Home: 0, End: count - 1 }[event.key];
  if (place < 0 || next === undefined) return;
  event.preventDefault();
  parts[next].tab.focus();
  parts[next].tab.click();
});

document.getElementById('facts').append(...report.facts.map(({ name, value }) => element('li', {}, element('b', {}, value.toLocaleString('en')), ' ' + name)));

function wear(theme) {
  document.documentElement.dataset.theme = theme;
  document.getElementById('theme').textContent = theme === 'dark' ? 'Light' : 'Dark';
}
wear(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
document.getElementById('theme').addEventListener('click', () => wear(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'));

const wanted = () => parts.find(part => '#' + part.id === location.hash)?.id;
addEventListener('hashchange', () => { if (wanted()) showPart(wanted()); });
// A page of one part needs no tabs.
document.getElementById('tabs').hidden = parts.length === 1;
showPart(wanted() ?? parts[0].id);
