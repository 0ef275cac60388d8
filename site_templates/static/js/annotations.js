// A ranking into what lies over the models: lines, rings, notes and the veil, as builder/charts/annotations.py has them,
// as rows in data units; and what only a reader's choice brings: matches of a search, the model chosen, years.

import { contourLines, fit, front, yearFronts } from "./curves.js";
import { limit } from "./format.js";
import { CHARACTER, LINE, line, note, reach } from "./rows.js";

const NAMED = 3;
const NAME_LINE = 16;
const NAME_ABOVE = 20;
const NAME_ASIDE = 12;
const NARROW = 420;
const PRIORITY = ["limit", "chosen", "name", "best", "front", "fit", "year", "contour"];
const ALWAYS = PRIORITY.slice(0, 3);

/**
 * @typedef {import("./plane.js").Plane} Plane
 * @typedef {{model: string, size: number, class: string, group: number, energy: number, accuracy: number, score?: number}} Mark
 *   `size` of its input, in pixels; `group` is its place among the groups of a colouring.
 * @typedef {object} Shown
 * @property {Mark[]} top The first of the ranking, best first.
 * @property {Mark[]} found What the reader searched for.
 * @property {Mark | null} [chosen] The model chosen.
 * @property {{year: number, points: [number, number][]}[]} [fronts] Of each year, the last of which is `front`.
 * @property {import("./scores.js").Score} score
 * @property {number} w
 * @property {import("./scores.js").Context} context
 * @property {number} minAccuracy In percent.
 * @property {number} maxEnergy In mJ.
 * @property {boolean} withContours
 * @property {[number, number][] | null} front Energy and accuracy, from the cheapest on; null where it is not shown.
 * @property {import("./growth.js").GrowthFit | null} fit
 */

/** @param {Plane} plane @param {Shown} shown @returns {Record<string, object[]>} Data set -> rows. */
export function overlay(plane, shown) {
  const parts = [
    shown.withContours ? contourLines(plane, shown) : [[], []],
    shown.fit ? fit(plane, shown.fit) : [[], []],
    shown.fronts ? yearFronts(plane, shown.fronts) : [[], []],
    shown.front ? front(plane, shown.front) : [[], []],
    limits(plane, shown),
    names(plane, shown.top.slice(0, plane.plotWidth > NARROW ? NAMED : 1)),
    chosenName(plane, shown),
  ];
  const wanted = parts.flatMap(([, notes]) => notes);
  wanted.sort((one, other) => PRIORITY.indexOf(one.kind) - PRIORITY.indexOf(other.kind));
  const notes = [];
  for (const note of wanted) {
    if (ALWAYS.includes(note.kind) || !notes.some((other) => conflict(plane, note, other))) notes.push(note);
  }
  return {
    veil: veil(plane, shown),
    lines: parts.flatMap(([lines]) => lines),
    rings: [
      ...ring(shown.found, "found"),
      ...ring(shown.top, "top").reverse(),
      ...ring(shown.chosen ? [shown.chosen] : [], "chosen"),
    ],
    notes,
  };
}

function names(plane, top) {
  if (!top.length) return [[], []];
  const xs = top.map((mark) => plane.x(mark.energy));
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const above = Math.min(...top.map((mark) => plane.y(mark.accuracy)));
  const texts = top.map((mark, place) => `${place + 1}  ${mark.model}`);
  // Above and to the left of the best models there are no others; their names go elsewhere only where they do not fit.
  const longest = Math.max(...texts.map((text) => text.length));
  const toLeft = left - NAME_ASIDE > longest * CHARACTER || left > plane.plotWidth - right;
  const x = toLeft ? left - NAME_ASIDE : right + NAME_ASIDE;
  const first = Math.max(NAME_LINE / 2, above - NAME_ABOVE - (top.length - 1) * NAME_LINE);
  const room = Math.floor((toLeft ? x : plane.plotWidth - x) / CHARACTER);
  const lines = [];
  const notes = [];
  top.forEach((mark, place) => {
    const y = first + place * NAME_LINE;
    notes.push(note(plane, x, y, shortened(texts[place], room), "name", toLeft ? "right" : "left"));
    const start = [plane.energyAt(x + (toLeft ? 3 : -3)), plane.accuracyAt(y)];
    lines.push(...line(`leader-${place}`, "leader", [start, [mark.energy, mark.accuracy]]));
  });
  return [lines, notes];
}

