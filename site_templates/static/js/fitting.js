// The room that the chart has, and the figures chosen, into the part of the plane that it shows.

import { Plane, accuracyDomain } from "./plane.js";

/** Under this width, in pixels, the chart is a phone's. */
const NARROW = 520;
/** Height over width, and area of a mark in square pixels; the first pictures have the same. */
const SHAPES = { narrow: [400 / 360, 14], wide: [600 / 760, 26] };
/** How far beyond the limits a zoomed chart reaches, as a share of what it shows. */
const MARGIN = 0.06;

/**
 * @param {HTMLElement} chart
 * @param {import("./plane.js").Padding} padding
 * @param {DOMStringMap} dataset energyFrom and energyTo: limits around the energies of all setups, in mJ.
 * @param {any} models data/explorer/models.json
 * @param {import("./data.js").Rows} rows
 * @param {import("./state.js").State} state
 * @returns {Plane}
 */
export function planeOf(chart, padding, dataset, models, rows, state) {
  const width = chart.clientWidth;
  const [ratio, size] = SHAPES[width < NARROW ? "narrow" : "wide"];
  let [energyFrom, energyTo] = [Number(dataset.energyFrom), Number(dataset.energyTo)];
  let [low, high] = [Infinity, -Infinity];
  let [cheapest, dearest] = [Infinity, 0];
  for (const row of rows.complete) {
    const inside = !state.zoom || (rows.accuracy[row] >= state.minAccuracy && rows.energy[row] <= state.maxEnergy);
    if (!inside) continue;
    [low, high] = [Math.min(low, rows.accuracy[row]), Math.max(high, rows.accuracy[row])];
    [cheapest, dearest] = [Math.min(cheapest, rows.energy[row]), Math.max(dearest, rows.energy[row])];
  }
  const linear = state.scale === "linear";
  let accuracy = low <= high ? accuracyDomain(low, high) : [0, 100];
  if (linear && dearest > 0) [energyFrom, energyTo] = [0, dearest * (1 + MARGIN)];
  if (state.zoom && low <= high) {
    const margin = MARGIN * Math.max(1, high - low);
    // Room above the best for the names.
    accuracy = [Math.max(0, low - margin), Math.min(100, high + 3 * margin)];
    const stretch = (dearest / cheapest) ** MARGIN;
    [energyFrom, energyTo] = linear ? [0, dearest * (1 + MARGIN)] : [cheapest / stretch ** 3, dearest * stretch];
  }
  return new Plane([energyFrom, energyTo], accuracy, state.scale, width, Math.round(width * ratio), size, padding);
}
