// A score into its contours on a plane, as builder/charts/contours.py has them: lines of equal score, in closed form.

import { niceStep } from "./plane.js";

const MOST_CONTOURS = 9;
const STEPS_LEFT = 6;
const STEPS_BELOW = 8;
const SAMPLES = 32;

/**
 * @typedef {{level: number, best: boolean, points: [number, number][]}} Contour Points are energy in mJ and accuracy in
 *   percent, from the lower left to the upper right.
 * @typedef {import("./plane.js").Plane} Plane
 * @typedef {import("./scores.js").Score} Score
 * @typedef {import("./scores.js").Context} Context
 */

/**
 * @param {Plane} plane
 * @param {Score} score
 * @param {number} w
 * @param {Context} context
 * @param {number | null} best The best model's score: its contour comes first.
 * @returns {Contour[]}
 */
export function contours(plane, score, w, context, best) {
  const levels = roundLevels(plane, score, w, context).map((level) => [level, false]);
  if (best !== null) levels.unshift([best, true]);
  return levels.map(([level, isBest]) => ({
    level,
    best: isBest,
    points: polyline(plane, score, w, context, level),
  }));
}

/** @returns {number[]} Round scores that occur on the plane, from the best on: powers of ten where it is a ratio. */
export function roundLevels(plane, score, w, context) {
  const cheap = plane.energyAt(1);
  const dear = plane.energy[1];
  const [low, high] = plane.accuracy;
  const best = score.score(cheap, high, w, context);
  const left = score.score(cheap, low, w, context);
  const worst = score.score(dear, low, w, context);
  const levels = [];
  if (!score.weighted) {
    const last = Math.ceil(Math.log10(Math.max(worst, best * 1e-9)));
    for (let power = Math.floor(Math.log10(best)); power >= last; power -= 1) levels.push(10 ** power);
    return levels;
  }
  const flat = best - left < (best - worst) * 1e-9;
  const step = niceStep(flat ? (best - worst) / STEPS_BELOW : (best - left) / STEPS_LEFT);
  const first = Math.floor(best / step);
  const last = Math.max(Math.ceil(worst / step), first - MOST_CONTOURS + 1);
  for (let place = first; place >= last; place -= 1) levels.push(step * place);
  return levels;
}

/** @returns {[number, number][]} A contour's places within the plane. */
export function polyline(plane, score, w, context, level) {
  const [low, high] = plane.accuracy;
  const cheap = plane.energyAt(1);
  const dear = plane.energyAt(plane.plotWidth);
  const points = [];
  const take = (energy, accuracy) => {
    if (energy >= cheap && energy <= dear && accuracy >= low && accuracy <= high) points.push([energy, accuracy]);
  };
  for (let place = 0; place < SAMPLES; place += 1) {
    const share = place / (SAMPLES - 1);
    if (!score.weighted || w !== 100) {
      const energy = plane.energyAt(1 + (plane.plotWidth - 1) * share);
      take(energy, score.contourAccuracy(energy, level, w, context));
    }
    if (!score.weighted || w !== 0) {
      const accuracy = low + (high - low) * share;
      take(score.contourEnergy(accuracy, level, w, context), accuracy);
    }
  }
  return points.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}
