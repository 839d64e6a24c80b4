"use strict";
// Each picture as a file of its own, in the light colours.
const light = JSON.parse(document.getElementById("light").textContent);

function filledIn(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const text = new XMLSerializer().serializeToString(copy);
  return text.replace(/var\(--([a-z-]+)\)/g, (whole, name) => light[name] || whole);
}

for (const button of document.querySelectorAll("button.save")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const svg = button.closest("figure").querySelector(".desk svg");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([filledIn(svg)], { type: "image/svg+xml" }));
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

// On paper the long tables are open.
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details.long:not([open])")];
  for (const each of closed) each.open = true;
});
window.addEventListener("afterprint", () => { for (const each of closed) each.open = false; });

// The sliders. Between simulated cells values are interpolated, and the page says so.
const data = JSON.parse(document.getElementById("play-data").textContent);
if (data) play(data);

function play(data) {
  const numbers = new Intl.NumberFormat(data.language, { maximumFractionDigits: 0 });
  const digits = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 3 });
  const cents = new Intl.NumberFormat(data.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const shares = { format: (share) => `${numbers.format(100 * share)}\u00a0%` };
  const by = (id) => document.getElementById(id);
  const demand = by("demand"), capacity = by("capacity");
  set(demand, data.demands, data.asked[0]);
  set(capacity, data.capacities, data.asked[1]);
  for (const input of [demand, capacity]) input.addEventListener("input", show);
  by("sliders").hidden = false;
  const asked = cellAt(data.demands[data.asked[0]], data.capacities[data.asked[1]]);
  show();

  function set(input, values, at) {
    input.min = values[0];
    input.max = values[values.length - 1];
    input.step = 0.05;
    input.value = values[at];
  }

  // Where a value lies among the simulated ones: the one before, and how far from it to the next.
  function placeOf(values, value) {
    let first = 0;
    while (first < values.length - 2 && values[first + 1] <= value) first += 1;
    if (values.length < 2) return [0, 0];
    const share = (value - values[first]) / (values[first + 1] - values[first]);
    return [first, Math.min(1, Math.max(0, share))];
  }

  function cellAt(d, c) {
    const [row, down] = placeOf(data.demands, d), [column, across] = placeOf(data.capacities, c);
    const corners = [];
    for (const [r, wr] of [[row, 1 - down], [row + 1, down]]) {
      for (const [k, wk] of [[column, 1 - across], [column + 1, across]]) {
        if (wr * wk > 1e-6) corners.push([data.cells[r][k], wr * wk]);
      }
    }
    const mixed = (read) => {
      const values = corners.map(([cell, weight]) => [read(cell), weight]);
      if (values.some(([value]) => typeof value !== "number")) {
        return values.sort((a, b) => b[1] - a[1])[0][0];  // what never ends has no middle: the nearest
      }
      return values.reduce((sum, [value, weight]) => sum + value * weight, 0);
    };
    return {
      simulated: corners.length === 1,
      n: corners[0][0].n,
      p: mixed((cell) => cell.p), low: mixed((cell) => cell.low), high: mixed((cell) => cell.high),
      peak: mixed((cell) => cell.peak), wait: mixed((cell) => cell.wait), lost: mixed((cell) => cell.lost),
      line: data.at_s.map((_, i) => mixed((cell) => cell.line[i])),
      column, across,
    };
  }

  function say(key, values) {
    return data.strings[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  function duration(seconds) {
    if (seconds === "inf") return data.strings.never;
    if (seconds === null) return "–";
    const units = [[86400, data.units.day], [3600, "h"], [60, "min"], [1, "s"]];
    for (let i = 0; i < units.length - 1; i += 1) {
      const [large, name] = units[i], [small, next] = units[i + 1];
      if (seconds >= large - small / 2) {
        const count = Math.round(seconds / small), per = large / small;
        const whole = Math.floor(count / per), rest = count % per;
        const unit = name === data.units.day && whole === 1 ? data.units.one_day : name;
        return rest ? `${numbers.format(whole)}\u00a0${unit} ${rest}\u00a0${next}` : `${numbers.format(whole)}\u00a0${unit}`;
      }
    }
    return `${digits.format(seconds)}\u00a0s`;
  }

  function sizeText(cell) {
    const here = data.sizes[cell.column], next = data.sizes[cell.column + 1];
    if (cell.across < 1e-6 || next === undefined) return here;
    if (cell.across > 1 - 1e-6) return next;
    return say("between_sizes", { a: here, b: next });
  }

  function costText(cell) {
    const a = data.costs[cell.column], b = data.costs[cell.column + 1];
    const value = b === undefined ? a : a + (b - a) * cell.across;
    const unit = data.currency || data.units.server;
    const fine = data.currency && value < 100 && Math.abs(value - Math.round(value)) > 0.005;
    return `${(fine ? cents : numbers).format(value)}\u00a0${unit}`;
  }

  function show() {
    const d = Number(demand.value), c = Number(capacity.value), cell = cellAt(d, c);
    by("demand-said").textContent = `×\u00a0${digits.format(d)}`;
    by("capacity-said").textContent = `×\u00a0${digits.format(c)}`;
    demand.setAttribute("aria-valuetext", say("times_likely", { factor: digits.format(d) }));
    capacity.setAttribute("aria-valuetext", sizeText(cell));
    by("size-said").textContent = sizeText(cell);
    by("chance-said").textContent = shares.format(cell.p);
    by("interval-said").textContent = say("play.interval", { low: shares.format(cell.low), high: shares.format(cell.high) });
    by("peak-said").textContent = numbers.format(cell.peak);
    if (by("wait-said")) by("wait-said").textContent = duration(cell.wait);
    by("lost-said").textContent = numbers.format(cell.lost);
    if (by("cost-said")) by("cost-said").textContent = costText(cell);
    by("basis-said").textContent = say(cell.simulated ? "simulated" : "interpolated", { launches: numbers.format(cell.n) });
    draw(cell);
  }

  function draw(cell) {
    const wide = window.matchMedia("(min-width: 46rem)").matches;
    const width = wide ? 720 : 340, height = wide ? 250 : 220;
    const top = Math.max(1, ...cell.line, ...asked.line) * 1.08;
    const ticks = stepsTo(top), labels = ticks.map((value) => numbers.format(value));
    const left = 12 + 7 * Math.max(...labels.map((label) => label.length));
    const box = { left, right: width - 14, top: 34, bottom: height - 40 };
    const end = data.at_s[data.at_s.length - 1];
    const x = (s) => box.left + (s / end) * (box.right - box.left);
    const y = (value) => box.bottom - (value / top) * (box.bottom - box.top);
    const svg = by("play-line");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren();
    const add = (name, attributes, text) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      if (text !== undefined) node.textContent = text;
      svg.append(node);
    };
    const path = (line) => `M${line.map((value, i) => `${x(data.at_s[i]).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`;
    const small = { "font-size": 12, fill: "var(--muted)", "font-family": "Helvetica Neue, Helvetica, Arial, sans-serif" };
    add("text", { ...small, x: 2, y: 14 }, data.strings[data.lined ? "axes.line" : "axes.present"]);
    add("text", { ...small, x: box.right, y: 14, "text-anchor": "end" }, `- - ${data.strings["keys.as_asked"]}`);
    ticks.forEach((value, i) => {
      add("path", { d: `M${box.left} ${y(value)}H${box.right}`, stroke: "var(--hair)", fill: "none" });
      add("text", { ...small, x: box.left - 7, y: y(value) + 4, "text-anchor": "end" }, labels[i]);
    });
    timesTo(end, wide ? 6 : 3).forEach((s) => {
      const at = Math.min(x(s), width - 22);
      add("text", { ...small, x: at, y: box.bottom + 17, "text-anchor": "middle" }, s ? `+${duration(s)}` : "0");
    });
    add("text", { ...small, x: box.right, y: box.bottom + 34, "text-anchor": "end" }, data.strings["axes.after_opening"]);
    add("path", { d: path(asked.line), stroke: "var(--muted)", "stroke-width": 1.4, "stroke-dasharray": "4 4", fill: "none" });
    add("path", { d: path(cell.line), stroke: "var(--predicted)", "stroke-width": 2.6, fill: "none", id: "play-path" });
  }

  function stepsTo(top) {
    const unit = 10 ** Math.floor(Math.log10(top / 4));
    const step = [1, 2, 2.5, 5, 10].map((each) => each * unit).find((each) => top / each <= 5) || top;
    const whole = Math.max(1, step), found = [];
    for (let value = 0; value <= top; value += whole) found.push(value);
    return found;
  }

  function timesTo(end, many) {
    const times = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];
    const step = times.find((each) => end / each <= many) || end / many, found = [];
    for (let s = 0; s <= end; s += step) found.push(s);
    return found;
  }

  window.addEventListener("resize", show);
}
