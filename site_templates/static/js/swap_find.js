// A model of a setup into what to take instead of it, as builder/analysis/swaps.py has it.

import { distinguishable } from "./units_interval.js";

/** How much accuracy a reader may give up, in points. */
export const MARGIN = 0.5;
const ROUNDING = 1e-9;
const NONE = -1;

/**
 * @typedef {object} Noise What says whether two energies differ.
 * @property {(row: number) => import("./units_interval.js").Interval | null} intervalAt
 * @property {(row: number) => string | number} siblingsAt Equal for models that must agree in energy.
 *
 * @param {{energy: ArrayLike<number>, accuracy: ArrayLike<number>}} rows
 * @param {Iterable<number>} candidates Rows that may be proposed, in rising order: none is in doubt, all have an accuracy.
 * @param {number} row
 * @param {Noise} noise
 * @returns {{cheaper: number, better: number}} Rows; -1 where there is none. The cheaper one takes the least energy of
 *   those within MARGIN of its accuracy that are no siblings of it and whose energy is distinguishably less, the better
 *   one is the most accurate of those at or below its energy; of equal ones the one that is better in the other respect, then the first.
 */
export function findSwap({ energy, accuracy }, candidates, row, { intervalAt, siblingsAt }) {
  const limit = MARGIN + ROUNDING - accuracy[row];
  const [interval, siblings] = [intervalAt(row), siblingsAt(row)];
  const less = (one) =>
    energy[one] < energy[row] && siblingsAt(one) !== siblings && distinguishable(intervalAt(one), interval, true);
  let [cheaper, better] = [NONE, NONE];
  for (const one of candidates) {
    if (-accuracy[one] <= limit && less(one)) {
      const order = cheaper === NONE ? -1 : energy[one] - energy[cheaper] || accuracy[cheaper] - accuracy[one];
      if (order < 0) cheaper = one;
    }
    if (energy[one] <= energy[row] && accuracy[one] > accuracy[row]) {
      const order = better === NONE ? -1 : accuracy[better] - accuracy[one] || energy[one] - energy[better];
      if (order < 0) better = one;
    }
  }
  return { cheaper, better };
}
