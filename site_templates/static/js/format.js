// Numbers into the text that readers see: digits, thousands separators and units, as builder/pages/format.py writes them.

const NO_BREAK = "\u00a0";
const ENERGY_UNITS = [[1e6, "kJ"], [1e3, "J"], [1, "mJ"]];
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 20 });

/** What stands where there is no number. */
export const NOTHING = "–";

/**
 * @param {number} value
 * @param {number} [digits] Significant digits; digits before the point are never rounded away.
 * @returns {string}
 */
export function number(value, digits = 3) {
  if (value === 0) return "0";
  const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
  return fixed(value, Math.max(0, digits - 1 - exponent));
}

/** @param {number} value @returns {string} */
export const count = (value) => plain.format(value);

const THOUSANDS = /\B(?=(\d{3})+(?!\d))/g;

/** @param {number} value @param {number} decimals @returns {string} */
export function fixed(value, decimals) {
  const [whole, rest] = value.toFixed(decimals).replace("-", "−").split(".");
  const grouped = whole.length > 3 ? whole.replace(THOUSANDS, ",") : whole;
  return rest ? `${grouped}.${rest}` : grouped;
}

/**
 * @param {number} energyMj
 * @param {number} [digits]
 * @returns {string} In mJ, J or kJ, whichever leaves fewer than four digits before the point.
 */
export function energy(energyMj, digits = 3) {
  const rounded = Number(energyMj.toPrecision(digits));
  const [size, unit] = ENERGY_UNITS.find(([least]) => rounded >= least) ?? ENERGY_UNITS[2];
  return number(rounded / size, digits) + NO_BREAK + unit;
}

/** @param {number} energyMj @returns {string} A limit: two significant digits, in J from 0.1 J on, as axes write it. */
export function limit(energyMj) {
  const [value, unit] = energyMj < 100 ? [energyMj, "mJ"] : [energyMj / 1e3, "J"];
  return `${plain.format(Number(value.toPrecision(2)))} ${unit}`;
}

/** @param {number} value @param {string} unit @param {number} [digits] @returns {string} */
export const withUnit = (value, unit, digits = 3) => number(value, digits) + NO_BREAK + unit;

/** @param {number} value @param {number} [decimals] @returns {string} */
export const percent = (value, decimals = 1) => fixed(value, decimals) + NO_BREAK + "%";

/**
 * @param {import("./scores.js").Score} score
 * @param {number} value
 * @returns {string} Two decimals, or four significant digits of a ratio; without the unit.
 */
export const scoreNumber = (score, value) =>
  score.weighted || value === 0 ? fixed(value, 2) : fixed(value, Math.max(0, 3 - Math.floor(Math.log10(value))));
