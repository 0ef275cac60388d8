// The two limits as lines of the chart that can be dragged, by pointer and by keyboard; the form's sliders hold them.

import { sliderPlace } from "./state.js";

/** Half the width of the strip that takes a pointer, in pixels: 24 for a finger (WCAG 2.2, 2.5.8). */
const REACH = 12;

export class LimitLines {
  /**
   * @param {HTMLElement} chart With a [data-limit] for each slider, named as it is.
   * @param {HTMLFormElement} form
   */
  constructor(chart, form) {
    this.chart = chart;
    this.lines = Array.from(chart.querySelectorAll("[data-limit]"), (handle) => ({
      handle,
      slider: form.elements[handle.dataset.limit],
      upright: handle.dataset.limit === "max",
    }));
    for (const line of this.lines) {
      line.handle.addEventListener("pointerdown", (event) => this.grab(line, event));
      line.handle.addEventListener("keydown", (event) => this.press(line, event));
    }
  }

  /** @param {import("./plane.js").Plane} plane @param {import("./state.js").State} state */
  place(plane, { minAccuracy, maxEnergy }) {
    this.plane = plane;
    const { left, top } = plane.padding;
    for (const { handle, slider, upright } of this.lines) {
      const at = upright ? plane.x(maxEnergy) : plane.y(minAccuracy);
      const length = upright ? plane.plotWidth : plane.plotHeight;
      // A limit that is none waits at the edge where it would come in.
      const inside = Math.min(Math.max(at, 0), length);
      handle.classList.toggle("at-edge", !(at >= 0 && at <= length));
      handle.style.translate = upright
        ? `${left + inside - REACH}px ${top}px`
        : `${left}px ${top + inside - REACH}px`;
      handle.style.width = `${upright ? 2 * REACH : plane.plotWidth}px`;
      handle.style.height = `${upright ? plane.plotHeight : 2 * REACH}px`;
      for (const name of ["min", "max"]) handle.setAttribute(`aria-value${name}`, slider[name]);
      handle.setAttribute("aria-valuenow", slider.value);
      handle.setAttribute("aria-valuetext", slider.getAttribute("aria-valuetext"));
    }
  }

  grab(line, event) {
    if (event.button !== 0) return;
    const { handle } = line;
    const box = this.chart.getBoundingClientRect();
    handle.setPointerCapture(event.pointerId);
    const move = ({ clientX, clientY }) => {
      handle.classList.add("dragged");
      const { padding } = this.plane;
      this.set(line, this.valueAt(line, clientX - box.left - padding.left, clientY - box.top - padding.top), "input");
    };
    const drop = () => {
      handle.removeEventListener("pointermove", move);
      // The click that follows a drag chooses no model.
      setTimeout(() => handle.classList.remove("dragged"));
      if (handle.classList.contains("dragged")) this.set(line, line.slider.value, "change");
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", drop, { once: true });
    // The chart is not moved meanwhile.
    event.stopPropagation();
  }

  /** At the edge of what is shown there is no limit. */
  valueAt({ slider, upright }, x, y) {
    const { plane } = this;
    if (upright) return x >= plane.plotWidth ? slider.max : sliderPlace(Math.max(plane.energyAt(x), Number.MIN_VALUE));
    return y >= plane.plotHeight ? slider.min : plane.accuracyAt(y);
  }

  press(line, event) {
    const { slider } = line;
    const step = Number(slider.step) * (event.shiftKey || event.key.startsWith("Page") ? 10 : 1);
    const value = {
      ArrowUp: Number(slider.value) + step,
      ArrowRight: Number(slider.value) + step,
      PageUp: Number(slider.value) + step,
      ArrowDown: Number(slider.value) - step,
      ArrowLeft: Number(slider.value) - step,
      PageDown: Number(slider.value) - step,
      Home: slider.min,
      End: slider.max,
    }[event.key];
    if (value === undefined) return;
    event.preventDefault();
    this.set(line, value, "input");
    this.set(line, slider.value, "change");
  }

  set({ slider }, value, event) {
    slider.value = String(value);
    slider.dispatchEvent(new Event(event, { bubbles: true }));
  }
}
