// Shows the pages of guards without network: each page as it was seen last, else the page that says what can be done.
// It keeps no answers to forms and sends nothing: that is the page's own work (phone-queue.js).
"use strict";
const PAGES = "luutru-pages", FILES = "luutru-files", OFFLINE = "/guard/offline", PATIENCE = 6000;
const AHEAD = [OFFLINE, "/guard", "/guard/seal", "/guard/incidents/new"];

const keep = async (request, answer) => {
  if (answer.ok && answer.type === "basic" && !answer.redirected) {
    const pages = await caches.open(PAGES), address = new URL(request.url ?? request, location.origin);
    await pages.put(address.pathname, answer.clone());
  }
  return answer;
};
const files = async (markup) => {
  const kept = await caches.open(FILES);
  const wanted = [...new Set(markup.match(/\/static\/[^"'\s]+/g) || [])];
  await Promise.all(wanted.map(async (each) => (await kept.match(each)) || kept.add(each)));
};
const prepare = async () => {
  for (const path of AHEAD) {
    const answer = await fetch(path, { redirect: "manual", headers: { accept: "text/html" } });
    if (!answer.ok) continue;
    await keep(path, answer.clone());
    await files(await answer.text());
  }
};
self.addEventListener("install", (event) => event.waitUntil(prepare().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const page = async (event) => {
  const request = event.request;
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    // Sent to the sign-in page: what was kept for whoever was signed in is not shown any more.
    if (answer.type === "opaqueredirect") return answer;
    if (answer.status === 401 || answer.status === 403) await caches.delete(PAGES);
    else {
      await keep(request, answer);
      const copy = answer.clone();
      event.waitUntil((async () => {
        await files(await copy.text());
        if (!(await (await caches.open(PAGES)).match(OFFLINE))) await prepare();
      })().catch(() => {}));
    }
    return answer;
  } catch {
    const pages = await caches.open(PAGES), path = new URL(request.url).pathname;
    return (await pages.match(path)) || (await pages.match(OFFLINE)) || Response.error();
  }
};
const file = async (request) => {
  const known = await (await caches.open(FILES)).match(request.url);
  return known || fetch(request);
};
self.addEventListener("fetch", (event) => {
  const { request } = event, { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});
