// A model of a setup into what to take instead of it, as builder/analysis/swaps.py has it.

/** How much accuracy a reader may give up, in points. */
export const MARGIN = 0.5;
const ROUNDING = 1e-9;
const NONE = -1;

/**
 * @param {{energy: ArrayLike<number>, accuracy: ArrayLike<number>}} rows
 * @param {Iterable<number>} candidates Rows that may be proposed, in rising order: none is in doubt, all have an accuracy.
 * @param {number} row
 * @returns {{cheaper: number, better: number}} Rows; -1 where there is none. The cheaper one takes the least energy of
 *   those within MARGIN of its accuracy, the better one is the most accurate of those at or below its energy; of equal
 *   ones the one that is better in the other respect, then the first.
 */
export function findSwap({ energy, accuracy }, candidates, row) {
  const limit = MARGIN + ROUNDING - accuracy[row];
  let [cheaper, better] = [NONE, NONE];
  for (const one of candidates) {
    if (-accuracy[one] <= limit && energy[one] < energy[row]) {
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
