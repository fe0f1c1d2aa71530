// Elements of the page. Text goes in as text, never as markup.

export const byId = id => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function drawn(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child !== null));
  return made;
}

// Sets a text only where it changed, so that nothing is announced, selected away or laid out again for nothing.
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// Shows a text, or hides its element where there is none.
export function sayOrHide(target, text) {
  say(target, text ?? '');
  target.hidden = !text;
}

// A list of [term, description, title] as a dl, changed only where the content did.
export function define(list, rows) {
  const now = JSON.stringify(rows);
  if (list.shown === now) return;
  list.shown = now;
  list.replaceChildren(...rows.map(([term, text, title]) =>
    element('div', { title }, element('dt', {}, term), element('dd', {}, text))));
}
