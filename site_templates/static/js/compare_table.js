// Models and the rows of their comparison into the page's table: a column a model, with what moves and removes it.

import { breakable } from "./swap_card.js";

/**
 * @param {HTMLTableElement} table
 * @param {any[]} models Their JSON.
 * @param {string[]} paths Of their pages.
 * @param {import("./compare_rows.js").Group[]} groups
 */
export function writeComparison(table, models, paths, groups) {
  const head = table.tHead.rows[0];
  head.replaceChildren(head.cells[0], ...models.map((model, place) => headerOf(model, place, models.length, paths[place])));
  for (const body of Array.from(table.tBodies)) body.remove();
  table.append(...groups.map((group) => bodyOf(group, models.length)));
}

function headerOf(model, place, count, path) {
  const cell = make("th", { scope: "col" });
  const name = make("p", { className: "compare-name" });
  const link = make("a", { href: path });
  link.append(...breakable(model.model));
  name.append(
    make("span", { className: `compare-number compare-${place + 1}`, textContent: String(place + 1) }),
    " ",
    link,
    make("span", { className: "quiet", textContent: ` ${model.input_size_px}\u00a0px` }),
  );
  const title = `${model.model} at ${model.input_size_px} px`;
  const hands = make("p", { className: "compare-hands" });
  hands.append(
    handOf("left", "←", `Move ${title} to the left`, place, place === 0),
    handOf("right", "→", `Move ${title} to the right`, place, place === count - 1),
    handOf("remove", "×", `Remove ${title}`, place, false),
  );
  cell.append(name, hands);
  return cell;
}

function handOf(does, textContent, label, place, disabled) {
  const button = make("button", { type: "button", className: "compare-hand", textContent, disabled, title: label });
  button.setAttribute("aria-label", label);
  Object.assign(button.dataset, { does, place });
  return button;
}

function bodyOf({ title, rows }, count) {
  const body = make("tbody");
  const head = body.insertRow();
  head.className = "compare-group";
  head.append(make("th", { scope: "rowgroup", colSpan: count + 1, textContent: title }));
  for (const row of rows) {
    const line = body.insertRow();
    const header = make("th", { scope: "row" });
    header.append(row.path ? make("a", { href: row.path, textContent: row.title }) : row.title);
    line.append(header, ...row.cells.map(cellOf));
  }
  return body;
}

function cellOf({ value, missing, interval, difference, alike, doubted }) {
  const cell = make("td");
  cell.append(make("span", { className: missing ? "compare-missing" : "compare-value", textContent: value }));
  if (doubted) cell.append(make("span", { className: "compare-doubt", textContent: "in doubt" }));
  if (interval) cell.append(make("span", { className: "compare-interval", textContent: interval }));
  if (difference) cell.append(make("span", { className: alike ? "compare-alike" : "compare-difference", textContent: difference }));
  return cell;
}

const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
