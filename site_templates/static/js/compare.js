// The page that lays models side by side: what is compared lives in its address.

import { Combobox } from "./combobox.js";
import { groupsOf } from "./compare_rows.js";
import { MOST, fromLink, moved, toLink } from "./compare_state.js";
import { drawMarks, drawSweeps } from "./compare_sweeps.js";
import { writeComparison } from "./compare_table.js";
import { load, loadTable, modelPath } from "./data.js";
import { labelOf } from "./search.js";

/** What the field for adding models suggests at once. */
const SUGGESTED = 10;
const LEAST_LETTERS = 2;

const root = document.querySelector("[data-compare]");
const input = root.querySelector("#add");
const on = root.querySelector("#on");
const table = root.querySelector("table");
const result = root.querySelector("[data-compare-result]");
const templates = (name) => Array.from(root.querySelectorAll(`template[data-${name}]`), ({ dataset }) => dataset);
/** @type {import("./compare_rows.js").Words} */
const words = {
  setups: templates("setup-key").map(({ setupKey: key, title, path, card }) => ({ key, title, path, card })),
  testSets: templates("test-set-key").map(({ testSetKey: key, title }) => ({ key, title })),
  statuses: new Map(templates("status").map(({ status, title }) => [status, title])),
  classes: new Map(templates("class-key").map(({ classKey, title }) => [classKey, title])),
};

/** @type {import("./compare_state.js").State} */
let state = { models: [], on: "" };
/** @type {Map<string, number>} File name of a model's page -> its place in models.json. */
const places = new Map();
let models;

const slugOf = (path) => path.slice("models/".length, -".html".length);

function say(place, text) {
  const element = root.querySelector(`[data-compare-say="${place}"]`);
  if (element.textContent !== text) element.textContent = text;
}

/** @param {string} text Part of names or families. @returns {import("./suggest.js").Suggestion[]} */
function suggest(text) {
  const parts = text.toLowerCase().split(/\s+/u).filter(Boolean);
  if (parts.join("").length < LEAST_LETTERS) return [];
  const found = [];
  for (const [slug, place] of places) {
    const searched = `${labelOf(models, place)} ${models.family[place]}`.toLowerCase();
    if (!state.models.includes(slug) && parts.every((part) => searched.includes(part))) found.push(place);
  }
  const late = (place) => Number(!models.model[place].toLowerCase().startsWith(parts[0]));
  found.sort((one, other) => late(one) - late(other) || models.model[one].length - models.model[other].length);
  return found.slice(0, SUGGESTED).map((place) => ({
    kind: "model", title: models.model[place], detail: `${models.input_size_px[place]}\u00a0px`, search: "", place,
  }));
}

function change(next) {
  state = { ...state, ...next };
  say("refused", "");
  history.pushState(null, "", `${location.pathname}${toLink(state)}`);
  return attempt(show);
}

async function show() {
  const shown = state;
  on.value = state.on;
  const full = state.models.length >= MOST;
  input.disabled = full;
  input.placeholder = full ? `${MOST} are compared: remove one first` : "Name or family";
  result.hidden = !state.models.length;
  root.querySelector("[data-compare-examples]").hidden = state.models.length > 0;
  const paths = state.models.map((slug) => modelPath(models, places.get(slug)));
  const loaded = await Promise.all(state.models.map((slug) => load(`models/${slug}.json`)));
  // Another choice was made meanwhile: it is shown.
  if (shown !== state) return;
  document.title = titleOf(loaded);
  const one = loaded.length === 1 ? "1 model. Add another to compare it with." : `${loaded.length} models side by side.`;
  say("status", loaded.length ? one : "");
  if (!loaded.length) return;
  writeComparison(table, loaded, paths, groupsOf(loaded, words, state.on));
  const { setup, testSet } = root.dataset;
  const pointOf = (model) => [model.figures[setup]?.energy_mj ?? NaN, model.accuracy[testSet]?.accuracy_pct ?? NaN];
  drawMarks(root.querySelector("[data-compare-plane]"), root.dataset, loaded.map(pointOf));
  drawSweeps(root.querySelector("[data-compare-sweeps]"), loaded, words.setups);
}

const ending = document.title;
const titleOf = (loaded) => (loaded.length ? `${loaded.map(({ model }) => model).join(", ")} · ${ending}` : ending);

function recall() {
  const answer = fromLink(location.search, new Set(places.keys()), words.setups.map(({ key }) => key));
  state = answer.state;
  const { refused } = answer;
  const are = refused.length === 1 ? "is not known here, or too much," : "are not known here, or too many,";
  say("refused", refused.length ? `Of what the link asks for, ${refused.join(", ")} ${are} and left out.` : "");
  return attempt(show);
}

function onHand({ target }) {
  const button = target.closest("button[data-does]");
  if (!button) return;
  const [does, place] = [button.dataset.does, Number(button.dataset.place)];
  if (does === "remove") change({ models: state.models.filter((_, one) => one !== place) }).then(() => input.focus());
  else {
    const to = place + (does === "left" ? -1 : 1);
    change({ models: moved(state.models, place, to) }).then(() => refocus(does, to));
  }
}

/** A button moves with its model, and keeps the focus where it still can be pressed. */
function refocus(does, place) {
  const buttons = Array.from(table.tHead.querySelectorAll(`button[data-place="${place}"]:not(:disabled)`));
  (buttons.find((one) => one.dataset.does === does) ?? buttons[0])?.focus();
}

async function attempt(action) {
  try {
    await action();
    say("failed", "");
  } catch (error) {
    say("failed", `The figures could not be loaded (${error.message}).`);
    console.error(error);
  }
}

async function start() {
  models = await loadTable(root.dataset.models);
  models.model.forEach((_, place) => places.set(slugOf(modelPath(models, place)), place));
  on.disabled = false;
  new Combobox(input, root.querySelector("#add-list"), suggest, ({ place }) => {
    input.value = "";
    change({ models: [...state.models, slugOf(modelPath(models, place))] });
  });
  on.addEventListener("change", () => change({ on: on.value }));
  root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  table.addEventListener("click", onHand);
  addEventListener("popstate", recall);
  await recall();
  root.classList.add("live");
}

attempt(start);
