// Runs inside a report, behind its own scripts: uses it as a reader does, and leaves what it saw in the page.
// `errors` is filled by the watch that stands before all other scripts; `histories` are items that a user did.

(() => {
  const checks = [];
  const check = (name, holds) => checks.push({ name, holds: Boolean(holds) });
  const part = id => { document.getElementById(`tab-${id}`).click(); return document.getElementById(`part-${id}`); };
  const typed = (input, words) => { input.value = words; input.dispatchEvent(new Event('input', { bubbles: true })); };
  const press = (target, key) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const later = work => new Promise(done => setTimeout(() => { work(); done(); }, 120));
  const predictions = [];

  async function climb() {
    // The tree opens, closes, and is searched.
    const tree = part('tree'), shown = () => tree.querySelectorAll('[role=treeitem]').length;
    const root = () => tree.querySelector('[role=treeitem]');
    const opened = shown();
    press(root(), 'ArrowLeft');
    check('the tree closes', shown() === 1 && root().getAttribute('aria-expanded') === 'false');
    press(root(), 'ArrowRight');
    check('the tree opens', shown() === opened);
    press(root(), 'ArrowDown');
    check('arrows walk', document.activeElement.getAttribute('aria-level') === '2');
    [...tree.querySelectorAll('button')].find(button => button.textContent === 'Open all').click();
    check('all of it opens', shown() === 2 * topicCount - 1);
    typed(tree.querySelector('input[type=search]'), report.tree.leaf === 'topic' ? '2' : report.names[nodes[2].items[0]]);
    await later(() => check('the tree is searched', tree.querySelector('[data-node="2"]') && shown() < 2 * topicCount));
  }

  function look() {
    // Light and dark; nothing wider than the window.
    const worn = () => document.documentElement.dataset.theme, first = worn();
    document.getElementById('theme').click();
    check('light and dark change', worn() !== first);
    for (const { id } of parts) {
      part(id);
      check(`${id} is no wider than the window`, document.documentElement.scrollWidth <= innerWidth);
    }
    check('nothing from the log became an element', !document.querySelector('main script, main img'));
    check('no script of the log ran', !window.wasTricked);
  }

  async function run() {
    // A page with a tree alone, of topics or of items.
    if (!report.topics) {
      check('one part has no tabs', parts.length === 1 && getComputedStyle(document.getElementById('tabs')).display === 'none');
      await climb();
      return look();
    }
    check('the first part is drawn at once', document.querySelector('#part-topics table tbody tr'));
    check('a map has a circle a topic', document.querySelectorAll('#part-topics svg circle').length === topicCount);

    // The slider orders items anew.
    const topics = part('topics'), slider = topics.querySelector('#relevance');
    const items = () => [...topics.querySelectorAll('td.items')].map(cell => cell.textContent).join('|');
    const before = items();
    slider.value = 0;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    check('the slider orders items anew', items() !== before && items().length > 0);
    slider.value = 1;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const most = report.topics.list.findIndex(topic => topic.share === Math.max(...report.topics.list.map(other => other.share)));
    const { items: candidates, counts } = report.topics.list[most], words = topics.querySelector('td.items').textContent;
    check('λ = 1 lists the most frequent item first', candidates.some((item, place) => counts[place] === Math.max(...counts) && words.startsWith(report.names[item])));

    // Sorting and searching the table.
    const rows = () => topics.querySelectorAll('tbody tr[data-topic]');
    const all = rows().length;
    topics.querySelector('button[data-key=topic]').click();
    check('a heading sorts', [...rows()].every((row, place) => Number(row.dataset.topic) === place));
    const rare = report.names[report.topics.list[3].items[0]];
    typed(topics.querySelector('input[type=search]'), rare);
    await later(() => check('search finds', rows().length > 0 && rows().length <= all && [...rows()].every(row => row.textContent.includes(rare))));
    typed(topics.querySelector('input[type=search]'), 'no item is called so');
    await later(() => check('search for nothing finds nothing', rows().length === 0));

    await climb();

    // What follows, users, fit.
    check('the matrix is drawn', part('dynamics').querySelectorAll('.matrix rect').length > 2);
    const rowsSum = report.dynamics.matrix.rows.map(row => row.reduce((sum, share) => sum + share, 0));
    check('rows of the matrix are shares', rowsSum.every(sum => sum === 0 || Math.abs(sum - 1) < 0.01));
    check('a user is shown step by step', part('users').querySelectorAll('tbody tr').length === report.traces.traces[0].items.length + 1);
    check('models stand beside each other, the best first',
      [...part('fit').querySelectorAll('#scores tbody th')].map(head => head.textContent).join() === 'scores,<b>worse');
    check('the fit has curves', part('fit').querySelectorAll('svg polyline').length >= 4);

    // Typing a history, and what is expected behind it.
    const box = part('try').querySelector('input[role=combobox]');
    typed(box, histories[0][0]);
    press(box, 'Enter');
    check('an item is added', part('try').querySelector('.chips button')?.textContent === histories[0][0]);
    // Items that the model does not know are left out, as lla predict does.
    for (const history of histories) {
      const seen = foretold(history.map(item => report.names.indexOf(item)).filter(place => place >= 0));
      predictions.push({
        topics: Array.from(seen.topics),
        items: Object.fromEntries(Array.from(seen.items, (probability, number) => [report.names[report.network.vocabulary.indexOf(number)], probability])),
      });
    }

    look();
  }

  run().catch(error => errors.push(String(error))).then(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null;
    const outcome = document.createElement('pre');
    outcome.id = 'outcome';
    outcome.textContent = btoa(unescape(encodeURIComponent(JSON.stringify({ checks, errors, predictions, paint }))));
    document.body.append(outcome);
  });
})();