const shortened = (text, room) => (text.length <= room ? text : `${text.slice(0, Math.max(1, room - 1))}…`);

/** Unless it is among the names of the first. */
function chosenName(plane, { chosen, top }) {
  const named = top.slice(0, plane.plotWidth > NARROW ? NAMED : 1);
  if (!chosen || named.some(({ model, size }) => size === chosen.size && model === chosen.model)) return [[], []];
  const [x, y] = [plane.x(chosen.energy), plane.y(chosen.accuracy)];
  if (x < 0 || x > plane.plotWidth || y < 0 || y > plane.plotHeight) return [[], []];
  const size = `, ${chosen.size} px`;
  const toLeft = x + NAME_ASIDE + (chosen.model + size).length * CHARACTER > plane.plotWidth && x > plane.plotWidth / 2;
  const place = toLeft ? x - NAME_ASIDE : x + NAME_ASIDE;
  const text = shortened(chosen.model, Math.floor((toLeft ? place : plane.plotWidth - place) / CHARACTER) - size.length) + size;
  const under = Math.min(y + NAME_LINE, plane.plotHeight - LINE);
  return [[], [note(plane, place, under, text, "chosen", toLeft ? "right" : "left")]];
}

function limits(plane, { minAccuracy, maxEnergy }) {
  const lines = [];
  const notes = [];
  let atBottom = false;
  if (minAccuracy > plane.accuracy[0] && minAccuracy < plane.accuracy[1]) {
    const y = plane.y(minAccuracy);
    atBottom = y > plane.plotHeight - 2 * LINE;
    lines.push(...line("min-accuracy", "limit", plane.energy.map((energy) => [energy, minAccuracy])));
    const place = y + (atBottom ? -9 : 10);
    notes.push(note(plane, plane.plotWidth - 5, place, `at least ${minAccuracy} %`, "limit", "right"));
  }
  if (maxEnergy > plane.energy[0] && maxEnergy < plane.energy[1]) {
    lines.push(...line("max-energy", "limit", plane.accuracy.map((accuracy) => [maxEnergy, accuracy])));
    const toLeft = plane.x(maxEnergy) > 0.7 * plane.plotWidth;
    const [x, y] = [plane.x(maxEnergy) + (toLeft ? -6 : 6), atBottom ? 10 : plane.plotHeight - 10];
    notes.push(note(plane, x, y, `at most ${limit(maxEnergy)}`, "limit", toLeft ? "right" : "left"));
  }
  return [lines, notes];
}

/** Covers what is below the least accuracy, and what is above it and beyond the largest energy; in a search, all. */
function veil(plane, { minAccuracy, maxEnergy, found }) {
  const [[energyFrom, energyTo], [accuracyFrom, accuracyTo]] = [plane.energy, plane.accuracy];
  const floor = found.length ? accuracyTo : Math.min(Math.max(minAccuracy, accuracyFrom), accuracyTo);
  const ceiling = Math.min(Math.max(maxEnergy, energyFrom), energyTo);
  return [
    { energy_mj: energyFrom, energy_to_mj: energyTo, accuracy_pct: accuracyFrom, accuracy_to_pct: floor },
    { energy_mj: ceiling, energy_to_mj: energyTo, accuracy_pct: floor, accuracy_to_pct: accuracyTo },
  ].filter((row) => row.energy_mj < row.energy_to_mj && row.accuracy_pct < row.accuracy_to_pct);
}

function conflict(plane, one, other) {
  if (one.text === other.text) return true;
  const [[left, right], [otherLeft, otherRight]] = [reach(plane, one), reach(plane, other)];
  const apart = Math.abs(plane.y(one.accuracy_pct) - plane.y(other.accuracy_pct));
  return left < otherRight && otherLeft < right && apart < LINE;
}

const ring = (marks, kind) =>
  marks.map((mark) => {
    const { energy, accuracy, class: class_, group } = mark;
    return { energy_mj: energy, accuracy_pct: accuracy, class: class_, group, kind };
  });
