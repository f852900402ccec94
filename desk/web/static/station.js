// The pages work without this file; with it they are live, answer to keys, and show words under the pointer.
"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  // News: an open connection only while the page is in view, since a browser has six for each host.
  const live = () => one("[data-live]");
  const offline = one("#offline");
  let source = null;
  const refresh = () => { if (live()) htmx.trigger(document.body, "station-changed"); };
  const listen = () => {
    if (source || !live() || document.hidden) return;
    source = new EventSource("/events");
    let lost = false;
    source.addEventListener("hello", () => { offline.hidden = true; if (lost) refresh(); lost = false; });
    source.addEventListener("change", refresh);
    source.addEventListener("error", () => { offline.hidden = false; lost = true; });
  };
  const leave = () => { if (source) source.close(); source = null; };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave(); else { listen(); refresh(); }
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", listen);
  setInterval(() => { if (!document.hidden) refresh(); }, 15000);

  // What changed is said once, and only when the sentence is another one.
  const said = one("#said");
  document.body.addEventListener("htmx:afterSettle", () => {
    const saying = one("[data-say]");
    if (saying && said && said.textContent !== saying.dataset.say) said.textContent = saying.dataset.say;
  });
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.body.addEventListener(name, () => { offline.hidden = false; });
  }
  document.body.addEventListener("htmx:afterOnLoad", () => { offline.hidden = true; });

  // Copying a path.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

  // The viewer: zoom, boxes, the word under the pointer.
  const sheet = one("[data-sheet]");
  const figure = sheet && one("figure", sheet);
  let zoom = 1;
  const magnify = (to) => {
    zoom = Math.min(4, Math.max(0.5, to));
    figure.style.width = `${Math.round(zoom * 100)}%`;
    one("#zoom").textContent = `${Math.round(zoom * 100)} %`;
    if (zoom > 1) { const image = one("img", figure); if (image.dataset.large && image.src !== image.dataset.large) { image.removeAttribute("srcset"); image.src = image.dataset.large; } }
  };
  const act = {
    in: () => magnify(zoom * 1.25), out: () => magnify(zoom / 1.25), fit: () => magnify(1),
    boxes: (button) => button.setAttribute("aria-pressed", String(!sheet.classList.toggle("unboxed"))),
  };
  for (const button of document.querySelectorAll("[data-act]")) {
    button.hidden = false;
    button.addEventListener("click", () => act[button.dataset.act](button));
  }
  if (sheet) {
    const tip = one("#tip"), point = one("#point");
    let words = null, asked = false;
    const load = async () => {
      asked = true;
      const answer = await fetch(sheet.dataset.sheet);
      if (answer.ok) words = await answer.json();
    };
    figure.addEventListener("pointermove", (event) => {
      if (!asked) load();
      if (!words) return;
      const area = figure.getBoundingClientRect();
      const x = (event.clientX - area.left) / area.width * words.width;
      const y = (event.clientY - area.top) / area.height * words.height;
      const hit = words.words.find((w) => x >= w[1] && x <= w[1] + w[3] && y >= w[2] && y <= w[2] + w[4]);
      tip.hidden = !hit;
      point.setAttribute("width", hit ? hit[3] : 0);
      if (!hit) return;
      ["x", "y", "width", "height"].forEach((name, at) => point.setAttribute(name, hit[at + 1]));
      tip.textContent = `${hit[0]} · ${hit[5]} %`;
      tip.style.left = `${Math.min(event.clientX + 14, window.innerWidth - 180)}px`;
      tip.style.top = `${event.clientY + 16}px`;
    });
    figure.addEventListener("pointerleave", () => { tip.hidden = true; point.setAttribute("width", 0); });
    const box = one(".found rect", sheet);
    const centre = () => {
      const area = box.getBoundingClientRect(), frame = sheet.getBoundingClientRect();
      if (sheet.scrollHeight > sheet.clientHeight) sheet.scrollTop += area.top - frame.top - sheet.clientHeight / 3;
    };
    if (box) { const image = one("img", figure); if (image.complete) centre(); else image.addEventListener("load", centre, { once: true }); }
    const current = one(".strip [aria-current]");
    if (current) { const list = current.closest("ol"); list.scrollLeft = current.offsetLeft - list.clientWidth / 2; }
  }

  // Where a form says so, Ctrl+Enter in its text sends it, and single keys press its buttons.
  document.addEventListener("keydown", (event) => {
    const sender = event.ctrlKey && event.key === "Enter" && event.target.form && one("[data-send]", event.target.form);
    if (sender) { event.preventDefault(); sender.click(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(event.target)) { if (event.key === "Escape") event.target.blur(); return; }
    const link = { ArrowLeft: "[rel=prev]", ArrowRight: "[rel=next]" }[event.key];
    if (link && one(`a${link}`)) { event.preventDefault(); one(`a${link}`).click(); return; }
    const keyed = /^[a-z]$/.test(event.key) && one(`[data-key="${event.key}"]`);
    if (keyed) { event.preventDefault(); if (keyed.matches("textarea, input")) keyed.focus(); else keyed.click(); return; }
    if (event.key === "/") { event.preventDefault(); const seek = one("[data-seek]"); seek.focus(); seek.select(); return; }
    if (sheet && event.key === "+") act.in();
    if (sheet && event.key === "-") act.out();
    if (sheet && event.key === "0") act.fit();
  });
  listen();
})();
