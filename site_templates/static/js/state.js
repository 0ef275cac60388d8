// The explorer's state: it lives in the form, and in the URL as far as it differs from how the page was built.

const PER_DECADE = 20;

/**
 * @typedef {object} State
 * @property {string} setup
 * @property {string[]} testSets
 * @property {string} score
 * @property {number} w In 0..100.
 * @property {number} minAccuracy In percent; 0 is no limit.
 * @property {number} maxEnergy In mJ; Infinity is no limit.
 * @property {"log" | "linear"} scale
 * @property {boolean} zoom
 * @property {boolean} contours
 * @property {boolean} front
 * @property {boolean} fit
 * @property {number} top
 * @property {string} find
 */

/** @param {HTMLFormElement} form @returns {State} */
export function readState(form) {
  const { elements } = form;
  return {
    setup: elements.setup.value,
    testSets: boxes(form, "on").filter((box) => box.checked).map((box) => box.value),
    score: elements.score.value,
    w: Number(elements.w.value),
    minAccuracy: Number(elements.min.value),
    maxEnergy: energyOf(elements.max),
    scale: elements.scale.value,
    zoom: elements.zoom.checked,
    contours: elements.contours.checked,
    front: elements.front.checked,
    fit: elements.fit.checked,
    top: Number(elements.top.value),
    find: elements.find.value.trim(),
  };
}

/** @param {HTMLInputElement} slider @returns {number} In mJ, two significant digits; Infinity at the slider's end. */
export function energyOf(slider) {
  return slider.value === slider.max ? Infinity : Number((10 ** (slider.value / PER_DECADE)).toPrecision(2));
}

/** @param {HTMLFormElement} form @returns {string} The query that brings this state back; empty for the first one. */
export function toQuery(form) {
  const query = new URLSearchParams();
  for (const name of namesOf(form)) {
    const [value, first] = [valueOf(form, name), valueOf(form, name, true)];
    if (value !== first) query.set(name, value);
  }
  // Commas stay readable; they mean nothing in a query.
  return query.toString().replaceAll("%2C", ",");
}

/**
 * Set the form to what a query says.
 * @param {HTMLFormElement} form
 * @param {string} search
 * @returns {string[]} What of it was not understood and left as it was.
 */
export function fromQuery(form, search) {
  form.reset();
  const refused = [];
  for (const [name, value] of new URLSearchParams(search)) {
    const known = namesOf(form).has(name) && setValue(form, name, value);
    if (!known) refused.push(`${name}=${value}`);
  }
  return refused;
}

function valueOf(form, name, first = false) {
  const element = form.elements[name];
  if (name === "on") {
    return boxes(form, name).filter((box) => (first ? box.defaultChecked : box.checked)).map((box) => box.value).join();
  }
  if (name === "max") return energyText(first ? { value: element.defaultValue, max: element.max } : element);
  if (element instanceof RadioNodeList) {
    return Array.from(element).find((radio) => (first ? radio.defaultChecked : radio.checked)).value;
  }
  if (element.type === "checkbox") return (first ? element.defaultChecked : element.checked) ? "yes" : "no";
  if (element instanceof HTMLSelectElement) {
    return first ? Array.from(element.options).find((option) => option.defaultSelected).value : element.value;
  }
  return first ? element.defaultValue : element.value.trim();
}

/** @returns {boolean} Whether the value is one that the control can have. */
function setValue(form, name, value) {
  const element = form.elements[name];
  if (name === "on") {
    const chosen = value.split(",");
    const all = boxes(form, name);
    if (!chosen.every((key) => all.some((box) => box.value === key))) return false;
    for (const box of all) box.checked = chosen.includes(box.value);
    return true;
  }
  if (element instanceof RadioNodeList || element instanceof HTMLSelectElement) {
    const choices = Array.from(element instanceof RadioNodeList ? element : element.options, (choice) => choice.value);
    if (choices.includes(value)) element.value = value;
    return choices.includes(value);
  }
  if (element.type === "checkbox") {
    element.checked = value === "yes";
    return value === "yes" || value === "no";
  }
  if (element.type !== "range") {
    element.value = value;
    return true;
  }
  const place = name !== "max" ? Number(value) : value === "none" ? Number(element.max) : PER_DECADE * Math.log10(Number(value));
  if (value === "" || !(place >= Number(element.min) - 0.5 && place <= Number(element.max))) return false;
  element.value = String(place);
  return true;
}

const namesOf = (form) => new Set(Array.from(form.elements, (element) => element.name).filter(Boolean));

const boxes = (form, name) => Array.from(form.querySelectorAll(`input[name="${name}"]`));

const energyText = (slider) => (energyOf(slider) === Infinity ? "none" : String(energyOf(slider)));
