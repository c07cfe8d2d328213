'use strict';
// What all views are made of. Text goes into the page as text nodes alone, so that nothing from a log is ever read as markup.

const report = JSON.parse(document.getElementById('report').textContent);

/** An element with attributes and children; strings among the children become text. Attributes that are functions are listeners. */
function element(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

/** The same for a part of a drawing. */
function drawn(name, attributes = {}, ...children) {
  return furnish(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function furnish(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/** 0.0123 as 1.2 %. */
function percent(share) {
  return (100 * share).toFixed(share > 0 && share < 0.0005 ? 2 : 1) + ' %';
}

/** With as many digits as a reader needs: 0.0123, 1.23, 12.3, 1234, 58.4 k. */
function briefly(number) {
  if (number === undefined || number === null) return '–';
  const size = Math.abs(number);
  return size === 0 ? '0' : size < 0.001 ? number.toExponential(1) : size < 1 ? String(Number(number.toPrecision(size < 0.01 ? 2 : 3)))
    : size < 1000 ? number.toPrecision(3) : size < 10000 ? number.toFixed(0) : `${(number / 1000).toPrecision(3)} k`;
}

/** With two digits behind the point, and no −0.00. */
function hundredths(number) { return ((Math.round(100 * number) || 0) / 100).toFixed(2).replace('-', '−'); }

/** A bar whose length is a share of the widest, in pixels. */
function bar(share, widest = 60) {
  return element('span', { class: 'bar', style: `width:${Math.max(1, share * widest).toFixed(0)}px`, 'aria-hidden': 'true' });
}

/** A button that saves a table as CSV (RFC 4180). `table()` returns rows, the heading first. */
function saveButton(file, table) {
  return element('button', { type: 'button', class: 'quiet end', click: () => {
    const field = value => /[",\r\n]/.test(value) ? '"' + String(value).replaceAll('"', '""') + '"' : String(value);
    const text = table().map(row => row.map(value => field(value ?? '')).join(',') + '\r\n').join('');
    const link = element('a', { href: URL.createObjectURL(new Blob([text], { type: 'text/csv' })), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  } }, 'Save as CSV');
}

/** Words with the first place where they hold `query` marked. */
function marked(words, query) {
  const place = query ? words.toLowerCase().indexOf(query.toLowerCase()) : -1;
  if (place < 0) return [words];
  const end = place + query.length;
  return [words.slice(0, place), element('span', { class: 'hit' }, words.slice(place, end)), words.slice(end)];
}

/** Calls `work` when input rests. */
function atRest(work) {
  let waiting;
  return () => { clearTimeout(waiting); waiting = setTimeout(work, 60); };
}
