// Wheel, fingers, mouse and keys on the chart into zooming and moving what it shows.

const STEP = 1.6;
/** A notch of a wheel is about 100 pixels. */
const PER_PIXEL = 0.004;
/** Movements below this many pixels are clicks. */
const STILL = 4;
const MOVES = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
/** How far an arrow key goes, in pixels. */
const FAR = 60;
/** A wheel that rests so long has come to its end. */
const REST_MS = 250;

/**
 * @param {HTMLElement} chart
 * @param {HTMLElement} tools With buttons in and out: [data-zoom].
 * @param {() => import("./plane.js").Plane} planeOf What is shown now.
 * @param {{zoom: (factor: number, x: number, y: number) => void, move: (dx: number, dy: number) => void,
 *   end: () => void, hint: () => void}} act x, y, dx and dy in pixels of the plot; `hint` when the wheel turned without its key.
 */
export function listenToGestures(chart, tools, planeOf, act) {
  /** @type {Map<number, [number, number]>} */
  const pointers = new Map();
  let travelled = 0;
  let timer = 0;
  const placeOf = ({ clientX, clientY }) => {
    const [box, { padding }] = [chart.getBoundingClientRect(), planeOf()];
    return [clientX - box.left - padding.left, clientY - box.top - padding.top];
  };
  // A wheel alone scrolls the page; touchpads send a pinch as a wheel with the key held.
  chart.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return void act.hint();
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 * event.deltaY : event.deltaY;
    act.zoom(Math.exp(-PER_PIXEL * Math.max(-250, Math.min(250, pixels))), ...placeOf(event));
    clearTimeout(timer);
    timer = setTimeout(act.end, REST_MS);
  }, { passive: false });

  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("a, button")) return;
    pointers.set(event.pointerId, placeOf(event));
  });
  // Of a line that is dragged too, which keeps the event for itself.
  chart.addEventListener("pointerdown", () => (travelled = 0), { capture: true });
  addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = placeOf(event);
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (travelled < STILL) return;
    const others = [...pointers].filter(([id]) => id !== event.pointerId);
    pointers.set(event.pointerId, now);
    if (!others.length) return void act.move(now[0] - before[0], now[1] - before[1]);
    const [[, [x, y]]] = others;
    const apart = (one) => Math.max(10, Math.hypot(one[0] - x, one[1] - y));
    act.zoom(apart(now) / apart(before), (now[0] + x) / 2, (now[1] + y) / 2);
  });
  const leave = ({ pointerId }) => {
    if (!pointers.delete(pointerId) || travelled < STILL) return;
    if (!pointers.size) act.end();
  };
  addEventListener("pointerup", leave);
  addEventListener("pointercancel", leave);
  // What ends a drag chooses no model.
  chart.addEventListener("click", (event) => {
    if (travelled >= STILL || event.target.classList.contains("dragged")) event.stopImmediatePropagation();
  }, { capture: true });

  const middle = () => [planeOf().plotWidth / 2, planeOf().plotHeight / 2];
  const zoomBy = (factor) => {
    act.zoom(factor, ...middle());
    act.end();
  };
  tools.addEventListener("click", ({ target }) => {
    const direction = target.closest("[data-zoom]")?.dataset.zoom;
    if (direction) zoomBy(direction === "in" ? STEP : 1 / STEP);
  });
  tools.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move && !"+-=".includes(event.key)) return;
    event.preventDefault();
    if (!move) return zoomBy(event.key === "-" ? 1 / STEP : STEP);
    act.move(move[0] * FAR, move[1] * FAR);
    act.end();
  });
}
