// The file of a picture's rows into what can be read of each: which rows a group of marks is, and their figures in words.

import { energy, fixed, number } from "./format.js";

/** The rows that have a mark each. */
const LAYER = "models";

const mj = (text) => energy(Number(text));
const of = (unit) => (text) => `${number(Number(text))}\u00a0${unit}`;
const times = (text) => `${fixed(Number(text), 2)}×`;
/** Column -> what it is called and how it is written, in the order shown; other columns are not shown. */
const FACTS = {
  batch_size: ["Batch size", String],
  accuracy_pct: ["Accuracy", (text) => `${fixed(Number(text), 2)}\u00a0%`],
  energy_mj: ["Energy", mj],
  naive_mj: ["Naive estimate", mj],
  pytorch_mj: ["With PyTorch", mj],
  tensorrt_mj: ["With TensorRT", mj],
  before_mj: ["Before", mj],
  after_mj: ["After", mj],
  times: ["Saving", times],
  rank_before: ["Rank before", String],
  rank_after: ["Rank after", String],
  energy_over_least: ["Over its least", times],
  throughput_over_most: ["Throughput, of its most", (text) => `${number(100 * Number(text))}\u00a0%`],
  latency_ms: ["Latency", of("ms")],
  throughput_items_per_s: ["Throughput", of("images/s")],
  power_w: ["Power", of("W")],
  parameters_m: ["Parameters", of("million")],
  macs_g: ["MACs", of("billion")],
  activations_m: ["Activations", of("million")],
  area_pct: ["More pixels", of("%")],
  growth_pct: ["Growth", of("%")],
  model_year: ["Architecture of", String],
  year: ["Hull at the end of", String],
  factor: ["Measured ÷ naive", times],
  low: ["One deviation down", times],
  high: ["One deviation up", times],
  in_doubt: ["In doubt", String],
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
 * @returns {string[][]} The model, architecture or convention, then name and value of each figure that the row has.
 */
export function factsOf(row) {
  const size = row.input_size_px ? ` at ${row.input_size_px}\u00a0px` : "";
  const known = Object.entries(FACTS).filter(([column]) => row[column]);
  return [[(row.model || row.architecture || row.convention) + size], ...known.map(([column, [title, text]]) => [title, text(row[column])])];
}
