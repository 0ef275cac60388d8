// The upper hull of a setup into its growth fit A = a + b * ln(ln E - L), as builder/analysis/growth.py has it: with
// L = ln E_min - e^u each u leaves a straight line, so that one number is searched, over all of its range.

import { upperHull } from "./pareto.js";

const U_FROM = -14;
const U_TO = 4.5;
const U_PLACES = 75;
const MIN_POINTS = 4;
const SECTIONS = 80;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** @typedef {{a: number, b: number, floor: number, vertices: number[]}} GrowthFit */

/**
 * @param {ArrayLike<number>} energy In mJ, above 0.
 * @param {ArrayLike<number>} accuracy In percent.
 * @returns {GrowthFit | null} Null where fewer than four vertices are left.
 */
export function fitGrowth(energy, accuracy) {
  const logs = Array.from(energy, Math.log);
  const vertices = upperHull(logs, accuracy);
  if (vertices.length < MIN_POINTS) return null;
  const x = vertices.map((index) => logs[index]);
  const y = vertices.map((index) => accuracy[index]);
  const lowest = Math.min(...x);
  const misfit = (u) => project(x, y, lowest, u).rss;
  const grid = Array.from({ length: U_PLACES }, (_, place) => U_FROM + ((U_TO - U_FROM) * place) / (U_PLACES - 1));
  const misfits = grid.map(misfit);
  const best = misfits.indexOf(Math.min(...misfits));
  const inner = best > 0 && best < U_PLACES - 1;
  const u = inner ? lowestBetween(misfit, grid[best - 1], grid[best + 1]) : grid[best];
  const { a, b } = project(x, y, lowest, u);
  return { a, b, floor: lowest - Math.exp(u), vertices };
}

/** @param {GrowthFit} fit @param {number} energy @returns {number} Percent; NaN at and under the energy e^L. */
export function accuracyAt(fit, energy) {
  const distance = Math.log(energy) - fit.floor;
  return distance > 0 ? fit.a + fit.b * Math.log(distance) : NaN;
}

/** Least squares of y on ln(x - L). */
function project(x, y, lowest, u) {
  const z = x.map((value) => Math.log(value - lowest + Math.exp(u)));
  const zMean = mean(z);
  const yMean = mean(y);
  let zz = 0;
  let zy = 0;
  for (let place = 0; place < z.length; place += 1) {
    zz += (z[place] - zMean) ** 2;
    zy += (z[place] - zMean) * (y[place] - yMean);
  }
  const b = zy / zz;
  let rss = 0;
  for (let place = 0; place < z.length; place += 1) rss += (y[place] - yMean - b * (z[place] - zMean)) ** 2;
  return { a: yMean - b * zMean, b, rss };
}

/** Golden-section search. */
function lowestBetween(f, low, high) {
  let inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let values = inner.map(f);
  for (let section = 0; section < SECTIONS; section += 1) {
    if (values[0] <= values[1]) {
      high = inner[1];
      inner = [high - GOLDEN * (high - low), inner[0]];
      values = [f(inner[0]), values[0]];
    } else {
      low = inner[0];
      inner = [inner[1], low + GOLDEN * (high - low)];
      values = [values[1], f(inner[1])];
    }
  }
  return (low + high) / 2;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
