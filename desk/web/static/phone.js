// The pages of guards work without this file; with it what a guard notes is kept on the phone first and sent then, the
// number of what is not sent is shown, and pages that were opened before open without network.
"use strict";
(async () => {
  const one = (selector, root = document) => root.querySelector(selector);
  const person = document.body.dataset.person, words = one("#words").dataset;
  const queue = window.luutruQueue, codes = window.luutruCodes;
  const PAGES = "luutru-pages", EVERY = 15000, MOST_SIDE = 1600, WHO = "luutru-person";
  const badge = one("#unsent"), offline = one("#offline");

  // Pages kept for another person are not shown to this one.
  const forget = async () => { if ("caches" in window) await caches.delete(PAGES); };
  if (localStorage.getItem(WHO) !== person) { await forget(); localStorage.setItem(WHO, person); }
  for (const form of document.querySelectorAll("[data-leaving]")) {
    form.addEventListener("submit", () => { forget(); localStorage.removeItem(WHO); });
  }
  if ("serviceWorker" in navigator && window.isSecureContext) {
    try { await navigator.serviceWorker.register("/guard/sw.js", { scope: "/guard" }); } catch (broken) { console.warn(broken); }
  }

  const show = async () => {
    const all = await queue.waiting(), count = all.notes.length + all.scans.length;
    badge.hidden = count === 0;
    badge.textContent = words.unsent.replace("§", count);
    list(all);
    return count;
  };
  const list = (all) => {
    const rows = one("[data-unsent]:not(template)");
    if (!rows) return;
    const each = [...all.notes, ...all.scans];
    one("[data-all-sent]").hidden = each.length > 0;
    one("[data-send]").hidden = each.length === 0;
    rows.replaceChildren(...each.map((kept) => {
      const row = document.createElement("li"), when = new Date(kept.at).toLocaleString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit" });
      row.textContent = `${when} · ${kept.label}`;
      if (kept.person !== person) row.textContent += ` – ${words.others.replace("¶", kept.person).replace("§", "1")}`;
      if (kept.refused) {
        const why = document.createElement("p"), link = document.createElement("a"), away = document.createElement("button");
        why.className = "tag wrong lines-kept";
        why.textContent = kept.refused;
        link.href = `/guard/incidents/new?about=${encodeURIComponent(kept.codes[0] || kept.round)}`;
        link.textContent = "!";
        away.textContent = "×";
        away.className = "plain";
        away.addEventListener("click", async () => { await queue.drop(kept.id); show(); });
        row.append(why, link, away);
      }
      return row;
    }));
  };

  const tell = (box, told) => {
    if (!box) return;
    box.replaceChildren(...told.map((each) => {
      const line = document.createElement("p");
      line.className = each.tone;
      line.textContent = each.text;
      return line;
    }));
    box.scrollIntoView({ block: "nearest" });
  };
  const deliver = async () => {
    try {
      const told = await queue.send(person);
      offline.hidden = true;
      return told;
    } catch (broken) {
      const signedOut = broken.status === 401 || broken.status === 403;
      offline.hidden = signedOut || broken.status !== undefined;
      return { trouble: signedOut ? words.sign : broken.said ? [broken.said.what, broken.said.next].join(" ") : words.kept };
    } finally { await show(); }
  };

  // Photos are made smaller on the phone: what was seen must be readable, not printable.
  const shrink = async (file) => {
    const picture = await createImageBitmap(file), scale = Math.min(1, MOST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.8);
  };
  const FACTS = {
    seal: (told, scanned) => ({
      facts: { kind: "package-checked", package: scanned[0]?.text || "", finding: told.get("finding"), read: [...new Set(told.get("numbers").toUpperCase().split(/[\s,;]+/).filter(Boolean))], attachments: [] },
      texts: [], label: `${scanned[0]?.text} ${told.get("finding")}`,
    }),
    incident: (told, scanned) => ({
      facts: { kind: "incident-opened", incident: `SV-${codes.newCode()}`, about: scanned[0]?.text || "", severity: told.get("severity"), attachments: [] },
      texts: [told.get("text")], label: told.get("text").slice(0, 60),
    }),
  };
  const counts = (form, told, scanned) => {
    const places = new Map();
    let place = told.get("place").trim();
    for (const each of scanned) {
      if (each.place) { place = each.text; continue; }
      if (!place) return null;
      places.set(place, [...(places.get(place) || []), [each.text, each.finding]]);
    }
    return [...places].map(([at, counted]) => ({
      facts: { kind: "stocktake-counted", stocktake: form.dataset.stocktake, place: at, counted }, texts: [], label: `${at}: ${counted.length}`,
    }));
  };
  const keep = async (form) => {
    const told = new FormData(form), scanner = one("[data-scan]", form).luutruScan, scanned = scanner.entries();
    const photos = await Promise.all(told.getAll("photo").filter((each) => each.size).map(shrink));
    if (form.dataset.scans) {
      const finding = told.get("finding") || "intact";
      // A place goes as it was read, since it tells where what follows it stands.
      const read = scanned.map((each) => each.text);
      return [await queue.scan(person, form.dataset.scans, read, finding, photos, `${form.dataset.scans}: ${read.length}`)];
    }
    const made = form.dataset.note === "count" ? counts(form, told, scanned) : [FACTS[form.dataset.note](told, scanned)];
    const kept = [];
    for (const each of made) kept.push(await queue.note(person, each.facts, each.texts, photos, each.label));
    return kept;
  };
  const outcomes = (kept, sent) => kept.flatMap((each) => (each.scan === undefined ? sent.notes.get(each.note) : sent.scans.get(each.scan))?.told || []);
  const strike = (told) => {
    for (const each of told) {
      const row = each.point && one(`[data-point="${CSS.escape(each.point)}"]:not(.found)`);
      if (!row) continue;
      row.classList.add("found");
      const left = one("[data-left]");
      left.textContent = Number(left.textContent) - 1;
    }
  };
  // A slip that the station can answer at once is answered before anything is kept: the form goes as it is, and only
  // where nobody answers is it kept as a note. Returns whether it is settled.
  const asked = async (form, box) => {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { accept: "text/html" }, signal: AbortSignal.timeout(20000) });
      if (answer.redirected) { location.assign(answer.url); return true; }
      const why = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[role=alert]");
      tell(box, [{ tone: "wrong", text: (why?.textContent || String(answer.status)).trim() }]);
      return true;
    } catch { return false; }
  };
  for (const form of document.querySelectorAll("form[data-note], form[data-scans]")) {
    form.addEventListener("submit", async (event) => {
      const scanner = one("[data-scan]", form).luutruScan, box = one("[data-told]", form);
      if (!scanner || !scanner.entries().length) {
        // A photo that could not be read here goes with the form.
        if (one("[name=label]", form).files.length) return;
        event.preventDefault();
        tell(box, [{ tone: "wrong", text: words.none }]);
        return;
      }
      if (form.dataset.note === "count" && !counts(form, new FormData(form), scanner.entries())) return;
      event.preventDefault();
      const button = one("button.huge:not([data-scan-start])", form);
      button.disabled = true;
      if ("asks" in form.dataset && (await asked(form, box))) { button.disabled = false; return; }
      let kept;
      try { kept = await keep(form); } catch (broken) {
        // Where nothing can be kept on this phone, the form goes the plain way.
        console.warn(broken);
        form.submit();
        return;
      }
      form.reset();
      scanner.clear();
      await show();
      const sent = await deliver();
      const told = sent.trouble ? [{ tone: "care", text: sent.trouble }] : outcomes(kept, sent);
      strike(told);
      tell(box, told);
      button.disabled = false;
    });
  }

  const pages = one("[data-pages]");
  if (pages && "caches" in window) {
    for (const each of await (await caches.open(PAGES)).keys()) {
      const path = new URL(each.url).pathname;
      if (!/^\/guard\/(rounds|stocktakes)\/./.test(path)) continue;
      const row = document.createElement("li"), link = document.createElement("a");
      link.href = path;
      link.textContent = decodeURIComponent(path.split("/").pop());
      row.append(link);
      pages.append(row);
    }
  }
  one("[data-send]")?.addEventListener("click", async () => {
    const sent = await deliver();
    tell(one("[data-told]"), sent.trouble ? [{ tone: "care", text: sent.trouble }] : [...sent.notes.values(), ...sent.scans.values()].flatMap((each) => each.told));
  });
  const tend = async () => { if (!document.hidden && (await show())) await deliver(); };
  window.addEventListener("online", tend);
  document.addEventListener("visibilitychange", tend);
  setInterval(tend, EVERY);
  try { await queue.deviceOf(person); } catch { /* without network the code is asked for later */ }
  await tend();
  document.documentElement.dataset.ready = "";
})();
