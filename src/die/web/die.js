// The page: the firmware and the network run in the module, all at once; what they did, step by step
// and byte by byte, is kept and played. Nothing here draws a die: the panel shows what came over the
// bus, the memory what lay in the module's arena.
"use strict";

const plan = JSON.parse(document.getElementById("plan").textContent);
const element = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const stepCount = plan.steps.length;
const quickFrame = 74; // milliseconds that a frame of the roll takes
const grouped = (number) => number.toLocaleString("en-US");

// ---- the panel: an SSD1306 of 128x64 pixels, as the board's simulation has it ----

class Panel {
  constructor() {
    this.memory = new Uint8Array(8 * 128);
    this.state = { page: 0, column: 0, on: false, pump: false, columns: false, rows: false, mode: 2 };
    this.command = [];
    this.expects = "nothing";
    this.changed = true;
  }

  start() { this.expects = "address"; }
  stop() { this.expects = "nothing"; }

  write(byte) {
    switch (this.expects) {
      case "address": this.expects = byte === 0x3c << 1 ? "control" : "nothing"; break;
      case "control":
        this.expects = (byte & 0x80 ? "one " : "") + (byte & 0x40 ? "data" : "command");
        break;
      case "one command": this.expects = "control"; // and on
      case "command": this.takeCommand(byte); break;
      case "one data": this.expects = "control"; // and on
      case "data": this.takeData(byte); break;
    }
  }

  takeCommand(byte) {
    const lengths = { 0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8d: 1, 0xa8: 1, 0xd3: 1, 0xd5: 1, 0xd9: 1, 0xda: 1, 0xdb: 1 };
    this.command.push(byte);
    if (this.command.length <= (lengths[this.command[0]] || 0)) return;
    const [code, first, last] = this.command;
    const s = this.state;
    this.command = [];
    if (code <= 0x0f) s.column = (s.column & 0x70) | code;
    else if (code <= 0x1f) s.column = (s.column & 0x0f) | ((code & 7) << 4);
    else if (code >= 0xb0 && code <= 0xb7) s.page = code & 7;
    else if (code === 0x20) s.mode = first & 3;
    else if (code === 0x21) [s.column, s.firstColumn, s.lastColumn] = [first, first, last];
    else if (code === 0x22) [s.page, s.firstPage, s.lastPage] = [first, first, last];
    else if (code === 0x8d) s.pump = (first & 4) !== 0;
    else if (code === 0xa0 || code === 0xa1) s.columns = code === 0xa1;
    else if (code === 0xc0 || code === 0xc8) s.rows = code === 0xc8;
    else if (code === 0xae || code === 0xaf) s.on = code === 0xaf;
    this.changed = true;
  }

  takeData(byte) {
    const s = this.state;
    this.memory[s.page * 128 + s.column] = byte;
    this.changed = true;
    const stepped = (at, first, last) => (at === last ? first : at + 1);
    const { firstColumn = 0, lastColumn = 127, firstPage = 0, lastPage = 7 } = s;
    if (s.mode === 2) {
      s.column = (s.column + 1) & 127;
    } else if (s.mode === 0) {
      if (s.column === lastColumn) s.page = stepped(s.page, firstPage, lastPage);
      s.column = stepped(s.column, firstColumn, lastColumn);
    } else {
      if (s.page === lastPage) s.column = stepped(s.column, firstColumn, lastColumn);
      s.page = stepped(s.page, firstPage, lastPage);
    }
  }

  // What a person sees: 64 rows of 128, 1 where lit.
  picture() {
    const pixels = new Uint8Array(128 * 64);
    if (!this.state.on || !this.state.pump) return pixels;
    for (let y = 0; y < 64; ++y) {
      const line = this.state.rows ? y : 63 - y;
      for (let x = 0; x < 128; ++x) {
        const column = this.state.columns ? x : 127 - x;
        pixels[y * 128 + x] = (this.memory[(line >> 3) * 128 + column] >> (line & 7)) & 1;
      }
    }
    return pixels;
  }
}

// ---- the tape: what the module did ----

const panel = new Panel();
let module, arena;
let draws = []; // of the call that runs, or ran last: {face, latent, pause, moments: [{bytes, pixels}]}
let open = null, announced = null, isStepOpen = false, pixels = panel.picture();

