// The explorer: takes the page over from its first picture, and keeps chart, ranking and URL in step with the form.

import { overlay } from "./annotations.js";
import { load, loadTable, modelPath, rowsOf } from "./data.js";
import { fitGrowth } from "./growth.js";
import { paretoFront } from "./pareto.js";
import { planeOf } from "./fitting.js";
import { rank } from "./ranking.js";
import { SCORES, contextOf } from "./scores.js";
import { found } from "./search.js";
import { fromQuery, readState, toQuery } from "./state.js";
import { writeTable } from "./table.js";
import { Tooltip, factsOf } from "./tooltip.js";
import { Views } from "./views.js";
import { Words } from "./words.js";

const root = document.getElementById("explorer");
const form = root.querySelector("form");
const chart = root.querySelector("[data-chart]");
const table = root.querySelector("table");
const words = new Words(root, form);

/** What the figures chosen are; changes with setup and test sets. */
const shown = { setup: null, rows: null, context: null, front: null, fit: null };
let models;
let views;
let tooltip;
let plane;
let state;
let ranking;
let score;

/** Take setup and test sets from the form, load what they need and draw everything. */
async function choose() {
  const wanted = readState(form);
  const option = form.elements.setup.selectedOptions[0];
  chart.setAttribute("aria-busy", "true");
  const setup = await loadTable(option.dataset.url);
  // Another choice was made meanwhile: it draws.
  const now = readState(form);
  if (wanted.setup !== now.setup || wanted.testSets.join() !== now.testSets.join()) return;
  chart.removeAttribute("aria-busy");
  const rows = rowsOf(models, setup, wanted.testSets);
  Object.assign(shown, { setup, rows, front: null, fit: undefined, context: contextOf(rows.energy, rows.accuracy) });
  words.choice(option, models, shown, wanted);
  drawAll();
}

/** Draw models, axes and what lies over them. */
function drawAll({ sameModels = false } = {}) {
  state = readState(form);
  score = SCORES[state.score];
  const { rows } = shown;
  plane = planeOf(chart, views.padding, root.dataset, models, rows, state);
  const marks = sameModels ? null : Array.from(rows.complete, (row) => markOf(row).mark);
  views.show(plane, marks);
  tooltip.place(plane, rows);
  drawOver();
}

/** Rank, and draw what moves with the sliders. */
function drawOver() {
  state = readState(form);
  score = SCORES[state.score];
  const { rows, context } = shown;
  ranking = rank(rows, models, score, state.w, context, state, state.top);
  const matches = found(models, rows, state.find);
  views.over(
    overlay(plane, {
      ...state,
      score,
      context,
      top: ranking.top.map(({ row, score: value }) => ({ ...markOf(row), score: value })),
      found: matches.map(markOf),
      withContours: state.contours,
      front: state.front ? (shown.front ??= frontOf(rows)) : null,
      fit: state.fit ? fitOf(rows) : null,
    }),
  );
  writeTable(table, ranking.top.map(entryOf), score);
  words.ranking(state, score, context, ranking, rows, matches);
}

/** @returns {import("./annotations.js").Mark} with the row that Vega draws. */
function markOf(row) {
  const place = shown.rows.model[row];
  const [energy, accuracy] = [shown.rows.energy[row], shown.rows.accuracy[row]];
  const class_ = models.class[place];
  return {
    model: models.model[place],
    class: class_,
    energy,
    accuracy,
    mark: { energy_mj: energy, accuracy_pct: accuracy, class: class_ },
  };
}

function entryOf({ row, score: value }) {
  const place = shown.rows.model[row];
  const { model, class: class_, energy, accuracy } = markOf(row);
  const [size, path] = [models.input_size_px[place], modelPath(models, place)];
  return { model, size, class: class_, classTitle: words.classTitle(class_), path, energy, accuracy, score: value };
}

function frontOf(rows) {
  const [energy, accuracy] = completeColumns(rows);
  return paretoFront(energy, accuracy).map((place) => [energy[place], accuracy[place]]);
}

function fitOf(rows) {
  if (shown.fit === undefined) shown.fit = fitGrowth(...completeColumns(rows));
  return shown.fit;
}

const completeColumns = ({ energy, accuracy, complete }) => [
  Float64Array.from(complete, (row) => energy[row]),
  Float64Array.from(complete, (row) => accuracy[row]),
];

function remember({ add }) {
  const query = toQuery(form);
  const url = `${location.pathname}${query && `?${query}`}${location.hash}`;
  if (`${location.pathname}${location.search}${location.hash}` === url) return;
  history[add ? "pushState" : "replaceState"](null, "", url);
}

function recall() {
  words.refused(fromQuery(form, location.search));
  words.controls(form);
}

function reset() {
  form.reset();
  words.controls(form);
  remember({ add: true });
  attempt(choose);
}

const chooses = (name) => name === "setup" || name === "on";
const resizes = (name) => name === "scale" || name === "zoom";

let frame = 0;
let remembering = 0;

/** Sliders and search: at most once a frame, and no entry in the history. */
function onInput({ target }) {
  if (target.type !== "range" && target.type !== "search") return;
  words.controls(form);
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    drawOver();
    // Browsers allow about three a second, and each costs as much as a third of the drawing.
    clearTimeout(remembering);
    remembering = setTimeout(() => remember({ add: false }), 400);
  });
}

function onChange({ target }) {
  if (target.type === "range" || target.type === "search") {
    remember({ add: false });
    if (state.zoom && target.type === "range") drawAll({ sameModels: true });
    return;
  }
  words.controls(form);
  remember({ add: true });
  if (chooses(target.name)) attempt(choose);
  else if (resizes(target.name)) drawAll({ sameModels: true });
  else drawOver();
}

async function attempt(action) {
  try {
    await action();
    words.failed(null);
  } catch (error) {
    words.failed(error);
  }
}

async function start() {
  recall();
  const [table_, specs] = await Promise.all([loadTable(root.dataset.models), load(root.dataset.specs)]);
  models = table_;
  views = new Views(chart.querySelector("[data-layers]"), specs);
  const rowAccuracy = (row) => shown.rows.accuracy[row];
  tooltip = new Tooltip(
    chart,
    (row) => modelPath(models, shown.rows.model[row]),
    (row) => {
      const place = shown.rows.model[row];
      const value = score.score(shown.rows.energy[row], rowAccuracy(row), state.w, shown.context);
      const subtitle = `${words.classTitle(models.class[place])}, ${models.input_size_px[place]}\u00a0px`;
      return [[models.model[place], subtitle], ...factsOf(shown.setup, row, rowAccuracy(row), score, value)];
    },
  );
  await choose();
  root.classList.add("live");
  performance.mark("explorer-live");
  listen();
}

function listen() {
  // Not the form: the length of the ranking is chosen outside of it.
  root.addEventListener("input", onInput);
  root.addEventListener("change", onChange);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[data-reset]").addEventListener("click", reset);
  addEventListener("popstate", () => (recall(), attempt(choose)));
  const redraw = () => (views.forget(), drawAll({ sameModels: true }));
  document.addEventListener("themechange", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new ResizeObserver(() => chart.clientWidth !== plane.width && drawAll({ sameModels: true })).observe(chart);
  for (const [event, leaves] of [["pointerover", false], ["focusin", false], ["pointerleave", true], ["focusout", true]]) {
    table.addEventListener(event, ({ target }) => {
      const row = leaves ? null : target.closest?.("tbody tr");
      tooltip.show(row ? ranking.top[row.sectionRowIndex].row : -1);
    });
  }
}

attempt(start);
