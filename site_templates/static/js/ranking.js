// A setup's rows into a ranking within limits, as builder/analysis/ranking.py has it.

/**
 * @typedef {{row: number, score: number}} Ranked
 * @param {import("./data.js").Rows} rows
 * @param {any} models data/explorer/models.json: names break ties.
 * @param {import("./scores.js").Score} score
 * @param {number} w
 * @param {import("./scores.js").Context} context
 * @param {{minAccuracy: number, maxEnergy: number}} limits Both belong to the range.
 * @param {number} top How many to return.
 * @returns {{top: Ranked[], eligible: number}} Best first; of equal scores the lower energy, then the name, then the
 *   smaller input.
 */
export function rank(rows, models, score, w, context, limits, top) {
  const { energy, accuracy, complete } = rows;
  /** @type {Ranked[]} */
  const first = [];
  let eligible = 0;
  let least = -Infinity;
  for (const row of complete) {
    if (!(accuracy[row] >= limits.minAccuracy && energy[row] <= limits.maxEnergy)) continue;
    eligible += 1;
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
  return { top: first, eligible };
}

function before(one, other, { energy, model }, models) {
  if (one.score !== other.score) return one.score > other.score;
  if (energy[one.row] !== energy[other.row]) return energy[one.row] < energy[other.row];
  const [a, b] = [model[one.row], model[other.row]];
  if (models.model[a] !== models.model[b]) return models.model[a] < models.model[b];
  return models.input_size_px[a] < models.input_size_px[b];
}
