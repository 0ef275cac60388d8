// Counts, units and readouts: what the page says in words beside the chart and its controls.

import { count, energy, fixed, limit, percent } from "./format.js";
import { energyOf } from "./state.js";

export class Words {
  /** @param {HTMLElement} root @param {HTMLFormElement} form */
  constructor(root, form) {
    this.form = form;
    this.places = Object.fromEntries(
      Array.from(root.querySelectorAll("[data-say]"), (element) => [element.dataset.say, element]),
    );
    this.stepList = root.querySelector("[data-steps] ol");
    this.classes = new Map(
      Array.from(root.querySelectorAll("[data-class]"), (element) => [element.dataset.class, element]),
    );
  }

  say(place, text) {
    const element = this.places[place];
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {string} key @returns {string} */
  classTitle(key) {
    return this.classes.get(key).dataset.title;
  }

  /** Readouts of the sliders, and what is of use with the score chosen. */
  controls({ elements }) {
    const [w, min, max] = [Number(elements.w.value), Number(elements.min.value), energyOf(elements.max)];
    const texts = {
      w: `${w} %`,
      min: min > 0 ? `at least ${min} %` : "no limit",
      max: max < Infinity ? `at most ${limit(max)}` : "no limit",
    };
    for (const [name, text] of Object.entries(texts)) {
      this.say(name, text);
      elements[name].setAttribute("aria-valuetext", text);
    }
    elements.w.disabled = elements.score.value === "per_joule";
    const boxes = Array.from(this.form.querySelectorAll('input[name="on"]'));
    const chosen = boxes.filter((box) => box.checked);
    // The last one stays: an average needs a test set.
    for (const box of boxes) box.disabled = chosen.length === 1 && box.checked;
  }

  /** What is shown, and what is missing from it. */
  choice(option, models, { setup, rows }, state) {
    const { title, runtime } = option.dataset;
    const titles = state.testSets.map((key) => models.test_sets.find((one) => one.key === key).title);
    const on = titles.length === 1 ? titles[0] : `the mean of ${titles.length} test sets`;
    this.say("accuracy", `Top-1 accuracy on ${on}`);
    this.say("energy", `GPU energy per image on ${title}`);
    const [missing, listed] = [setup.missing.length, setup.missing.length + setup.index.length];
    this.say("missing", missing ? `${count(missing)} of ${count(listed)} have no ${runtime} energy.` : `All ${count(listed)} have a ${runtime} energy.`);
    const untested = rows.energy.length - rows.complete.length;
    const one = untested === 1;
    const untestedOn = `${one ? "was" : "were"} not tested on ${titles[0]}`;
    const lacking = titles.length === 1 ? untestedOn : `${one ? "lacks" : "lack"} one of the test sets chosen`;
    this.say("untested", untested ? `${count(untested)} ${lacking} and ${one ? "is" : "are"} left out.` : "");
    this.steps(rows);
    for (const [key, element] of this.classes) {
      const number = rows.complete.filter((row) => models.class[rows.model[row]] === key).length;
      element.querySelector("[data-count]").textContent = count(number);
    }
  }

  /** The best accuracy within each power of ten, as builder/charts/first_view.py has it. */
  steps({ energy: energies, accuracy, complete }) {
    const powers = Array.from(complete, (row) => Math.ceil(Math.log10(energies[row])));
    const [first, last] = [Math.min(...powers), Math.max(...powers)];
    const best = new Array(Math.max(0, last - first + 1)).fill(-Infinity);
    complete.forEach((row, place) => {
      for (let step = powers[place] - first; step < best.length; step += 1) best[step] = Math.max(best[step], accuracy[row]);
    });
    this.stepList.replaceChildren(
      ...best.map((value, step) => {
        const gain = step ? `+${fixed(value - best[step - 1], 1)}` : "";
        const item = document.createElement("li");
        item.append(part("span", limit(10 ** (first + step))), " ", part("strong", percent(value)), " ", part("span", gain, "gain"));
        return item;
      }),
    );
  }

  /** What the ranking and its score mean. */
  ranking(state, score, context, ranking, rows, matches) {
    this.say("eligible", `${count(ranking.eligible)} of ${count(rows.complete.length)} models are within the limits.`);
    this.say("rate", rateText(score, state.w, context));
    const some = matches.length === 1 ? "1 model matches and is" : `${count(matches.length)} models match and are`;
    const result = matches.length ? `${some} marked in the chart.` : "No model matches.";
    this.say("found", state.find === "" ? "" : result);
  }

  /** @param {string[]} values Of the URL. */
  refused(values) {
    this.say("refused", values.length ? `The link asks for ${values.join(", ")}, which is not known here and was left out.` : "");
  }

  /** @param {Error | null} error */
  failed(error) {
    this.say("failed", error ? `The figures could not be loaded (${error.message}). What is shown is from before.` : "");
    if (error) console.error(error);
  }
}

/** @returns {string} */
function rateText(score, w, context) {
  const rate = score.exchangeRate(w, context);
  if (rate === Infinity) return "Energy does not count.";
  if (score.weighted && w === 100) return "Accuracy does not count.";
  const where = score.key === "manhattan" ? "" : ", at the median model";
  return `One more point of accuracy is worth ${energy(rate, 3)} an image${where}.`;
}

const part = (tag, textContent, className = "") => Object.assign(document.createElement(tag), { textContent, className });