function pixelsNow() {
  if (panel.changed) pixels = panel.picture();
  panel.changed = false;
  return pixels;
}

// What a step has done is known when the next thing happens.
function closeStep() {
  if (!isStepOpen) return;
  isStepOpen = false;
  open.moments.push({ bytes: arena.slice(), pixels: pixelsNow() });
  if (open.moments.length === stepCount) open = null;
}

const imports = {
  tick() {
    closeStep();
    if (draws.length > 0) ++draws[draws.length - 1].pause;
  },
  step() {
    closeStep();
    if (open === null) {
      open = { face: 0, latent: 0, ...announced, pause: 0, moments: [] };
      announced = null;
      draws.push(open);
    }
    isStepOpen = true;
  },
  bus_start() { panel.start(); },
  bus_byte(byte) { panel.write(byte); },
  bus_stop() { panel.stop(); },
  face_starts(face, latent) { closeStep(); announced = { face, latent }; },
  face_ends() { closeStep(); },
};

function recorded(run) {
  draws = [];
  open = announced = null;
  run();
  closeStep();
  return draws;
}

// ---- pictures ----

function drawPanel(lit) {
  const context = element("panel").getContext("2d", { willReadFrequently: true });
  context.fillStyle = "#06080c";
  context.fillRect(0, 0, 768, 384);
  for (const on of [0, 1]) {
    context.fillStyle = on ? "#def0ff" : "#0d1016";
    for (let i = 0; i < lit.length; ++i)
      if (lit[i] === on) context.fillRect((i % 128) * 6, Math.floor(i / 128) * 6, 5, 5);
  }
}

// Lives as the plan gives them: [kind, owner, row, offset, bytes, born, dies].
const kinds = ["row", "sums", "workspace", "saved"];
const lives = plan.lives.map(([kind, owner, row, offset, bytes, born, dies]) =>
  ({ kind: kinds[kind], owner, row, offset, bytes, born, dies }));
const keyOf = (life) => (life.kind === "row" || life.kind === "saved" ? "value" : life.kind) + " " + life.owner;
const keys = [...new Set(lives.map(keyOf))];
for (const life of lives) life.colour = keys.indexOf(keyOf(life));
const hues = [205, 28, 150, 335, 265, 55, 180, 0, 100, 235];

function nameOf(key) {
  const [kind, index] = key.split(" ");
  if (kind === "value") return plan.values[index].name;
  return plan.nodes[index] + (kind === "sums" ? ": sums" : ": working space");
}

function colour(index, alpha) {
  const lightness = dark.matches ? 62 : 46;
  return `hsl(${hues[index % hues.length]} 68% ${lightness}% / ${alpha})`;
}

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A canvas's context in CSS pixels, cleared, as high as asked.
function contextOf(canvas, height) {
  const width = canvas.clientWidth, scale = window.devicePixelRatio || 1;
  if (height) canvas.style.height = height + "px";
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round((height || canvas.clientHeight) * scale);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return { context, width, height: height || canvas.clientHeight };
}

// As many bytes a line as keep the arena of a height that fits beside the die.
function bytesALine(width) {
  for (const columns of [32, 48, 64, 96])
    if (Math.ceil(plan.arena_bytes / columns) * (width / columns) <= Math.max(230, width * 0.55)) return columns;
  return 128;
}

// By byte: the life that was last put there.
function ownersAt(at) {
  const owners = new Array(plan.arena_bytes).fill(null);
  for (const life of lives)
    if (life.born <= at) owners.fill(life, life.offset, life.offset + life.bytes);
  return owners;
}

