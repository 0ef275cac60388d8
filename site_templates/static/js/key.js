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

/**
 * @param {HTMLElement} element Gets the mark of a group before it.
 * @param {import("./colouring.js").Group} group
 * @param {number} place Among the groups.
 */
export function writeMark(element, { key, colour, shape }, place) {
  // Those of classes are known to the style sheet by name, as pages without scripts have them.
  const ofClass = colour.startsWith("var(--class-");
  const name = ofClass ? `class class-${key}` : `class group group-${place + 1} shape-${shape}`;
  if (element.className !== name) element.className = name;
  if (!ofClass) element.style.setProperty("--group", colour);
}

function entry(group, place) {
  const { title, count: number } = group;
  const item = document.createElement("li");
  const mark = Object.assign(document.createElement("span"), { textContent: title });
  writeMark(mark, group, place);
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
