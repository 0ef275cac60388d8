// The explorer: takes the page over from its first picture, and keeps chart, ranking and words in step with the form.

import { Chart } from "./chart.js";
import { Chosen, placeOf } from "./chosen.js";
import { colouringOf } from "./colouring.js";
import { Combobox } from "./combobox.js";
import { Controls } from "./controls.js";
import { load, loadTable } from "./data.js";
import { Figures } from "./figures.js";
import { writeKey } from "./key.js";
import { LimitLines } from "./limit_lines.js";
import { Marks } from "./marks.js";
import { arePicks } from "./model_table_picks.js";
import { listenToThePage } from "./page.js";
import { rank } from "./ranking.js";
import { SCORES } from "./scores.js";
import { labelOf } from "./search.js";
import { readState } from "./state.js";
import { suggest } from "./suggest.js";
import { writeTable } from "./table.js";
import { Tooltip } from "./tooltip.js";
import { sections } from "./view.js";
import { WinnerStrip } from "./winner_strip.js";
import { Words } from "./words.js";
import { Years } from "./years.js";
import { Zooming } from "./zooming.js";

const root = document.getElementById("explorer");
const form = root.querySelector("form");
const table = root.querySelector(".ranking table");
const words = new Words(root, form);
const controls = new Controls(root, form, words, { over, draw, filter, choose: () => attempt(choose) });

/** @type {import("./view.js").View} */
let view;
/** @type {Figures} */
let figures;
/** @type {import("./colouring.js").Colouring} */
let colouring;
/** @type {Marks} */
let marks;
let [models, chart, tooltip, limitLines, strip, chosen, top, showSections] = [];

/** Take setup and test sets from the form, load what they need and draw everything. */
async function choose() {
  const wanted = readState(form);
  const option = form.elements.setup.selectedOptions[0];
  chart.element.setAttribute("aria-busy", "true");
  const setup = await loadTable(option.dataset.url);
  // Another choice was made meanwhile: it draws.
  const now = readState(form);
  if (wanted.setup !== now.setup || wanted.testSets.join() !== now.testSets.join()) return;
  chart.element.removeAttribute("aria-busy");
  figures = new Figures(models, setup, wanted.testSets);
  words.choice(option, figures, wanted);
  filter();
}

/** Leave the models that the filters do, and give them their colours. */
function filter(how) {
  const state = readState(form);
  figures.filter(state);
  colouring = colouringOf(state.colour, models, figures, chart.looks.classes, (key) => words.classTitle(key));
  marks = new Marks(figures, colouring, (key) => words.classTitle(key));
  words.filters(figures);
  writeKey(root.querySelector(".key"), colouring, chart.colours);
  draw(how);
}

/** Draw axes and models. */
function draw(how) {
  chart.draw(figures, readState(form), colouring);
  tooltip.place(chart.plane, figures);
  over(how);
}

/** Rank, and draw what moves with the sliders; `live` while one of them moves, when the sections wait for its rest. */
function over({ live = false } = {}) {
  const state = readState(form);
  const { rows, context } = figures;
  const score = SCORES[state.score];
  const eligible = figures.eligible(state);
  const scoreOf = (row) => score.score(rows.energy[row], rows.accuracy[row], state.w, context);
  view = { models, setup: figures.setup, rows, kept: figures.kept, eligible, score, context, state, scoreOf };
  top = rank(rows, models, score, state.w, context, eligible, state.top);
  const place = placeOf(models, state.model);
  const row = place === null ? -1 : figures.rowOf(place);
  chart.drawOver({
    ...state,
    score,
    context,
    top: top.map(({ row: one, score: value }) => ({ ...marks.mark(one), score: value })),
    found: figures.found(state.find).map((one) => marks.mark(one)),
    chosen: row < 0 ? null : marks.mark(row),
    withContours: state.contours,
    front: state.front ? figures.front : null,
    fronts: state.fronts ? figures.fronts : null,
    fit: state.fit ? figures.fit : null,
  });
  limitLines.place(chart.plane, state);
  const entries = top.map((ranked) => marks.entry(ranked));
  writeTable(table, entries, score, place);
  const winners = figures.winners(score, eligible);
  strip.show(winners, state.w, (winner) => marks.entry(winner));
  words.ranking(view, entries, figures, winners);
  chosen.show(place);
  showSections(view, place, live);
}

/** @type {import("./view.js").Choose} */
const chooseModel = (place) => controls.set("model", place === null ? "" : labelOf(models, place));

async function attempt(action) {
  try {
    await action();
    words.failed(null);
  } catch (error) {
    words.failed(error);
  }
}

async function start() {
  const energies = [Number(root.dataset.energyFrom), Number(root.dataset.energyTo)];
  const specs = load(root.dataset.specs);
  models = await loadTable(root.dataset.models);
  Object.assign(controls.known, { model: (name) => placeOf(models, name) !== null, pick: (text) => arePicks(models, text) });
  controls.recall();
  chart = new Chart(root.querySelector("[data-chart]"), await specs, energies);
  const facts = (row) => marks.facts(row, view);
  tooltip = new Tooltip(chart.element, (row) => marks.path(row), (row) => chooseModel(figures.rows.model[row]), facts);
  limitLines = new LimitLines(chart.element, form);
  strip = new WinnerStrip(root.querySelector("[data-winners]"), form.elements.w);
  const search = (text) => controls.set("find", text);
  chosen = new Chosen(root.querySelector("[data-chosen]"), models, search);
  const take = ({ place, search: text }) => (place === undefined ? search(text) : (controls.set("find", "", { add: false }), chooseModel(place)));
  new Combobox(form.elements.find, root.querySelector("[data-suggestions]"), (text) => suggest(figures, text), take);
  new Years(root.querySelector("[data-years]"), form.elements.fronts);
  showSections = sections(chooseModel);
  await choose();
  new Zooming(root, chart, controls, () => view);
  root.classList.add("live");
  performance.mark("explorer-live");
  const recolour = () => (chart.forget(), filter());
  const point = (place) => tooltip.show(place < 0 ? -1 : top[place].row);
  listenToThePage(chart, table, { recolour, draw, point, choose: chooseModel });
}

attempt(start);
