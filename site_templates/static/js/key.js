// What colours and shapes mean into the list above the chart.

import { count } from "./format.js";

/** @typedef {import("./colouring.js").Colouring} Colouring */

/**
 * @param {HTMLElement} list
 * @param {Colouring} colouring
 * @param {import("./colours.js").Colours} colours
 */
export function writeKey(list, { by, groups }, colours) {
  const entries = () => groups.map(entry).filter((_, place) => groups[place].count || by === "class");
  const written = by === "none" ? [] : by === "year" ? [ramp(groups, colours)] : entries();
  list.hidden = by === "none";
  list.replaceChildren(...written);
}

function entry({ key, title, count: number, colour, shape }, place) {
  const item = document.createElement("li");
  const mark = Object.assign(document.createElement("span"), { className: "class", textContent: title });
  // Those of classes are known to the style sheet by name, as pages without scripts have them.
  if (colour.startsWith("var(--class-")) mark.classList.add(`class-${key}`);
  else mark.classList.add("group", `group-${place + 1}`, `shape-${shape}`);
  item.append(mark, " ", Object.assign(document.createElement("span"), { className: "quiet number", textContent: count(number) }));
  return item;
}

/** One field a year, from the first to the last. */
function ramp(groups, colours) {
  const item = Object.assign(document.createElement("li"), { className: "ramp" });
  const fields = groups.map(({ title, count: number, colour }) => {
    const field = Object.assign(document.createElement("span"), { title: `${title}: ${count(number)}` });
    field.style.background = colours.of(colour);
    return field;
  });
  const end = (title) => Object.assign(document.createElement("span"), { className: "end", textContent: title });
  item.append(end(groups[0].title), ...fields, end(groups[groups.length - 1].title));
  return item;
}
