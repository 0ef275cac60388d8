// The ranking into the page's table: rows are kept and only what differs is written.

import { fixed, number, scoreNumber } from "./format.js";
import { writeMark } from "./key.js";
import { writeRing } from "./page.js";

/**
 * @typedef {{model: string, size: number, place: number, look: import("./colouring.js").Group, group: number, path: string,
 *   energy: number, accuracy: number, score: number, doubts: string[]}} Entry `place` in models.json; `look` of its mark,
 *   and its place among the groups; `doubts` say why its figure may be wrong.
 * @param {HTMLTableElement} table
 * @param {Entry[]} entries Best first.
 * @param {import("./scores.js").Score} score
 * @param {number | null} chosen Place of the model chosen.
 */
export function writeTable(table, entries, score, chosen) {
  const body = table.tBodies[0];
  write(table.querySelector("[data-score-unit]"), score.unit);
  while (body.rows.length > entries.length) body.deleteRow(-1);
  while (body.rows.length < entries.length) body.append(newRow());
  entries.forEach((entry, place) => writeRow(body.rows[place], entry, place + 1, score, entry.place === chosen));
}

function writeRow(row, entry, rank, score, chosen) {
  const [rankCell, nameCell, accuracyCell, energyCell, scoreCell] = row.cells;
  write(rankCell.firstElementChild, String(rank));
  const link = nameCell.querySelector("a");
  if (link.dataset.path !== entry.path) {
    link.dataset.path = entry.path;
    link.href = entry.path;
    link.replaceChildren(...nameParts(entry.model));
  }
  const mark = nameCell.querySelector(".class");
  writeMark(mark, entry.look, entry.group);
  write(mark.firstElementChild, entry.look.title);
  writeRing(rankCell.lastElementChild, entry.place, `${entry.model} at ${entry.size} px`, chosen);
  const flag = nameCell.querySelector(".flag");
  flag.hidden = !entry.doubts.length;
  if (entry.doubts.length) flag.title = entry.doubts.join("; ");
  write(nameCell.querySelector(".size"), `${entry.size}\u00a0px`);
  write(accuracyCell, fixed(entry.accuracy, 2));
  write(energyCell, number(entry.energy, 4));
  write(scoreCell, scoreNumber(score, entry.score));
}

/** @returns {Node[]} The architecture and, less loud, the tag. */
function nameParts(name) {
  const [architecture, tag] = name.split(/(?=\.)(.*)/s);
  return [["architecture", architecture], ["tag", tag ?? ""]].map(([className, text]) => {
    const element = Object.assign(document.createElement("span"), { className });
    element.append(...breakable(text));
    return element;
  });
}

/** @returns {Node[]} The text, with places where a line may end. */
function breakable(text) {
  const parts = text.split(/(?<=_)/).flatMap((part) => [document.createElement("wbr"), new Text(part)]);
  return parts.slice(1);
}

function newRow() {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("ranking-row"));
  return template.content.firstElementChild.cloneNode(true);
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
