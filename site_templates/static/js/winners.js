// A weighted score into its exact winners, as builder/analysis/winners.py has them: which model is first for which weight.

import { frontAlong, hullAlong } from "./pareto.js";

const EVERYTHING = 100;

/**
 * @typedef {{row: number, from: number, to: number}} Winner First for the weights between, both in 0..100.
 * @param {import("./scores.js").Score} score
 * @param {import("./scores.js").Context} context
 * @param {ArrayLike<number>} energy In mJ.
 * @param {ArrayLike<number>} accuracy In percent.
 * @param {number[] | Int32Array} order Rows within the limits, sorted by `byEnergy`.
 * @returns {Winner[]} From w = 0, the most accurate, to w = 100, the cheapest; none where the score has no weight.
 */
export function winners(score, context, energy, accuracy, order) {
  if (!score.weighted) return [];
  const points = (row) => EVERYTHING * score.cost(energy[row], context);
  const hull = hullAlong(frontAlong(order, energy, accuracy), points, accuracy).reverse();
  let from = 0;
  return hull.map((row, place) => {
    const cheaper = hull[place + 1];
    const start = from;
    if (cheaper === undefined) from = EVERYTHING;
    else {
      const gap = accuracy[row] - accuracy[cheaper];
      from = (EVERYTHING * gap) / (gap + (points(row) - points(cheaper)));
    }
    return { row, from: start, to: from };
  });
}
