// Forms into a link that brings their state back: what differs from how the page was built, and nothing else.

/** @param {HTMLFormElement[]} forms @returns {(HTMLInputElement | HTMLSelectElement)[]} */
const controlsOf = (forms) => forms.flatMap((form) => Array.from(form.elements).filter((control) => control.name));

/** @param {HTMLInputElement | HTMLSelectElement} control */
function firstValue(control) {
  if (!(control instanceof HTMLSelectElement)) return control.defaultValue;
  return Array.from(control.options).find((option) => option.defaultSelected)?.value ?? control.options[0].value;
}

/**
 * @param {HTMLFormElement[]} forms
 * @param {Location} place
 * @returns {string} Path, query and fragment.
 */
export function linkOf(forms, place) {
  const query = new URLSearchParams();
  for (const control of controlsOf(forms)) {
    const value = control.value.trim();
    if (value !== firstValue(control)) query.set(control.name, value);
  }
  const text = query.toString();
  return `${place.pathname}${text ? `?${text}` : ""}${place.hash}`;
}

/**
 * Set the controls to what a query says; values that a control cannot have are left out.
 * @param {HTMLFormElement[]} forms
 * @param {string} search
 */
export function restore(forms, search) {
  const query = new URLSearchParams(search);
  for (const control of controlsOf(forms)) {
    const value = query.get(control.name);
    if (value === null) continue;
    const known = !(control instanceof HTMLSelectElement) || Array.from(control.options).some((one) => one.value === value);
    if (known) control.value = value;
  }
}
