// A leaderboard's controls: unit, filter, order, comparison and a link that brings them back.

import { number } from "./format.js";
import { comparisonOf } from "./leaderboard_compare.js";
import { linkOf, restore } from "./leaderboard_link.js";
import { listenToHeaders, markOrder } from "./sorting.js";

/** From mJ per item; the unit's name stands in the select's option. */
const SIZES = { wh: 3600, j: 1000, kwh: 3600 };
/** Rows that their control leaves out where they are of another kind. */
const FILTERS = ["task", "approach", "class"];

const board = /** @type {HTMLFormElement} */ (document.getElementById("board"));
const compare = /** @type {HTMLFormElement | null} */ (document.getElementById("compare"));
const table = /** @type {HTMLTableElement} */ (document.querySelector("table.board"));
const forms = [board, compare].filter((form) => form !== null);
const body = table.tBodies[0];
const rows = Array.from(body.rows);

const orderNow = () => ({ key: board.elements.sort.value, descending: board.elements.order.value === "down" });

/** @returns {(one: HTMLTableRowElement, other: HTMLTableRowElement) => number} Those without a value stand last. */
function comparing({ key, descending }) {
  const { kind } = table.tHead.querySelector(`th[data-key="${key}"]`)?.dataset ?? { kind: "number" };
  const turn = descending ? -1 : 1;
  const compared = kind === "text" ? (a, b) => a.localeCompare(b, "en") : (a, b) => a - b;
  return ({ dataset: { [key]: a } }, { dataset: { [key]: b } }) =>
    a && b ? turn * compared(a, b) : Number(!a) - Number(!b);
}

function showUnit() {
  const { unit } = board.elements;
  table.querySelector("[data-unit]").textContent = unit.selectedOptions[0].textContent;
  for (const cell of table.querySelectorAll("[data-mj]")) {
    cell.textContent = number(Number(cell.dataset.mj) / SIZES[unit.value]);
  }
}

function showRows() {
  const words = board.elements.find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = FILTERS.map((name) => [name, board.elements[name]?.value]).filter(([, value]) => value);
  for (const row of rows) {
    const found = words.every((word) => row.dataset.find.includes(word));
    row.hidden = !(found && kept.every(([name, value]) => row.dataset[name] === value));
  }
  const order = orderNow();
  const orders = [order, { key: "energy" }, { key: "name" }].map(comparing);
  body.append(...rows.toSorted((one, other) => orders.reduce((found, next) => found || next(one, other), 0)));
  markOrder(table, order);
  const shown = rows.filter((row) => !row.hidden).length;
  board.querySelector("[data-count]").textContent = shown === rows.length ? "" : `${shown} of ${rows.length} models`;
}

function showComparison() {
  if (!compare) return;
  const [one, other] = ["a", "b"].map((name) => compare.elements[name].selectedOptions[0]);
  compare.querySelector("[data-compared]").textContent = comparisonOf(one, other);
}

function show() {
  showUnit();
  showRows();
  showComparison();
}

function changed() {
  show();
  history.replaceState(null, "", linkOf(forms, location));
}

for (const form of forms) {
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
}
listenToHeaders(table, orderNow, ({ key, descending }) => {
  board.elements.sort.value = key;
  board.elements.order.value = descending ? "down" : "up";
  changed();
});
board.querySelector("[data-share]").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(new URL(linkOf(forms, location), location.href).href);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copy it from the address bar";
  }
  setTimeout(() => (button.textContent = before), 2000);
});
restore(forms, location.search);
show();
