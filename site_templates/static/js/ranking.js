// A setup's rows into a ranking within limits, as builder/analysis/ranking.py has it.

/**
 * @param {Int32Array} kept Rows, the cheapest first.
 * @param {import("./data.js").Rows} rows
 * @param {{minAccuracy: number, maxEnergy: number}} limits Both belong to the range.
 * @returns {Int32Array} Of these rows the ones within the limits, in their order.
 */
export function within(kept, { energy, accuracy }, { minAccuracy, maxEnergy }) {
  const eligible = new Int32Array(kept.length);
  let count = 0;
  for (let place = 0; place < kept.length && energy[kept[place]] <= maxEnergy; place += 1) {
    if (accuracy[kept[place]] >= minAccuracy) eligible[count++] = kept[place];
  }
  return eligible.subarray(0, count);
}

/**
 * @typedef {{row: number, score: number}} Ranked
 * @param {import("./data.js").Rows} rows
 * @param {any} models data/explorer/models.json: names break ties.
 * @param {import("./scores.js").Score} score
 * @param {number} w
 * @param {import("./scores.js").Context} context
 * @param {Int32Array} eligible Rows.
 * @param {number} top How many to return.
 * @returns {Ranked[]} Best first; of equal scores the lower energy, then the name, then the
 *   smaller input.
 */
export function rank(rows, models, score, w, context, eligible, top) {
  const { energy, accuracy } = rows;
  /** @type {Ranked[]} */
  const first = [];
  let least = -Infinity;
  for (let one = 0; one < eligible.length; one += 1) {
    const row = eligible[one];
    const value = score.score(energy[row], accuracy[row], w, context);
    if (first.length === top && value < least) continue;
    const ranked = { row, score: value };
    let place = first.length;
    while (place > 0 && before(ranked, first[place - 1], rows, models)) place -= 1;
    if (place === top) continue;
    first.splice(place, 0, ranked);
    if (first.length > top) first.pop();
    least = first[first.length - 1].score;
  }
  return first;
}

function before(one, other, { energy, model }, models) {
  if (one.score !== other.score) return one.score > other.score;
  if (energy[one.row] !== energy[other.row]) return energy[one.row] < energy[other.row];
  const [a, b] = [model[one.row], model[other.row]];
  if (models.model[a] !== models.model[b]) return models.model[a] < models.model[b];
  return models.input_size_px[a] < models.input_size_px[b];
}
