// The Pareto front, the growth fit and the contours of a score into lines with their notes.

import { contours } from "./contours.js";
import { scoreNumber } from "./format.js";
import { accuracyAt } from "./growth.js";
import { CHARACTER, line, note, reach } from "./rows.js";

const FIT_SAMPLES = 48;
/** Where along the front its note stands. */
const FRONT_NOTE = 0.3;

/** @typedef {import("./plane.js").Plane} Plane */

const stairs = (points) =>
  points.flatMap((point, place) => (place ? [[point[0], points[place - 1][1]], point] : [point]));

/** The front up to each year but the last, which has its own line; the year stands over its right end. */
export function yearFronts(plane, fronts) {
  const earlier = fronts.slice(0, -1);
  const lines = earlier.flatMap(({ year, points }) => line(`year-${year}`, "year", stairs(points)));
  const notes = earlier.map(({ year, points }) => {
    const [energy, accuracy] = points[points.length - 1];
    return note(plane, plane.x(energy) + 4, plane.y(accuracy), String(year), "year", "left");
  });
  return [lines, notes.reverse()];
}

/** Stairs: no model is left of or above them. */
export function front(plane, points) {
  const corners = stairs(points);
  if (!corners.length) return [[], []];
  const xs = corners.map(([energy]) => plane.x(energy));
  const wanted = xs[0] + FRONT_NOTE * (xs[xs.length - 1] - xs[0]);
  const distances = xs.map((x) => Math.abs(x - wanted));
  const near = distances.indexOf(Math.min(...distances));
  const text = note(plane, xs[near] - 8, plane.y(corners[near][1]) - 10, "Pareto front", "front", "right");
  return [line("front", "front", corners), reach(plane, text)[0] > 0 ? [text] : []];
}

/** @returns {[object[], object[]]} Lines and notes. */
export function fit(plane, growthFit) {
  const points = Array.from({ length: FIT_SAMPLES }, (_, place) => {
    const energy = plane.energyAt((plane.plotWidth * place) / (FIT_SAMPLES - 1));
    return [energy, accuracyAt(growthFit, energy)];
  }).filter(([, accuracy]) => accuracy >= plane.accuracy[0] && accuracy <= plane.accuracy[1]);
  if (!points.length) return [[], []];
  const [energy, accuracy] = points[points.length - 1];
  const y = Math.max(8, plane.y(accuracy) - 12);
  return [line("fit", "fit", points), [note(plane, plane.x(energy) - 5, y, "growth fit", "fit", "right")]];
}

/** @returns {[object[], object[]]} Lines and notes; the best one may stand above or below its line. */
export function contourLines(plane, { score, w, context, top }) {
  const lines = [];
  const notes = [];
  for (const { level, best, points } of contours(plane, score, w, context, top.length ? top[0].score : null)) {
    const kind = best ? "best" : "contour";
    const round = Number(level.toPrecision(10));
    lines.push(...line(`${kind}-${round}`, kind, points));
    if (!points.length) continue;
    const [x, y] = [plane.x(points[0][0]) + 5, plane.y(points[0][1])];
    const plain = score.weighted ? `score ${round}` : `${round.toLocaleString("en")} ${score.unit}`;
    const text = best ? `best: ${scoreNumber(score, level)} ${score.unit}` : plain;
    if (x + text.length * CHARACTER >= plane.plotWidth) continue;
    notes.push(note(plane, x, y - 10, text, kind, "left"));
    // Where it finds no room above its line, it may stand below.
    if (best) notes.push(note(plane, x, y + 11, text, kind, "left"));
  }
  return [lines, notes];
}
