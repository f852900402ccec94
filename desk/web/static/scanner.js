// One scanner for every page: the camera, a photo, a hand scanner that types, or the keyboard. All codes end in the
// text area of the form, one a line, so that the form means the same with and without this file.
"use strict";
(() => {
  const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", LENGTH = 9;
  // The check character of archive/refs.py: a Damm digit over the field of 32 elements.
  const isCode = (text) => {
    if (text.length !== LENGTH) return false;
    let sum = 0;
    for (const letter of text.slice(0, -1)) {
      const value = ALPHABET.indexOf(letter);
      if (value < 0) return false;
      sum = (sum ^ value) << 1;
      if (sum > 31) sum = (sum & 31) ^ 5;
    }
    return ALPHABET[sum] === text[LENGTH - 1];
  };
  const readCode = (text) => {
    const letters = text.replace(/[\s\-–—.]+/g, "").toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
    return isCode(letters) ? letters : "";
  };
  const readRef = (text) => {
    const found = /(?:^|\/)[BDSPLRG]\/([^/?#]+)\/?$/i.exec(text.trim());
    if (found) return readCode(found[1]);
    const code = readCode(text);
    if (code || text.trim().length <= LENGTH) return code;
    // What a hand scanner types under another keyboard is right in its last nine characters.
    return /[/\\]|:/.test(text) ? readCode(text.toUpperCase().replace(/[^0-9A-Z]+/g, "").slice(-LENGTH)) : "";
  };
  const checkOf = (eight) => [...ALPHABET].find((letter) => isCode(eight + letter));
  const newCode = () => {
    const drawn = [...crypto.getRandomValues(new Uint8Array(LENGTH - 1))].map((each) => ALPHABET[each & 31]).join("");
    return drawn + checkOf(drawn);
  };
  const shown = (code) => (isCode(code) ? `${code.slice(0, 3)} ${code.slice(3, 6)} ${code.slice(6)}` : code);
  window.luutruCodes = { isCode, readRef, newCode, shown };

  let sound = null;
  const beep = (pitch, seconds) => {
    try {
      sound = sound || new AudioContext();
      const tone = sound.createOscillator(), loud = sound.createGain();
      tone.frequency.value = pitch;
      loud.gain.value = 0.15;
      tone.connect(loud).connect(sound.destination);
      tone.start();
      tone.stop(sound.currentTime + seconds);
    } catch { /* a phone without sound still shows the mark */ }
  };
  const signal = {
    fresh: () => { navigator.vibrate?.(60); beep(1500, 0.08); },
    again: () => { navigator.vibrate?.([30, 60, 30]); beep(700, 0.1); },
    wrong: () => { navigator.vibrate?.([200, 80, 200]); beep(250, 0.35); },
  };

  const AGAIN_AFTER = 2500, LOOK_EVERY = 120, TOGETHER = 4, SIDE = 800, GAP = 100;
  const FINDINGS = ["intact", "damaged", "broken", "missing"];

  const begin = (root) => {
    const one = (selector) => root.querySelector(selector);
    const area = one("textarea"), list = one(".scanned"), said = one(".scan-said"), words = root.dataset;
    const live = one(".live"), video = one("video"), startButton = one("[data-scan-start]"), light = one("[data-scan-light]");
    const findings = FINDINGS.filter((each) => words[`finding${each[0].toUpperCase()}${each.slice(1)}`]);
    const isBlind = "blind" in words, isSingle = "single" in words;
    let entries = [];

    const say = (text) => { said.textContent = text; };
    const write = () => {
      area.value = entries.map((each) => each.place ? `@${each.text}` : each.finding === "intact" ? each.text : `${each.text} ${each.finding}`).join("\n");
      root.dispatchEvent(new CustomEvent("codes-changed", { bubbles: true }));
    };
    const element = (name, text, kind) => {
      const made = document.createElement(name);
      if (text) made.textContent = text;
      if (kind) made.className = kind;
      return made;
    };
    const draw = () => {
      list.replaceChildren(...entries.map((each) => {
        const row = element("li", "", each.tone), drop = element("button", "×", "drop");
        row.append(element("span", (each.place ? `${words.place}: ` : "") + shown(each.text), "code"));
        if (each.mark) row.append(element("span", each.mark, "mark"));
        drop.type = "button";
        drop.setAttribute("aria-label", `${words.remove} ${each.text}`);
        drop.addEventListener("click", () => { entries = entries.filter((other) => other !== each); write(); draw(); });
        row.append(drop);
        if (findings.length && !each.place) {
          const choose = element("select");
          choose.setAttribute("aria-label", `${words.finding} ${each.text}`);
          choose.append(...findings.map((finding) => {
            const option = element("option", words[`finding${finding[0].toUpperCase()}${finding.slice(1)}`]);
            option.value = finding;
            option.selected = finding === each.finding;
            return option;
          }));
          choose.addEventListener("change", () => { each.finding = choose.value; write(); });
          row.append(choose);
        }
        return row;
      }));
      list.hidden = entries.length === 0;
      one(".scan-count").hidden = entries.length < 2;
      one("[data-scan-count]").textContent = entries.filter((each) => !each.place).length;
    };
    const placeBefore = (entry) => entries.slice(0, entries.indexOf(entry)).reverse().find((each) => each.place)?.text || "";
    const grade = (entry, told) => {
      entry.mark = [told.title, told.state, (told.where || [])[0]].filter(Boolean).join(" · ");
      entry.tone = "well";
      if (told.kind === "place") { entry.place = true; entry.text = told.name || entry.text; entry.mark = ""; return; }
      if (!told.kind) {
        entry.tone = "wrong";
        entry.mark = isCode(entry.text) ? words.unknown : words.wrong;
        if (told.near?.length) entry.mark += ` – ${words.near}: ${told.near.map((each) => shown(each.code)).join(", ")}`;
        signal.wrong();
        return;
      }
      if (told.kind !== "badge") entry.text = told.code || entry.text;
      const here = placeBefore(entry), stands = (told.where || [])[0] || "";
      if (!isBlind && here && told.kind === "box" && stands && stands !== here && !stands.startsWith(`${here}/`)) {
        entry.tone = "wrong";
        entry.mark = words.misplaced.replace("§", stands);
        signal.wrong();
      }
    };
    const compare = async (entry) => {
      try {
        const answer = await fetch(`/guard/resolve?text=${encodeURIComponent(entry.text)}${isBlind ? "&blind=1" : ""}`, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(5000) });
        if (!answer.ok) throw new Error(String(answer.status));
        grade(entry, await answer.json());
      } catch {
        entry.tone = isCode(entry.text) ? "care" : "wrong";
        entry.mark = isCode(entry.text) ? words.unchecked : words.wrong;
      }
      write();
      draw();
    };
    const add = (raw, quietly) => {
      const at = raw.trim();
      if (!at) return null;
      const isPlace = at.startsWith("@"), told = isPlace ? at.slice(1).trim() : at;
      const last = told.split(/\s+/).pop().toLowerCase();
      const finding = !isPlace && findings.includes(last) && told.includes(" ") ? last : "intact";
      const text = finding === "intact" ? told : told.slice(0, -last.length).trim();
      const code = readRef(text) || text.toUpperCase();
      const known = !isPlace && entries.find((each) => each.text === code);
      if (known) {
        known.tone = known.tone === "wrong" ? "wrong" : "care";
        if (!known.mark.includes(words.again)) known.mark = [known.mark, words.again].filter(Boolean).join(" · ");
        say(`${shown(code)}: ${words.again}`);
        if (!quietly) signal.again();
        draw();
        return known;
      }
      const entry = { text: isPlace ? text : code, place: isPlace, finding, tone: "", mark: "" };
      if (isSingle) entries = [];
      entries.push(entry);
      say(shown(entry.text));
      if (!quietly) signal.fresh();
      write();
      draw();
      if (!isPlace) compare(entry);
      return entry;
    };
    root.luutruScan = {
      add,
      clear: () => { entries = []; write(); draw(); say(""); },
      entries: () => entries.map((each) => ({ ...each })),
    };

    // The text area is the form's field; with this file the list above it is what people see.
    const lines = area.value;
    area.closest("label").hidden = true;
    one(".typed").hidden = false;
    lines.split("\n").forEach((line) => add(line, true));

    // Typing, and a hand scanner while the field is chosen.
    const field = one("[data-scan-type]");
    const take = () => { add(field.value, false); field.value = ""; };
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); take(); } });
    one("[data-scan-add]").addEventListener("click", () => { take(); field.focus(); });
    field.form?.addEventListener("submit", () => { if (field.value.trim()) take(); }, { capture: true });

    // A hand scanner types anywhere on the page: faster than a person, then Enter.
    let typed = "", before = 0;
    document.addEventListener("keydown", (event) => {
      if (event.target.closest("input, textarea, select")) return;
      if (event.timeStamp - before > GAP) typed = "";
      before = event.timeStamp;
      if (event.key === "Enter" && typed.length >= LENGTH) { event.preventDefault(); add(typed, false); typed = ""; }
      else if (event.key.length === 1) typed += event.key;
    });

    // A photo is read by the station.
    const photo = one("input[type=file]");
    photo.addEventListener("change", async () => {
      if (!photo.files.length) return;
      const body = new FormData();
      body.append("label", photo.files[0]);
      try {
        const answer = await fetch("/guard/read", { method: "POST", body, headers: { accept: "application/json" } });
        const told = await answer.json();
        if (!answer.ok) { say([told.what, told.next].join(" ")); signal.wrong(); return; }
        if (!told.codes.length) { say(words.empty); signal.wrong(); }
        told.codes.forEach((each) => add(each, false));
        photo.value = "";
      } catch { /* without network the photo stays chosen and goes with the form */ }
    });

    camera({ root, live, video, light, startButton, stopButton: one("[data-scan-stop]"), add, say, words });
  };

  // The browser's own detector where it has one; else a decoder of 40 kB, loaded only when the camera is opened.
  let decoder = null;
  const load = (address) => decoder || (decoder = new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => { decoder = null; reject(new Error(address)); };
    document.head.append(script);
  }));
  const ownDetector = async () => {
    try {
      if (!("BarcodeDetector" in window)) return null;
      return (await BarcodeDetector.getSupportedFormats()).includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
    } catch { return null; }
  };
  const makeReader = async (address) => {
    const own = await ownDetector();
    if (own) return async (video) => (await own.detect(video)).map((each) => each.rawValue);
    await load(address);
    const canvas = document.createElement("canvas"), brush = canvas.getContext("2d", { willReadFrequently: true });
    return async (video) => {
      const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      brush.drawImage(video, 0, 0, canvas.width, canvas.height);
      const found = [];
      // One code is found at a time: it is painted over, and the next is looked for.
      while (found.length < TOGETHER) {
        let rim = null;
        const image = brush.getImageData(0, 0, canvas.width, canvas.height);
        try { found.push(qrDecode.decodeQR(image, { pointsOnDetect: (points) => { rim = points.outline; } })); } catch { break; }
        if (!rim) break;
        brush.fillStyle = "#fff";
        brush.beginPath();
        rim.forEach((corner) => brush.lineTo(corner.x, corner.y));
        brush.fill();
      }
      return found;
    };
  };
  const camera = ({ root, live, video, light, startButton, stopButton, add, say, words }) => {
    if (!navigator.mediaDevices?.getUserMedia) return;
    startButton.hidden = false;
    let stream = null, read = null, timer = 0;
    const seen = new Map();
    const look = async () => {
      if (!stream) return;
      try {
        const now = performance.now(), texts = video.videoWidth ? await read(video) : [];
        for (const text of texts) {
          const code = readRef(text) || text, last = seen.get(code);
          seen.set(code, now);
          if (last !== undefined && now - last < AGAIN_AFTER) continue;
          add(text, false);
          live.classList.remove("hit", "again");
          live.classList.add(last === undefined ? "hit" : "again");
          setTimeout(() => live.classList.remove("hit", "again"), 400);
        }
      } catch (broken) { console.warn(broken); }
      timer = setTimeout(look, LOOK_EVERY);
    };
    const stop = () => {
      clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
      stream = null;
      live.hidden = true;
      startButton.hidden = false;
    };
    startButton.addEventListener("click", async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } });
        read = read || await makeReader(root.dataset.decoder);
        video.srcObject = stream;
        await video.play();
      } catch { say(words.refused); signal.wrong(); stop(); return; }
      const track = stream.getVideoTracks()[0];
      light.hidden = !track.getCapabilities?.().torch;
      live.hidden = false;
      startButton.hidden = true;
      look();
    });
    let isLit = false;
    light.addEventListener("click", () => { isLit = !isLit; stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: isLit }] }); });
    stopButton.addEventListener("click", stop);
    window.addEventListener("pagehide", stop);
    document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
  };

  document.querySelectorAll("[data-scan]").forEach(begin);
})();
