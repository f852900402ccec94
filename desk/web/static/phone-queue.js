// What a guard noted, kept on the phone until the station has taken it: one count for each person who uses this phone.
// A note gets its number in the same transaction in which it is kept, and leaves only when the station named its entry.
"use strict";
(() => {
  const NAME = "luutru", STORES = ["devices", "notes", "scans"], AT_ONCE = 20, PATIENCE = 20000;
  const FIRM = { durability: "strict" };
  let opened = null;
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const open = () => opened || (opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("devices", { keyPath: "person" });
      asked.result.createObjectStore("notes", { keyPath: ["device", "number"] });
      asked.result.createObjectStore("scans", { keyPath: "id", autoIncrement: true });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => { opened = null; reject(asked.error); };
  }));
  const work = async (mode, act) => {
    const base = await open();
    return new Promise((resolve, reject) => {
      const deal = base.transaction(STORES, mode, FIRM);
      let made;
      deal.oncomplete = () => resolve(made);
      deal.onabort = deal.onerror = () => reject(deal.error);
      Promise.resolve(act((name) => deal.objectStore(name))).then((value) => { made = value; }, (error) => { deal.abort(); reject(error); });
    });
  };
  const ask = async (address, told) => {
    const answer = await fetch(address, {
      method: "POST", body: JSON.stringify(told), signal: AbortSignal.timeout(PATIENCE), redirect: "error",
      headers: { accept: "application/json", "content-type": "application/json" },
    });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(said.code || String(answer.status)), { status: answer.status, said });
    return said;
  };

  // The code of this phone for a person; the station gives it, and it is asked for once.
  const deviceOf = async (person) => {
    const known = await work("readonly", (store) => done(store("devices").get(person)));
    if (known) return known;
    const given = await ask("/phone/device", {});
    return work("readwrite", async (store) => {
      const already = await done(store("devices").get(person));
      if (already) return already;
      const made = { person, device: given.device, next: given.due };
      await done(store("devices").put(made));
      return made;
    });
  };
  const note = async (person, facts, texts, photos, label) => {
    await deviceOf(person);
    return work("readwrite", async (store) => {
      const mine = await done(store("devices").get(person));
      const kept = { device: mine.device, number: mine.next, person, at: new Date().toISOString(), facts, texts, photos, label };
      await done(store("notes").add(kept));
      await done(store("devices").put({ ...mine, next: mine.next + 1 }));
      return { note: kept.number, device: kept.device };
    });
  };
  const scan = async (person, round, codes, finding, photos, label) => {
    await deviceOf(person);
    const id = await work("readwrite", (store) => done(store("scans").add({ person, round, codes, finding, photos, at: new Date().toISOString(), label, refused: "" })));
    return { scan: id };
  };
  const waiting = () => work("readonly", async (store) => ({
    notes: await done(store("notes").getAll()), scans: await done(store("scans").getAll()),
  }));
  const drop = (id) => work("readwrite", (store) => done(store("scans").delete(id)));

  // The station has lost what it had taken (a database put back): these notes begin a count of their own.
  const renumber = async (person, notes) => {
    const given = await ask("/phone/device", {});
    await work("readwrite", async (store) => {
      for (const [at, each] of notes.entries()) {
        await done(store("notes").delete([each.device, each.number]));
        await done(store("notes").add({ ...each, device: given.device, number: at }));
      }
      await done(store("devices").put({ person, device: given.device, next: notes.length }));
    });
  };
  const settle = (answer, mine) => work("readwrite", async (store) => {
    for (const each of answer.notes) {
      if (each.outcome !== "owed") await done(store("notes").delete([mine.device, each.number]));
    }
    for (const each of answer.scans) {
      const kept = await done(store("scans").get(each.id));
      if (!kept) continue;
      if (each.refused) await done(store("scans").put({ ...kept, refused: each.told.map((one) => one.text).join(" ") }));
      else await done(store("scans").delete(each.id));
    }
  });

  let running = null;
  const sendAll = async (person) => {
    const told = { notes: new Map(), scans: new Map() };
    for (;;) {
      const all = await waiting();
      const mine = await work("readonly", (store) => done(store("devices").get(person)));
      if (!mine) return told;
      const notes = all.notes.filter((each) => each.person === person && each.device === mine.device).sort((a, b) => a.number - b.number).slice(0, AT_ONCE);
      const scans = all.scans.filter((each) => each.person === person && !each.refused).slice(0, AT_ONCE);
      if (!notes.length && !scans.length) return told;
      const answer = await ask("/phone/notes", {
        person, device: mine.device,
        notes: notes.map(({ number, at, facts, texts, photos }) => ({ number, at, facts, texts, photos })),
        scans: scans.map(({ id, round, codes, finding, photos, at }) => ({ id, round, codes, finding, photos, at })),
      });
      await settle(answer, mine);
      answer.notes.forEach((each) => told.notes.set(each.number, each));
      answer.scans.forEach((each) => told.scans.set(each.id, each));
      if (notes.length && answer.notes.every((each) => each.outcome === "owed")) {
        const owed = all.notes.filter((each) => each.person === person && each.device === mine.device).sort((a, b) => a.number - b.number);
        if (answer.due >= owed[0].number) return told;
        await renumber(person, owed);
      }
    }
  };
  // One sending at a time in this window; another window sends the same notes, and the station knows them.
  const send = (person) => running || (running = sendAll(person).finally(() => { running = null; }));

  window.luutruQueue = { deviceOf, note, scan, waiting, send, drop };
})();
