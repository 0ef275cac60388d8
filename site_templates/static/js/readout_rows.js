// The file of a picture's rows into what can be read of each: which rows a group of marks is, and their figures in words.

import { energy, fixed, number } from "./format.js";

/** The rows that have a mark each. */
const LAYER = "models";

const mj = (text) => energy(Number(text));
const of = (unit) => (text) => `${number(Number(text))}\u00a0${unit}`;
/** Column -> what it is called and how it is written, in the order shown; other columns are not shown. */
const FACTS = {
  accuracy_pct: ["Accuracy", (text) => `${fixed(Number(text), 2)}\u00a0%`],
  energy_mj: ["Energy", mj],
  naive_mj: ["Naive estimate", mj],
  pytorch_mj: ["With PyTorch", mj],
  tensorrt_mj: ["With TensorRT", mj],
  times: ["Saving", (text) => `${fixed(Number(text), 2)}×`],
  throughput_items_per_s: ["Throughput", of("images/s")],
  power_w: ["Power", of("W")],
  parameters_m: ["Parameters", of("million")],
  macs_g: ["MACs", of("billion")],
  activations_m: ["Activations", of("million")],
  area_pct: ["More pixels", of("%")],
  growth_pct: ["Growth", of("%")],
};

/** @param {string} text A CSV file without line feeds in its cells. @returns {Record<string, string>[]} */
export function rowsOf(text) {
  const cells = (line) =>
    Array.from(line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  const [names, ...lines] = text.trimEnd().split("\n").map(cells);
  return lines.map((line) => Object.fromEntries(names.map((name, place) => [name, line[place]]).filter(([name]) => name)));
}

/**
 * @param {Record<string, string>[]} rows
 * @param {string} picked `field__value`, `field` for the rows that have one, or nothing for all.
 * @returns {Record<string, string>[]} The rows that a group's marks are, in its order.
 */
export function rowsOfGroup(rows, picked) {
  const [field, value] = picked.split("__");
  return rows.filter((row) => row.layer === LAYER && (!field || (value === undefined ? row[field] !== "" : row[field] === value)));
}

/**
 * @param {Record<string, string>} row
 * @returns {string[][]} The model, then name and value of each figure that the row has.
 */
export function factsOf(row) {
  const size = row.input_size_px ? ` at ${row.input_size_px}\u00a0px` : "";
  const known = Object.entries(FACTS).filter(([column]) => row[column]);
  return [[row.model + size], ...known.map(([column, [title, text]]) => [title, text(row[column])])];
}
