// The models' places on the plane, and their energies at each batch size, into drawings.

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 300, 64, 30, 14, 52];
/** Steps within a decade, by the most decades that they are drawn for. */
const STEPS = [[0.4, [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]], [1.2, [1, 2, 5]], [Infinity, [1]]];
const RADIUS = 9;

/**
 * @param {SVGSVGElement} svg The plane, with its axes.
 * @param {DOMStringMap} domain energyFrom to accuracyTo: the ends of the axes.
 * @param {[number, number][]} points Energy in mJ and accuracy in percent; NaN where there is none.
 */
export function drawMarks(svg, domain, points) {
  const [left, right, top, bottom] = ["left", "right", "top", "bottom"].map((name) => Number(svg.dataset[name]));
  const x = scale(Math.log(domain.energyFrom), Math.log(domain.energyTo), left, right);
  const y = scale(Number(domain.accuracyFrom), Number(domain.accuracyTo), bottom, top);
  const marks = points.flatMap(([energy, accuracy], place) =>
    energy > 0 && accuracy >= 0 ? [numberedMark(x(Math.log(energy)), y(accuracy), place)] : [],
  );
  svg.querySelector("[data-compare-marks]").replaceChildren(...marks.reverse());
}

/**
 * @param {HTMLElement} section
 * @param {any[]} models Their JSON.
 * @param {import("./compare_rows.js").Setup[]} setups
 */
export function drawSweeps(section, models, setups) {
  const figures = setups.flatMap(({ key, title }) => {
    const sweeps = models.map((model) => model.sweeps[key] ?? []);
    return sweeps.some((trials) => trials.length) ? [figureOf(title, sweeps)] : [];
  });
  section.querySelector(".sweeps").replaceChildren(...figures);
  section.hidden = !figures.length;
}

function figureOf(title, sweeps) {
  const figure = document.createElement("figure");
  figure.className = "plane sweep";
  figure.append(Object.assign(document.createElement("figcaption"), { textContent: `${title}: mJ per image` }));
  const measured = sweeps.filter((trials) => trials.length).length;
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  svg.setAttribute("aria-label", `Energy per image against batch size on ${title} for ${measured} of the models, by their numbers.`);
  const trials = sweeps.flat();
  const batches = trials.map((trial) => Math.log2(trial.batch_size));
  const energies = trials.map((trial) => Math.log10(trial.energy_mj));
  // Room for a tick above and below, however close the energies are.
  const ends = [Math.min(...energies) - 0.1, Math.max(...energies) + 0.1];
  const x = scale(Math.min(...batches), Math.max(...batches), LEFT, WIDTH - RIGHT);
  const y = scale(...ends, HEIGHT - BOTTOM, TOP);
  const [grid, yLabels, xLabels] = ["grid", "y-label", "x-label"].map((name) => element("g", { class: name }));
  for (const energy of ticksOf(...ends)) {
    const place = y(Math.log10(energy));
    grid.append(element("path", { d: `M${LEFT} ${place}H${WIDTH - RIGHT}` }));
    yLabels.append(element("text", { x: LEFT - 8, y: place }, energy.toLocaleString("en")));
  }
  for (let power = Math.ceil(Math.min(...batches)); power <= Math.max(...batches); power += 1) {
    xLabels.append(element("text", { x: x(power), y: HEIGHT - BOTTOM + 9 }, (2 ** power).toLocaleString("en")));
  }
  const title_ = element("text", { class: "axis-title end", x: WIDTH - RIGHT, y: HEIGHT - 4 }, "Batch size →");
  svg.append(grid, yLabels, xLabels, title_, ...sweeps.map((one, place) => curveOf(one, place, x, y)).reverse());
  figure.append(svg);
  return figure;
}

function curveOf(trials, place, x, y) {
  const group = element("g", { class: `compare-${place + 1}` });
  const points = trials.map((trial) => [x(Math.log2(trial.batch_size)), y(Math.log10(trial.energy_mj)), trial.stage]);
  const searched = points.filter(([, , stage]) => stage === "sweep");
  if (searched.length) group.append(element("path", { class: "compare-curve", d: `M${searched.map(([left, top]) => `${left} ${top}`).join("L")}` }));
  for (const [cx, cy, stage] of points) group.append(element("circle", { class: `compare-trial-${stage}`, cx, cy, r: 3.6 }));
  const last = searched.at(-1) ?? points.at(-1);
  if (last) group.append(numberedMark(last[0] + (last[0] > WIDTH - RIGHT - RADIUS ? RADIUS : 0) + RADIUS, last[1], place));
  return group;
}

function numberedMark(cx, cy, place) {
  const mark = element("g", { class: `compare-mark compare-${place + 1}` });
  mark.append(element("circle", { cx, cy, r: RADIUS }), element("text", { x: cx, y: cy }, String(place + 1)));
  return mark;
}

/** Round energies between two logarithms. */
function ticksOf(low, high) {
  const [, steps] = STEPS.find(([most]) => high - low <= most);
  const ticks = [];
  for (let decade = Math.floor(low); decade <= high; decade += 1) {
    for (const step of steps) ticks.push(Number((step * 10 ** decade).toPrecision(2)));
  }
  return ticks.filter((tick) => Math.log10(tick) >= low && Math.log10(tick) <= high);
}

const scale = (low, high, from, to) => (value) =>
  high > low ? Number((from + ((value - low) / (high - low)) * (to - from)).toFixed(1)) : (from + to) / 2;

function element(tag, attributes, text = "") {
  const one = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, String(value));
  if (text) one.textContent = text;
  return one;
}
