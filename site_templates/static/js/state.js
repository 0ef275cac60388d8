// The explorer's state: what the form's controls say, in the terms that the other scripts use.

const PER_DECADE = 20;

/**
 * @typedef {object} State
 * @property {string} setup
 * @property {string[]} testSets
 * @property {string} score
 * @property {number} w In 0..100.
 * @property {number} minAccuracy In percent; 0 is no limit.
 * @property {number} maxEnergy In mJ; Infinity is no limit.
 * @property {boolean} unflagged Leave out figures in doubt.
 * @property {string[]} classes Of architectures, those shown.
 * @property {string} family The one shown; empty for all.
 * @property {[number, number]} years First and last year of papers shown.
 * @property {[number, number]} parameters In millions, least and most.
 * @property {[number, number]} sizes Of inputs in pixels, least and most.
 * @property {"class" | "family" | "year" | "none"} colour
 * @property {"log" | "linear"} scale
 * @property {View | null} view What the chart is zoomed to.
 * @property {boolean} contours
 * @property {boolean} front
 * @property {boolean} fronts One for each year.
 * @property {boolean} fit
 * @property {number} top
 * @property {string} find
 * @property {string} model The chosen one's name@size; empty where none is.
 * @typedef {[number, number, number, number]} View Energy from and to in mJ, accuracy from and to in percent.
 */

/** @param {HTMLFormElement} form @returns {State} */
export function readState(form) {
  const { elements } = form;
  return {
    setup: elements.setup.value,
    testSets: chosenOf(form, "on"),
    score: elements.score.value,
    w: Number(elements.w.value),
    minAccuracy: Number(elements.min.value),
    maxEnergy: energyOf(elements.max),
    unflagged: elements.unflagged.checked,
    classes: chosenOf(form, "class"),
    family: elements.family.value,
    years: [Number(elements.since.value), Number(elements.until.value)],
    parameters: rangeOf(elements.minparams, elements.maxparams),
    sizes: rangeOf(elements.minsize, elements.maxsize),
    colour: elements.colour.value,
    scale: elements.scale.value,
    view: viewFrom(elements.view.value),
    contours: elements.contours.checked,
    front: elements.front.checked,
    fronts: elements.fronts.checked,
    fit: elements.fit.checked,
    top: Number(elements.top.value),
    find: elements.find.value.trim(),
    model: elements.model.value,
  };
}

/** @param {HTMLInputElement} slider @returns {number} In mJ, two significant digits; Infinity at the slider's end. */
export function energyOf(slider) {
  return slider.value === slider.max ? Infinity : Number((10 ** (slider.value / PER_DECADE)).toPrecision(2));
}

/** @param {number} energy In mJ. @returns {number} The place on the energy slider, between its steps too. */
export const sliderPlace = (energy) => PER_DECADE * Math.log10(energy);

/** @param {HTMLFormElement} form @param {string} name @returns {HTMLInputElement[]} Checkboxes of one name. */
export const boxesOf = (form, name) => Array.from(form.querySelectorAll(`input[type="checkbox"][name="${name}"]`));

/** @param {string} text @returns {View | null} Null where it is none. */
export function viewFrom(text) {
  const numbers = text.split(",").map(Number);
  const [energyFrom, energyTo, accuracyFrom, accuracyTo] = numbers;
  const rises = energyFrom >= 0 && energyFrom < energyTo && accuracyFrom >= 0 && accuracyFrom < accuracyTo;
  const fits = numbers.length === 4 && energyTo < Infinity && accuracyTo <= 100 && rises;
  return text && fits ? /** @type {View} */ (numbers) : null;
}

const chosenOf = (form, name) => boxesOf(form, name).filter((box) => box.checked).map((box) => box.value);

/** @returns {[number, number]} An empty field is no limit. */
const rangeOf = (least, most) => [
  least.value === "" ? -Infinity : least.valueAsNumber,
  most.value === "" ? Infinity : most.valueAsNumber,
];
