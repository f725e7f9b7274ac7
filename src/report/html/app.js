// The page of a report: shows the changes, takes decisions, saves them. Text from files is put in as text, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const LEVELS = ["possible", "likely", "certain"];
  const ROW = 28;

  // Bytes are text, or {hex} where they are no UTF-8.
  const shown = (bytes) => typeof bytes === "string" ? bytes : bytes.hex.replace(/../g, (b) => `<${b.toUpperCase()}>`);
  const steps = (chain) => {
    const out = [];
    for (const [encoded, readAs] of chain) {
      const step = `${encoded} read as ${readAs}`;
      const last = out[out.length - 1];
      if (last && last.step === step) last.times += 1; else out.push({ step, times: 1 });
    }
    return out.map(({ step, times }) => times > 1 ? `${step}, ${times} times` : step).join("; ") || "your own text";
  };
  const chains = data.chains.map(steps);
  const items = [];
  data.files.forEach((file, f) => {
    const path = shown(file.path);
    const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
    for (const [start, end, line, column, before, after, left, right, chain, level, lossy, others, text] of file.edits) {
      items.push({ n: items.length, f, path, folder, start, end, line, column, before, after, left, right, chain, level, lossy, others,
        // What a person reads: the bytes are another thing where they are not simply UTF-8.
        was: text ? text[0] : shown(before), becomes: text ? text[1] : shown(after) });
    }
  });

  // Decisions: number of the item to { verdict, other }, where other is the number of another reading.
  const decisions = new Map();
  const log = [];
  const store = "unbake:" + data.id;
  try {
    for (const [n, decision] of JSON.parse(localStorage.getItem(store) || "[]")) if (items[n]) decisions.set(n, decision);
  } catch { /* Nothing was kept. */ }
  let saveLater = 0;
  const keep = () => {
    clearTimeout(saveLater);
    saveLater = setTimeout(() => {
      try { localStorage.setItem(store, JSON.stringify([...decisions])); } catch { /* There is no room: they are in the page still. */ }
    }, 200);
  };
  const verdict = (item) => decisions.get(item.n)?.verdict || "open";
  const decide = (numbers, decision) => {
    if (!numbers.length) return;
    log.push(numbers.map((n) => [n, decisions.get(n)]));
    for (const n of numbers) if (decision) decisions.set(n, decision); else decisions.delete(n);
    keep();
    refresh();
  };
  const undo = () => {
    for (const [n, was] of log.pop() || []) if (was) decisions.set(n, was); else decisions.delete(n);
    keep();
    refresh();
  };

  // Text with what does not show made visible.
  const HIDDEN = /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]/u;
  const put = (into, text) => {
    let run = "";
    for (const c of text) {
      if (!HIDDEN.test(c)) { run += c; continue; }
      if (run) into.append(run);
      run = "";
      into.append(make("span", "ctl", "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")));
    }
    if (run) into.append(run);
    return into;
  };
  const make = (name, kind, text) => {
    const element = document.createElement(name);
    if (kind) element.className = kind;
    if (text !== undefined) element.append(text);
    return element;
  };
  const plural = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
  const result = (item) => {
    const other = decisions.get(item.n)?.other;
    return other === undefined ? item.becomes : item.others[other][0];
  };
  // A line around a change: `which` is del, ins or both.
  const context = (item, which) => {
    const text = make("div", "text");
    text.dir = "auto";
    put(text, item.left);
    if (which !== "ins") text.append(put(make("del"), item.was));
    if (which !== "del") text.append(put(make("ins"), result(item)));
    return put(text, item.right);
  };

  // What is shown: filtered and sorted.
  let view = [];
  let at = 0;
  let sort = { by: "place", down: false };
  const filter = { search: "", chain: "", confidence: "", folder: "", decision: "" };
  const hay = (item) => (item.hay ??= `${item.path}\n${item.left}${item.was}${item.right}\n${item.left}${item.becomes}${item.right}\n${chains[item.chain]}`.toLowerCase());
  const RANK = { accept: 0, refuse: 1, open: 2 };
  const compare = {
    place: (a, b) => a.n - b.n,
    text: (a, b) => { const x = a.was, y = b.was; return x < y ? -1 : x > y ? 1 : 0; },
    chain: (a, b) => a.chain - b.chain,
    confidence: (a, b) => a.level - b.level,
    decision: (a, b) => RANK[verdict(a)] - RANK[verdict(b)],
  };
  const select = () => {
    const current = view[at];
    const search = filter.search.toLowerCase();
    view = items.filter((item) => (!filter.chain || String(item.chain) === filter.chain)
      && (!filter.confidence || String(item.level) === filter.confidence)
      && (!filter.folder || item.folder === filter.folder)
      && (!filter.decision || verdict(item) === filter.decision)
      && (!search || hay(item).includes(search)));
    const by = compare[sort.by];
    view.sort((a, b) => (sort.down ? -by(a, b) : by(a, b)) || a.n - b.n);
    at = Math.max(0, current ? view.indexOf(current) : 0);
    for (const button of $("head").children) {
      if (button.dataset.sort === sort.by) button.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else button.removeAttribute("aria-sort");
    }
    $("tall").style.height = `${view.length * ROW}px`;
    refresh();
    reveal();
  };

  // The list: only the rows that can be seen are there.
  const SIGN = { accept: "✓", refuse: "✗", open: "" };
  const NAME = { accept: "accepted", refuse: "refused", open: "open" };
  const rows = () => {
    const list = $("list");
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
    const last = Math.min(view.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 5);
    const out = [];
    for (let i = first; i < last; i++) {
      const item = view[i];
      const row = make("div", `row ${verdict(item)}`);
      row.id = `row-${i}`;
      row.role = "option";
      row.ariaSelected = String(i === at);
      row.style.top = `${i * ROW}px`;
      row.dataset.at = i;
      const sign = make("span", "sign", SIGN[verdict(item)]);
      sign.title = NAME[verdict(item)];
      const place = make("span", "place");
      const bdi = make("bdi");
      bdi.dir = "ltr";
      place.append(put(bdi, `${item.path}:${item.line}:${item.column}`));
      place.title = `${item.path}:${item.line}:${item.column}`;
      const text = make("span", "text");
      text.dir = "auto";
      put(text, [...item.left].slice(-16).join(""));
      text.append(put(make("del"), item.was), " ", put(make("ins"), result(item)));
      put(text, item.right);
      row.append(sign, place, text, make("span", "chain", chains[item.chain]), make("span", "confidence", LEVELS[item.level]));
      out.push(row);
    }
    $("tall").replaceChildren(...out);
    list.setAttribute("aria-activedescendant", view.length ? `row-${at}` : "");
  };
  const reveal = () => {
    const list = $("list");
    const top = at * ROW;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
    rows();
  };
  const go = (to) => {
    if (!view.length) return;
    at = Math.min(view.length - 1, Math.max(0, to));
    reveal();
    detail();
  };

  // The change that is looked at.
  const points = (text) => [...text].slice(0, 24).map((c) => "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")).join(" ") + ([...text].length > 24 ? " …" : "");
  const button = (label, title, pressed, act) => {
    const element = make("button", "", label);
    element.type = "button";
    element.title = title;
    if (pressed !== undefined) element.ariaPressed = String(pressed);
    element.addEventListener("click", () => { act(); $("list").focus(); });
    return element;
  };
  const detail = () => {
    const item = view[at];
    if (!item) {
      $("detail").replaceChildren(make("p", "none", items.length ? "No change is like that." : "Nothing is broken."));
      return;
    }
    const now = decisions.get(item.n);
    const head = put(make("h2"), `${item.path}:${item.line}:${item.column}`);
    const what = make("p", "what", `change ${(at + 1).toLocaleString("en")} of ${view.length.toLocaleString("en")}, ${LEVELS[item.level]}${item.lossy ? ", lossy: some of the original bytes were gone" : ""}`);
    const buttons = make("div", "buttons");
    buttons.append(
      button("Accept", "y", now?.verdict === "accept", () => act("y")),
      button("Refuse", "n", now?.verdict === "refuse", () => act("n")),
      button("Open", "o", !now, () => act("o")),
      button("Accept file", "a", undefined, () => act("a")),
      button("Accept chain", "c", undefined, () => act("c")),
      button("Accept text", "t", undefined, () => act("t")),
      button("Undo", "u", undefined, undo),
    );
    const chain = make("ol");
    for (const [encoded, readAs] of data.chains[item.chain]) chain.append(make("li", "", `${encoded} read as ${readAs}`));
    const parts = [head, what, make("h3", "", "As it stands"), context(item, "del"), make("h3", "", "Repaired"), context(item, "ins"), buttons,
      make("h3", "", "What happened, the last step first"), chain,
      make("h3", "", "Characters"), make("code", "", points(item.was)), make("div", "", "→"), make("code", "", points(result(item)))];
    if (item.others.length) {
      const others = make("div", "buttons");
      item.others.forEach(([after, chain, odds], i) => {
        const other = button("", String(i + 1), now?.other === i, () => act(String(i + 1)));
        put(other, `${i + 1}  ${after}`);
        other.append(make("span", "what", `  ${steps(chain)}, ${odds.toFixed(1)} nats`));
        others.append(other);
      });
      parts.push(make("h3", "", "Other readings"), others);
    }
    $("detail").replaceChildren(...parts);
  };
  const refresh = () => {
    let accepted = 0, refused = 0;
    for (const { verdict } of decisions.values()) if (verdict === "accept") accepted += 1; else refused += 1;
    $("done").textContent = `${accepted.toLocaleString("en")} accepted, ${refused.toLocaleString("en")} refused, ${(items.length - accepted - refused).toLocaleString("en")} open`;
    $("count").textContent = `${view.length.toLocaleString("en")} shown`;
    rows();
    detail();
  };

  // What the keys and buttons do.
  const open = (test) => items.filter((item) => !decisions.has(item.n) && test(item)).map((item) => item.n);
  const many = (item, test, verdict) => {
    const numbers = open((other) => other !== item && test(other)).concat(item.n);
    const verb = verdict === "accept" ? "Accept" : "Refuse";
    if (numbers.length === 1 || confirm(`${verb} ${plural(numbers.length, "change")}?`)) decide(numbers, { verdict });
  };
  const act = (key) => {
    const item = view[at];
    if (key === "u") return undo();
    if (!item) return;
    const verdict = key === key.toLowerCase() && key !== "d" ? "accept" : "refuse";
    const chain = (other) => other.chain === item.chain;
    const text = (other) => other.was === item.was && other.becomes === item.becomes;
    const file = (other) => other.f === item.f && other.n > item.n;
    switch (key) {
      case "y": decide([item.n], { verdict: "accept" }); go(at + 1); break;
      case "n": decide([item.n], { verdict: "refuse" }); go(at + 1); break;
      case "o": decide([item.n]); break;
      case "a": case "d": many(item, file, verdict); break;
      case "c": case "C": many(item, chain, verdict); break;
      case "t": case "T": many(item, text, verdict); break;
      default:
        if (item.others[key - 1]) decide([item.n], { verdict: "accept", other: key - 1 });
    }
  };
  // The decisions, as `unbake fix --decisions` reads them.
  const written = () => {
    const lines = [JSON.stringify({ type: "decisions", version: data.version })];
    let file = -1;
    for (const item of items) {
      const decision = decisions.get(item.n);
      if (!decision) continue;
      if (item.f !== file) {
        file = item.f;
        const { path, len, hash } = data.files[file];
        lines.push(JSON.stringify({ type: "file", path, len, hash }));
      }
      const other = decision.other === undefined ? undefined : item.others[decision.other];
      lines.push(JSON.stringify({
        type: "edit", decision: decision.verdict, start: item.start, end: item.end, before: item.before,
        after: other ? other[0] : item.after, chain: other ? other[1] : data.chains[item.chain],
        confidence: other ? "possible" : LEVELS[item.level], lossy: item.lossy,
      }));
    }
    return lines.join("\n") + "\n";
  };
  const save = () => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([written()], { type: "application/jsonl" }));
    link.download = "decisions.jsonl";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // Charts: bars that filter.
  const SVG = "http://www.w3.org/2000/svg";
  const draw = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const chart = (id, counts, names, pick) => {
    const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 6);
    const most = Math.max(1, ...top.map(([, n]) => n));
    const height = 24 * top.length;
    const svg = draw("svg", { viewBox: `0 0 400 ${Math.max(height, 1)}`, role: "group" });
    top.forEach(([key, n], i) => {
      const group = draw("g", { transform: `translate(0 ${24 * i})`, tabindex: 0, role: "button" });
      const label = names(key);
      group.setAttribute("aria-label", `${label}: ${n}`);
      group.append(
        draw("title", {}, `${label}: ${n.toLocaleString("en")}`),
        draw("rect", { class: "back", width: 400, height: 24, rx: 3 }),
        draw("rect", { class: "bar", y: 17, width: Math.max(2, 400 * n / most), height: 4, rx: 2 }),
        draw("text", { y: 13 }, label.length > 46 ? label.slice(0, 45) + "…" : label),
        draw("text", { x: 400, y: 13, class: "number" }, n.toLocaleString("en")),
      );
      group.addEventListener("click", () => pick(key));
      group.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(key); } });
      svg.append(group);
    });
    $(id).replaceChildren(svg);
    // The rest is in the menu of the same name.
    if (counts.size > top.length) $(id).append(make("p", "more", `and ${(counts.size - top.length).toLocaleString("en")} more`));
  };
  const tally = (key) => {
    const counts = new Map();
    for (const item of items) counts.set(item[key], (counts.get(item[key]) || 0) + 1);
    return counts;
  };
  const options = (id, values) => {
    const all = make("option", "", "all");
    all.value = "";
    $(id).replaceChildren(all, ...values.map(([value, label]) => {
      const option = make("option", "", label);
      option.value = value;
      return option;
    }));
  };
  const pick = (name) => (key) => {
    const select = $(`f-${name}`);
    select.value = select.value === String(key) ? "" : String(key);
    filter[name] = select.value;
    update();
  };
  const update = select;

  const counted = { chain: tally("chain"), level: tally("level"), folder: tally("folder") };
  chart("chart-chain", counted.chain, (key) => chains[key], pick("chain"));
  chart("chart-confidence", counted.level, (key) => LEVELS[key], pick("confidence"));
  chart("chart-folder", counted.folder, (key) => key, pick("folder"));
  options("f-chain", [...counted.chain.keys()].map((key) => [key, chains[key]]).sort((a, b) => a[1] < b[1] ? -1 : 1));
  options("f-confidence", [...counted.level.keys()].sort().reverse().map((key) => [key, LEVELS[key]]));
  options("f-folder", [...counted.folder.keys()].sort().map((key) => [key, key]));
  options("f-decision", [["open", "open"], ["accept", "accepted"], ["refuse", "refused"]]);
  $("totals").textContent = `${plural(items.length, "change")} in ${plural(data.files.length, "file")}, ${data.time} UTC`;

  for (const name of ["chain", "confidence", "folder", "decision"]) {
    $(`f-${name}`).addEventListener("change", (event) => { filter[name] = event.target.value; update(); });
  }
  let typing = 0;
  $("search").addEventListener("input", (event) => {
    clearTimeout(typing);
    typing = setTimeout(() => { filter.search = event.target.value; update(); }, 120);
  });
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("head").addEventListener("click", (event) => {
    const by = event.target.dataset.sort;
    if (!by) return;
    sort = { by, down: sort.by === by && !sort.down };
    update();
  });
  const shownAll = (verdict) => () => {
    const numbers = view.filter((item) => !decisions.has(item.n)).map((item) => item.n);
    if (numbers.length && confirm(`${verdict === "accept" ? "Accept" : "Refuse"} ${plural(numbers.length, "open change")} of those shown?`)) decide(numbers, { verdict });
  };
  $("accept-shown").addEventListener("click", shownAll("accept"));
  $("refuse-shown").addEventListener("click", shownAll("refuse"));
  $("save").addEventListener("click", save);
  $("keys").addEventListener("click", () => $("help").showModal());
  const THEMES = ["auto", "light", "dark"];
  $("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const next = THEMES[(THEMES.indexOf(root.dataset.theme || "auto") + 1) % 3];
    if (next === "auto") delete root.dataset.theme; else root.dataset.theme = next;
    $("theme").textContent = `Theme: ${next}`;
  });
  $("list").addEventListener("scroll", () => requestAnimationFrame(rows));
  $("list").addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) go(Number(row.dataset.at));
  });
  $("overview").addEventListener("toggle", () => rows());
  addEventListener("resize", () => rows());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    if (event.target.matches("input, select")) {
      if (event.key === "Escape" || (event.key === "Enter" && event.target === $("search"))) $("list").focus();
      return;
    }
    const page = Math.max(1, Math.floor($("list").clientHeight / ROW) - 1);
    const moves = { j: at + 1, ArrowDown: at + 1, k: at - 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: view.length - 1 };
    if (event.key in moves) go(moves[event.key]);
    else if (event.key === "/") $("search").focus();
    else if (event.key === "s") save();
    else if (event.key === "?") $("help").showModal();
    else if (/^[yonadcCtTu1-9]$/.test(event.key)) act(event.key);
    else return;
    event.preventDefault();
  });
  select();
  $("list").focus({ preventScroll: true });
})();
