// A view without a model into what took them all away, and a button that gives it up.

const FILTERS = ["unflagged", "class", "family", "since", "until", "minparams", "maxparams", "minsize", "maxsize"];
/** Least and most, and what is said where they are the wrong way round. */
const RANGES = [
  ["minparams", "maxparams", "The least parameters asked for are above the most"],
  ["minsize", "maxsize", "The smallest input asked for is above the largest"],
  ["since", "until", "The first year asked for is after the last"],
];

export class NothingLeft {
  /** @param {HTMLElement} element With a text and a button. @param {HTMLFormElement} form */
  constructor(element, form) {
    Object.assign(this, { element, form, lift: null });
    [this.text, this.button] = element.children;
    this.button.addEventListener("click", () => this.lift());
  }

  /** @param {number} kept How many models the filters leave. @param {number} eligible How many of them are within the limits. */
  show(kept, eligible) {
    this.element.hidden = eligible > 0;
    if (eligible > 0) return void (this.text.textContent = "");
    const models = kept === 1 ? "the one model that is left" : `all ${kept.toLocaleString("en")} models`;
    if (kept) this.say(`The limits shut out ${models}.`, "Lift the limits", () => this.liftLimits());
    else this.say(`${this.contradiction() ?? "The filters leave no model"}.`, "Clear the filters", () => this.clearFilters());
  }

  say(text, title, lift) {
    if (this.text.textContent !== text) this.text.textContent = text;
    this.button.textContent = title;
    this.lift = lift;
  }

  contradiction() {
    const { elements } = this.form;
    const wrong = ([least, most]) => elements[least].value && elements[most].value && Number(elements[least].value) > Number(elements[most].value);
    return RANGES.find(wrong)?.[2];
  }

  liftLimits() {
    const { min, max } = this.form.elements;
    min.value = min.min;
    max.value = max.max;
    for (const event of ["input", "change"]) max.dispatchEvent(new Event(event, { bubbles: true }));
  }

  clearFilters() {
    for (const element of this.form.elements) {
      if (!FILTERS.includes(element.name)) continue;
      if (element.type === "checkbox") element.checked = element.defaultChecked;
      else if (element instanceof HTMLSelectElement) element.selectedIndex = 0;
      else element.value = element.defaultValue;
    }
    this.form.elements.family.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
