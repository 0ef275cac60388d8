// A view's rows into the columns that the table of models shows and gives away.

import { NOTHING, fixed, number } from "./format.js";
import { doubtsOf, intervalOf } from "./units_interval.js";

/**
 * @typedef {object} Column
 * @property {string} key Its name in files; energies are per item.
 * @property {"text" | "integer" | "number"} kind
 * @property {(row: number) => string | number | null} value Null where there is none.
 * @property {(value: any) => string} text For the page.
 * @property {string} nothing For the page where there is none.
 */

const asIs = (value) => String(value);
const digits = (count) => (value) => number(value, count);
const places = (count) => (value) => fixed(value, count);

/**
 * @param {import("./view.js").View} view
 * @param {Map<string, string>} classTitles
 * @returns {Column[]} In the order of the page's header.
 */
export function columnsOf(view, classTitles) {
  const { models, setup, rows, score, scoreOf } = view;
  const doubts = doubtsOf(setup);
  const ofModel = (name) => (row) => models[name][rows.model[row]] ?? null;
  const ofSetup = (name) => (row) => setup[name][row] ?? null;
  const interval = (end) => (row) => intervalOf(setup, row)?.[end] ?? null;
  const power = (row) => {
    const throughput = setup.throughput_items_per_s[row];
    return throughput === null ? null : significant((rows.energy[row] * throughput) / 1000);
  };
  const column = (key, kind, value, text = asIs, nothing = NOTHING) => ({ key, kind, value, text, nothing });
  return [
    column("model", "text", ofModel("model")),
    column("input_size_px", "integer", ofModel("input_size_px")),
    column("accuracy_pct", "number", (row) => rows.accuracy[row], places(2)),
    column("energy_mj", "number", (row) => rows.energy[row], digits(4)),
    column("energy_low_mj", "number", (row) => significant(interval(0)(row)), digits(4)),
    column("energy_high_mj", "number", (row) => significant(interval(1)(row)), digits(4)),
    column("score", "number", scoreOf, score.weighted ? places(2) : digits(4)),
    column("class", "text", ofModel("class"), (key) => classTitles.get(key)),
    column("family", "text", ofModel("family")),
    column("year", "integer", ofModel("year")),
    column("parameters_m", "number", ofModel("parameters_m"), digits(3)),
    column("throughput_items_per_s", "number", ofSetup("throughput_items_per_s"), digits(3)),
    column("latency_ms", "number", ofSetup("latency_ms"), digits(3)),
    column("batch_size", "integer", ofSetup("batch_size"), (value) => value.toLocaleString("en")),
    column("power_w", "number", power, digits(3)),
    column("flags", "text", (row) => doubts.get(rows.model[row])?.join(" ") ?? null, (rules) => rules.replaceAll("_", " "), ""),
  ];
}

/** @param {Column} column @param {number} row @returns {string} */
export function textOf({ value, text, nothing }, row) {
  const one = value(row);
  return one === null ? nothing : text(one);
}

/**
 * @param {Column} column
 * @param {Int32Array} rows
 * @param {boolean} descending
 * @returns {Int32Array} Rows in order; those without a value last, equal ones by name and input size.
 */
export function sorted({ kind, value }, rows, descending) {
  const ordered = Int32Array.from(rows).sort();
  const keys = new Map();
  for (const row of ordered) keys.set(row, value(row));
  const turn = descending ? -1 : 1;
  const compare = kind === "text" ? (one, other) => (one < other ? -1 : Number(one > other)) : (one, other) => one - other;
  return ordered.sort((one, other) => {
    const [a, b] = [keys.get(one), keys.get(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return turn * compare(a, b);
  });
}

/** What is computed from the data has as many digits as they have. */
const significant = (value) => (value === null ? null : Number(value.toPrecision(7)));
