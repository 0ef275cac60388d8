// The slider of years, and the button that plays them: how the fronts moved until today.

const PAUSE_MS = 900;

export class Years {
  /** @param {HTMLElement} element With the slider and [data-play]. @param {HTMLInputElement} fronts Whether each year's front is drawn. */
  constructor(element, fronts) {
    this.slider = element.querySelector("input");
    this.button = element.querySelector("[data-play]");
    this.fronts = fronts;
    this.timer = 0;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.still.addEventListener("change", () => this.say());
    this.button.addEventListener("click", () => this.press());
    this.say();
  }

  /** With less motion wanted, a press goes one year on. */
  press() {
    if (this.timer) return this.stop();
    this.fronts.checked = true;
    if (this.slider.value === this.slider.max) this.set(this.slider.min);
    else this.step();
    if (!this.still.matches) this.timer = setInterval(() => this.step(), PAUSE_MS);
    this.say();
  }

  step() {
    this.set(Number(this.slider.value) + 1);
    if (this.slider.value === this.slider.max) this.stop();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.slider.dispatchEvent(new Event("change", { bubbles: true }));
    this.say();
  }

  set(year) {
    this.slider.value = String(year);
    this.slider.dispatchEvent(new Event("input", { bubbles: true }));
  }

  say() {
    const text = this.timer ? "Pause" : this.still.matches ? "Next year" : "Play the years";
    this.button.setAttribute("aria-label", text);
    this.button.title = text;
    this.button.classList.toggle("playing", this.timer !== 0);
  }
}
