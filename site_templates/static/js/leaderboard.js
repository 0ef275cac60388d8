// A leaderboard's controls: unit, filter, order, comparison and a link that brings them back.

import { number } from "./format.js";
import { linkOf, restore } from "./leaderboard_link.js";

/** From mJ per item; the unit's name stands in the select's option. */
const SIZES = { wh: 3600, j: 1000, kwh: 3600 };

const board = /** @type {HTMLFormElement} */ (document.getElementById("board"));
const compare = /** @type {HTMLFormElement | null} */ (document.getElementById("compare"));
const table = /** @type {HTMLTableElement} */ (document.querySelector("table.board"));
const forms = [board, compare].filter((form) => form !== null);
const body = table.tBodies[0];
const rows = Array.from(body.rows);

/** How rows are ordered: the numbers of a column; missing ones stand last. */
const ORDERS = {
  energy: (row) => numberOf(row.dataset.energy),
  stars: (row) => -numberOf(row.dataset.stars, -Infinity),
  size: (row) => numberOf(row.dataset.size),
  quality: (row) => qualityOf(row),
};

/** @param {string | undefined} text @param {number} [missing] */
const numberOf = (text, missing = Infinity) => (text ? Number(text) : missing);

function qualityOf(row) {
  const value = numberOf(row.dataset.quality, NaN);
  if (Number.isNaN(value)) return Infinity;
  return table.dataset.lowerIsBetter === "yes" ? value : -value;
}

function showUnit() {
  const { unit } = board.elements;
  table.querySelector("[data-unit]").textContent = unit.selectedOptions[0].textContent;
  for (const cell of table.querySelectorAll("[data-mj]")) {
    cell.textContent = number(Number(cell.dataset.mj) / SIZES[unit.value]);
  }
}

function showRows() {
  const { find, approach, sort } = board.elements;
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const class_ = board.elements.class?.value ?? "";
  for (const row of rows) {
    row.hidden = !(
      words.every((word) => row.dataset.find.includes(word)) &&
      (!approach.value || row.dataset.approach === approach.value) &&
      (!class_ || row.dataset.class === class_)
    );
  }
  const byName = (a, b) => a.dataset.name.localeCompare(b.dataset.name, "en");
  const order = ORDERS[sort.value];
  const place = (a, b) => (order(a) === order(b) ? 0 : order(a) - order(b));
  body.append(...rows.toSorted(order ? (a, b) => place(a, b) || ORDERS.energy(a) - ORDERS.energy(b) || 0 : byName));
  const shown = rows.filter((row) => !row.hidden).length;
  board.querySelector("[data-count]").textContent = shown === rows.length ? "" : `${shown} of ${rows.length} models`;
}

function showComparison() {
  if (!compare) return;
  const [one, other] = ["a", "b"].map((name) => compare.elements[name].selectedOptions[0]);
  const [low, high] = [one, other].map((option) => Number(option.dataset.mj));
  const [a, b] = [one.textContent, other.textContent];
  const change = 100 * (1 - low / high);
  const text =
    one.value === other.value ? "Choose two models."
    : change > 0 ? `${a} uses ${percentOf(change)} less energy than ${b}.`
    : `${a} uses ${number(low / high, 2)} times the energy of ${b}.`;
  compare.querySelector("[data-compared]").textContent = text;
}

/** As builder/pages/rated_words.py writes it: more digits where the rest is small. */
const percentOf = (value) => `${value.toFixed(value < 99 ? 0 : value < 99.9 ? 1 : 2)}\u00a0%`;

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