function drawBytes(draw, at) {
  const canvas = element("bytes");
  const columns = bytesALine(canvas.clientWidth), lines = Math.ceil(plan.arena_bytes / columns);
  const { context, width } = contextOf(canvas, Math.ceil((canvas.clientWidth / columns) * lines));
  const cell = width / columns, gap = cell > 6 ? 1 : 0.5;
  const bytes = draw.moments[at].bytes;
  const owner = ownersAt(at);
  const place = (byte) => [(byte % columns) * cell, Math.floor(byte / columns) * cell];
  const empty = style("--cell"), edge = style("--edge");
  for (let byte = 0; byte < plan.arena_bytes; ++byte) {
    const life = owner[byte], [x, y] = place(byte);
    context.fillStyle = empty;
    context.fillRect(x, y, cell - gap, cell - gap);
    if (life === null) continue;
    const strength = 0.5 + (0.5 * Math.abs(bytes[byte])) / 128;
    context.fillStyle = colour(life.colour, life.dies >= at ? strength : 0.13);
    context.fillRect(x, y, cell - gap, cell - gap);
  }
  // What this step has made is framed; a row says which it is where there is room.
  context.font = `600 ${Math.min(11, Math.max(8, cell))}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  for (const life of lives) {
    if (life.born > at || life.dies < at || owner[life.offset] !== life) continue;
    const [x, y] = place(life.offset);
    if (life.born === at && at > 0) {
      context.fillStyle = edge;
      for (let byte = life.offset; byte < life.offset + life.bytes; ++byte) {
        const [cx, cy] = place(byte);
        context.fillRect(cx, cy + cell - gap - 2, cell, 2);
      }
    }
    if (life.kind !== "row" || life.bytes * cell < 22 || plan.values[life.owner].rows === 1) continue;
    const text = String(life.row), box = context.measureText(text).width + 5;
    context.fillStyle = style("--card");
    context.fillRect(x, y, box, Math.max(cell - gap, 10));
    context.fillStyle = style("--ink");
    context.fillText(text, x + 2.5, y + Math.max(cell - gap, 10) / 2 + 0.5);
  }
}

function drawMap(at) {
  const { context, width, height } = contextOf(element("map"));
  const wide = width / stepCount, high = height / plan.arena_bytes;
  for (const life of lives) {
    const x = life.born * wide, y = life.offset * high;
    const w = Math.max((life.dies - life.born + 1) * wide - 0.5, 1), h = Math.max(life.bytes * high - 0.5, 0.7);
    context.fillStyle = colour(life.colour, life.born <= at && at <= life.dies ? 1 : 0.4);
    context.fillRect(x, y, w, h);
  }
  context.fillStyle = style("--edge");
  context.fillRect(Math.min((at + 0.5) * wide, width - 1) - 0.75, 0, 1.5, height);
}

// Sorted row numbers as people write them: 3–5, 8.
function ranges(rows) {
  const parts = [];
  for (const row of rows) {
    const last = parts[parts.length - 1];
    if (last && last[1] === row - 1) last[1] = row;
    else parts.push([row, row]);
  }
  return parts.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(", ");
}

function listTensors(at) {
  let alive = 0;
  keys.forEach((key, index) => {
    const own = lives.filter((life) => life.colour === index && life.born <= at && at <= life.dies);
    const bytes = own.reduce((sum, life) => sum + life.bytes, 0);
    const rows = own.filter((life) => life.kind === "row").map((life) => life.row).sort((a, b) => a - b);
    const item = element("tensors").children[index];
    const value = key.startsWith("value") ? plan.values[key.split(" ")[1]] : null;
    const of = value && value.rows > 1 ? ` of ${value.rows}` : "";
    alive += bytes;
    item.className = own.length === 0 ? "dead" : "";
    item.children[2].textContent =
      rows.length === 0 || !of ? (own.length ? "there" : "not there") : (rows.length > 1 ? "rows " : "row ") + ranges(rows) + of;
    item.children[3].textContent = grouped(bytes) + " B";
  });
  element("alive").textContent = `${grouped(alive)} of ${grouped(plan.arena_bytes)} bytes are needed`;
}

function sayStep(at) {
  const [group, row] = plan.steps[at], { does, node, value } = plan.groups[group];
  const tensor = plan.values[value], line = element("step");
  line.textContent = `step ${at + 1} of ${stepCount}: `;
  const bold = document.createElement("b");
  const which = tensor.rows > 1 ? `row ${row} of ${tensor.name}` : tensor.name;
  bold.textContent = does === "hands out" ? `${which} goes to the panel` : `${node} ${does} ${which}`;
  line.append(bold);
}

function sayByte(event) {
  const canvas = element("bytes"), columns = bytesALine(canvas.clientWidth), cell = canvas.clientWidth / columns;
  const byte = Math.floor(event.offsetY / cell) * columns + Math.floor(event.offsetX / cell);
  if (!shown.draw || !(byte >= 0 && byte < plan.arena_bytes)) return;
  const life = ownersAt(shown.at)[byte];
  const row = life && life.row >= 0 && plan.values[life.owner].rows > 1 ? `, row ${life.row}` : "";
  const whose = life === null ? "nobody's" : nameOf(keys[life.colour]) + row + (life.dies < shown.at ? ", no longer needed" : "");
  element("byte").textContent = `byte ${byte}: ${whose}, ${String(shown.draw.moments[shown.at].bytes[byte]).replace("-", "−")}`;
}

let shown = { draw: null, at: 0 };

function show(draw, at) {
  shown = { draw, at };
  drawPanel(draw.moments[at].pixels);
  drawBytes(draw, at);
  drawMap(at);
  listTensors(at);
  sayStep(at);
  element("moment").value = at;
}

// ---- playing ----

let playing = 0; // which playback; another number ends the one before

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const nextFrame = () => new Promise(requestAnimationFrame);

// True: to its end.
async function play(draw, milliseconds, id) {
  const start = performance.now();
  for (let at = -1; at < stepCount - 1;) {
    const now = await nextFrame();
    if (playing !== id) return false;
    const next = Math.min(stepCount - 1, Math.max(0, Math.floor(((now - start) / milliseconds) * stepCount)));
    if (next !== at) show(draw, (at = next));
  }
  return true;
}

async function playRoll(roll) {
  const id = ++playing, face = roll[roll.length - 1];
  const result = element("result");
  result.dataset.state = "rolling";
  result.textContent = "rolling …";
  if (!calm.matches) {
    for (const draw of roll) {
      if (!(await play(draw, draw === face ? Number(element("pace").value) : quickFrame, id))) return;
      await pause(draw === face ? 0 : draw.pause);
      if (playing !== id) return;
    }
  }
  show(face, stepCount - 1);
  settle(face);
}

const real = (latent) => plan.latent.scale * (latent - plan.latent.zero_point);
const signed = (number) => (number < 0 ? "−" : "+") + Math.abs(number).toFixed(2);
const tally = [0, 0, 0, 0, 0, 0];

function settle(face) {
  const result = element("result");
  result.textContent = `You rolled a ${face.face}`;
  const detail = document.createElement("small");
  detail.textContent = `latent ${signed(real(face.latent))} · roll ${grouped(tally.reduce((a, b) => a + b))}`;
  result.append(detail);
  setHand(face.face, face.latent);
  const most = Math.max(...tally);
  tally.forEach((count, i) => {
    const bar = element("tally").children[i];
    bar.style.height = `${(100 * count) / Math.max(most, 1)}%`;
    bar.title = `${i + 1}: ${count}`;
  });
  Object.assign(result.dataset, { face: face.face, latent: face.latent, state: "done" });
  result.dataset.rolls = tally.reduce((a, b) => a + b);
}

// ---- hands ----

let pressedAt = 0;

function edge() { module.edge(Math.floor(performance.now() * 1000) & 0xffff); }

function press() {
  pressedAt = performance.now();
  edge();
}

function release() {
  edge();
  const held = pressedAt > 0 ? performance.now() - pressedAt : 40;
  pressedAt = 0;
  const roll = recorded(() => module.roll(Math.round(held)));
  ++tally[roll[roll.length - 1].face - 1];
  playRoll(roll);
}

function setHand(face, latent) {
  element("latent").value = latent;
  element("latent_value").textContent = signed(real(latent));
  [...element("faces").children].forEach((button, i) => {
    button.setAttribute("aria-checked", i + 1 === face);
    button.tabIndex = i + 1 === face ? 0 : -1;
  });
}

const handFace = () => [...element("faces").children].findIndex((b) => b.getAttribute("aria-checked") === "true") + 1;

// The face of the hand's latent. The memory stays at the step that is looked at, and its bytes change.
function drawHand() {
  const face = handFace(), latent = Number(element("latent").value);
  ++playing;
  const [draw] = recorded(() => module.draw(face, latent));
  setHand(face, latent);
  show(draw, shown.draw ? shown.at : stepCount - 1);
  drawPanel(draw.moments[stepCount - 1].pixels);
  const result = element("result");
  result.textContent = `A ${face}, not rolled`;
  Object.assign(result.dataset, { face, latent, state: "drawn" });
}

function buildHand() {
  for (let face = 1; face <= 6; ++face) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = face;
    button.setAttribute("role", "radio");
    button.addEventListener("click", () => { setHand(face, Number(element("latent").value)); drawHand(); });
    button.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: 5, ArrowUp: 5 }[event.key];
      if (!by) return;
      event.preventDefault();
      const next = element("faces").children[(face - 1 + by) % 6];
      next.focus();
      next.click();
    });
    element("faces").append(button);
    element("tally").append(document.createElement("i"));
  }
}

function buildTensors() {
  keys.forEach((key) => {
    const item = document.createElement("li");
    for (const tag of ["i", "b", "span", "span"]) item.append(document.createElement(tag));
    item.children[1].textContent = item.children[1].title = nameOf(key);
    element("tensors").append(item);
  });
  paintTensors();
}

function paintTensors() {
  [...element("tensors").children].forEach((item, i) => { item.firstChild.style.background = colour(i, 1); });
}

function scrub(at) {
  ++playing;
  if (element("result").dataset.state === "rolling") settle(draws[draws.length - 1]);
  show(draws[draws.length - 1], Math.max(0, Math.min(stepCount - 1, at)));
}

function listen() {
  const roll = element("roll"), map = element("map");
  roll.addEventListener("pointerdown", press);
  roll.addEventListener("keydown", (event) => {
    if (!event.repeat && (event.key === " " || event.key === "Enter")) press();
  });
  roll.addEventListener("click", release);
  element("latent").addEventListener("input", drawHand);
  element("moment").addEventListener("input", (event) => scrub(Number(event.target.value)));
  const scrubTo = (event) => scrub(Math.floor((event.offsetX / map.clientWidth) * stepCount));
  map.addEventListener("pointerdown", scrubTo);
  map.addEventListener("pointermove", (event) => { if (event.buttons) scrubTo(event); });
  element("bytes").addEventListener("pointermove", sayByte);
  element("bytes").addEventListener("pointerdown", sayByte);
  element("play").addEventListener("click", () => {
    scrub(0);
    play(shown.draw, Number(element("pace").value), ++playing);
  });
  const again = () => { paintTensors(); if (shown.draw) show(shown.draw, shown.at); };
  window.addEventListener("resize", again);
  dark.addEventListener("change", again);
}

function describe() {
  const { model, arena_bytes, weight_bytes, module_bytes } = plan;
  element("summary").textContent =
    `Its picture is made row by row, in ${grouped(arena_bytes)} bytes of memory, by the C that Thimble writes for an electronic die: ` +
    "firmware and network run here, in your browser, as WebAssembly. Nothing is fetched.";
  element("figures").textContent =
    `Network ${model}: ${grouped(weight_bytes)} bytes of weights, ${stepCount} steps a face. Module: ${grouped(module_bytes)} bytes. ` +
    "In the memory's picture time goes right and addresses go down; each bar is a row, from the step that makes it to the last that reads it.";
  element("moment").max = stepCount - 1;
}

async function start() {
  const bytes = Uint8Array.from(atob(element("module").textContent.trim()), (c) => c.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { page: imports });
  module = instance.exports;
  arena = new Int8Array(module.memory.buffer, module.arena(), plan.arena_bytes);
  describe();
  buildHand();
  buildTensors();
  module.start();
  // A board's clock starts at a moment nobody knows.
  module.edge(crypto.getRandomValues(new Uint16Array(1))[0]);
  const slider = element("latent");
  slider.min = module.latent_first();
  slider.max = module.latent_last();
  slider.disabled = element("roll").disabled = false;
  setHand(5, plan.latent.zero_point);
  listen();
  const [first] = recorded(() => module.draw(5, plan.latent.zero_point));
  Object.assign(element("result").dataset, { state: "ready" });
  element("result").textContent = "Press to roll";
  if (calm.matches) show(first, stepCount - 1);
  else play(first, Number(element("pace").value), ++playing);
}

start().catch((error) => {
  element("summary").textContent = "The page cannot run here: " + error.message;
  element("result").dataset.state = "failed";
});
