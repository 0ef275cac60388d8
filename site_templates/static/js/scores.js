// Energy and accuracy into one number to rank by: the scores of builder/analysis/scores.py, in the same order of
// operations.

const SPAN_DECADES = 4;

/**
 * @typedef {{largest: number, median: number, medianAccuracy: number}} Context Of all rows of a setup, in mJ and percent.
 * @typedef {object} Score
 * @property {string} key
 * @property {string} unit
 * @property {boolean} weighted Whether w means anything.
 * @property {(energy: number, context: Context) => number} [cost] Of a weighted score: what it weighs accuracy against.
 * @property {(energy: number, accuracy: number, w: number, context: Context) => number} score Higher is better.
 * @property {(energy: number, level: number, w: number, context: Context) => number} contourAccuracy
 * @property {(accuracy: number, level: number, w: number, context: Context) => number} contourEnergy
 * @property {(w: number, context: Context) => number} exchangeRate Energy in mJ that one more point of accuracy is worth:
 *   everywhere, or at the median model.
 */

/**
 * @param {string} key
 * @param {(energy: number, context: Context) => number} cost
 * @param {(cost: number, context: Context) => number} energyOfCost The inverse of `cost`.
 * @returns {Score} w * (1 - cost) + A * (1 - w / 100)
 */
function weighted(key, cost, energyOfCost) {
  return {
    key,
    unit: "points",
    weighted: true,
    cost,
    score: (energy, accuracy, w, context) => w * (1 - cost(energy, context)) + accuracy * (1 - w / 100),
    contourAccuracy: (energy, level, w, context) => (level - w * (1 - cost(energy, context))) / (1 - w / 100),
    contourEnergy: (accuracy, level, w, context) => energyOfCost(1 - (level - accuracy * (1 - w / 100)) / w, context),
    exchangeRate: (w, context) =>
      w === 0
        ? Infinity
        : energyOfCost(cost(context.median, context) + (1 - w / 100) / w, context) - context.median,
  };
}

/** @type {Record<string, Score>} */
export const SCORES = {
  manhattan: weighted(
    "manhattan",
    (energy, context) => energy / context.largest,
    (cost, context) => cost * context.largest,
  ),
  per_joule: {
    key: "per_joule",
    unit: "points/J",
    weighted: false,
    score: (energy, accuracy) => accuracy / (energy / 1000),
    contourAccuracy: (energy, level) => level * (energy / 1000),
    contourEnergy: (accuracy, level) => (accuracy / level) * 1000,
    exchangeRate: (w, context) => context.median / context.medianAccuracy,
  },
  log_manhattan: weighted(
    "log_manhattan",
    (energy, context) => 0.5 + Math.log10(energy / context.median) / SPAN_DECADES,
    (cost, context) => context.median * 10 ** ((cost - 0.5) * SPAN_DECADES),
  ),
};

/**
 * @param {Float64Array} energy Of all rows of the setup that have one, in mJ.
 * @param {Float64Array} accuracy NaN where a test set is missing.
 * @returns {Context}
 */
export function contextOf(energy, accuracy) {
  const sorted = energy.slice().sort();
  return {
    largest: sorted[sorted.length - 1],
    median: median(sorted),
    medianAccuracy: median(accuracy.filter((value) => !Number.isNaN(value)).sort()),
  };
}

/** @param {Float64Array} sorted */
function median(sorted) {
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
