// The form into the query of a link, and back: a control is in it as far as it differs from how the page was built.

import { isAppended } from "./appended.js";
import { boxesOf, energyOf, sliderPlace, viewFrom } from "./state.js";

/** Checkboxes of one name of which several can be chosen. */
const LISTS = ["on", "class"];

/** @param {HTMLFormElement} form @returns {string} The query that brings this state back; empty for the first one. */
export function toQuery(form) {
  const query = new URLSearchParams();
  for (const name of namesOf(form)) {
    // What is beyond a field's limits counts as what it was built with.
    if (form.elements[name].validity?.valid === false) continue;
    const value = valueOf(form, name);
    if (value !== valueOf(form, name, true)) query.set(name, value);
  }
  // Commas and what a search is made of stay readable; they mean nothing in a query.
  return query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%40", "@");
}

/**
 * Set the form to what a query says.
 * @param {HTMLFormElement} form
 * @param {string} search
 * @param {Record<string, (value: string) => boolean>} known Of fields whose values the form itself does not know.
 * @returns {{unknown: string[], repeated: string[]}} What was not understood and left as it was; names given again, of
 *   which the first value counts.
 */
export function fromQuery(form, search, known) {
  reset(form);
  const [unknown, repeated, seen] = [[], new Set(), new Set()];
  const names = namesOf(form);
  for (const [name, value] of new URLSearchParams(search)) {
    if (isAppended(name)) continue;
    if (seen.has(name)) repeated.add(name);
    else if (!(names.has(name) && (known[name]?.(value) ?? true) && setValue(form, name, value))) unknown.push(`${name}=${value}`);
    seen.add(name);
  }
  // A logarithmic axis has no 0.
  const view = form.elements.view;
  if (form.elements.scale.value === "log" && viewFrom(view.value)?.[0] === 0) {
    unknown.push(`view=${view.value}`);
    view.value = "";
  }
  return { unknown, repeated: [...repeated] };
}

/** @param {HTMLFormElement} form Hidden fields keep their value in a reset of the browser's. */
export function reset(form) {
  form.reset();
  for (const element of form.elements) if (element.type === "hidden") element.value = "";
}

function valueOf(form, name, first = false) {
  const element = form.elements[name];
  if (LISTS.includes(name)) {
    return boxesOf(form, name).filter((box) => (first ? box.defaultChecked : box.checked)).map((box) => box.value).join();
  }
  if (name === "max") return energyText(first ? { value: element.defaultValue, max: element.max } : element);
  if (element instanceof RadioNodeList) {
    return Array.from(element).find((radio) => (first ? radio.defaultChecked : radio.checked)).value;
  }
  if (element.type === "checkbox") return (first ? element.defaultChecked : element.checked) ? "yes" : "no";
  if (element.type === "hidden") return first ? "" : element.value;
  if (element instanceof HTMLSelectElement) {
    const options = Array.from(element.options);
    return first ? (options.find((option) => option.defaultSelected) ?? options[0]).value : element.value;
  }
  return first ? element.defaultValue : element.value.trim();
}

/** @returns {boolean} Whether the value is one that the control can have. */
function setValue(form, name, value) {
  const element = form.elements[name];
  if (LISTS.includes(name)) return setBoxes(boxesOf(form, name), value.split(","));
  if (element instanceof RadioNodeList || element instanceof HTMLSelectElement) {
    const choices = Array.from(element instanceof RadioNodeList ? element : element.options, (choice) => choice.value);
    if (choices.includes(value)) element.value = value;
    return choices.includes(value);
  }
  if (element.type === "checkbox") {
    if (value === "yes" || value === "no") element.checked = value === "yes";
    return value === "yes" || value === "no";
  }
  if (element.type === "range") return setRange(element, name, value);
  // Browsers complain of what is no number.
  if (element.type === "number" && !Number.isFinite(Number(value || NaN))) return false;
  const before = element.value;
  element.value = value;
  const known = (name !== "view" || viewFrom(value) !== null) && (element.value === value && element.validity.valid);
  if (!known) element.value = before;
  return known;
}

function setBoxes(boxes, chosen) {
  if (new Set(chosen).size < chosen.length || !chosen.every((key) => boxes.some((box) => box.value === key))) return false;
  for (const box of boxes) box.checked = chosen.includes(box.value);
  return true;
}

/** A value between the slider's steps is none that it can have. */
function setRange(slider, name, value) {
  const before = slider.value;
  slider.value = name !== "max" ? value : value === "none" ? slider.max : String(sliderPlace(Number(value)));
  const known = (name === "max" ? energyText(slider) : slider.value) === value;
  if (!known) slider.value = before;
  return known;
}

const namesOf = (form) => new Set(Array.from(form.elements, (element) => element.name).filter(Boolean));

const energyText = (slider) => (energyOf(slider) === Infinity ? "none" : String(energyOf(slider)));
