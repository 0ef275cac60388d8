// A search field with a list of what may be meant, as WAI-ARIA's pattern "combobox with listbox" has it.

/** @typedef {import("./suggest.js").Suggestion} Suggestion */

export class Combobox {
  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list
   * @param {(text: string) => Suggestion[]} suggest
   * @param {(suggestion: Suggestion) => void} take
   */
  constructor(input, list, suggest, take) {
    Object.assign(this, { input, list, suggest, take, options: [], active: -1 });
    input.addEventListener("input", () => this.open());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // The field keeps the focus, so that its blur does not close the list before the click.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choose(Array.from(this.list.children).indexOf(option));
    });
  }

  open() {
    this.options = this.suggest(this.input.value);
    this.list.replaceChildren(...this.options.map((option, place) => this.written(option, place)));
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.activate(-1);
  }

  close() {
    this.options = [];
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  press(event) {
    const count = this.options.length;
    if (event.key === "ArrowDown" && !count) this.open();
    else if (event.key === "ArrowDown") this.activate((this.active + 1) % count);
    else if (event.key === "ArrowUp" && count) this.activate((this.active <= 0 ? count : this.active) - 1);
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape" && count) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  activate(place) {
    this.active = place;
    Array.from(this.list.children).forEach((option, one) => option.setAttribute("aria-selected", String(one === place)));
    const option = this.list.children[place];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(place) {
    const option = this.options[place];
    this.close();
    this.take(option);
  }

  written({ title, detail }, place) {
    const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${place}` });
    option.setAttribute("role", "option");
    option.append(title, " ", Object.assign(document.createElement("span"), { className: "quiet", textContent: detail }));
    return option;
  }
}
