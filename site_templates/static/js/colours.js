// Colours as the style sheet names them into the ones that a canvas understands, in the theme that is on.

const TOKEN = /^var\((--[\w-]+)\)$/u;

export class Colours {
  /** @param {Element} element Whose custom properties count. */
  constructor(element) {
    this.element = element;
    this.known = new Map();
  }

  /** @returns {string} The families of the page's font. */
  get font() {
    if (!this.known.has("font")) this.known.set("font", getComputedStyle(this.element).getPropertyValue("--sans").trim());
    return this.known.get("font");
  }

  /** Another theme is on. */
  forget() {
    this.known.clear();
  }

  /** @param {string} colour var(--ink), or a mixture of such. @returns {string} */
  of(colour) {
    if (!this.known.has(colour)) this.known.set(colour, this.resolved(colour));
    return this.known.get(colour);
  }

  /** @param {object} spec @returns {object} The specification with values in place of custom properties. */
  themed(spec) {
    const style = getComputedStyle(this.element);
    const resolve = (_, value) => {
      const token = typeof value === "string" && TOKEN.exec(value);
      if (!token) return value;
      const text = style.getPropertyValue(token[1]).trim();
      return CSS.supports("color", text) ? this.of(value) : text;
    };
    return JSON.parse(JSON.stringify(spec, resolve));
  }

  resolved(colour) {
    const probe = document.createElement("span");
    probe.style.color = colour;
    this.element.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }
}
