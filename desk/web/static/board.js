// Alarms that are heard: silent until somebody presses the button, then a tone for every new alarm, and again each
// half minute while an urgent one waits for a person.
"use strict";
(() => {
  const wall = () => document.querySelector("[data-newest]");
  const newest = () => Number(wall()?.dataset.newest || 0);
  let audio = null, last = newest();
  const tone = (from, pitch) => {
    const voice = audio.createOscillator(), volume = audio.createGain();
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.4, from + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.32);
    voice.connect(volume).connect(audio.destination);
    voice.start(from);
    voice.stop(from + 0.35);
  };
  const ring = (isUrgent) => {
    if (!audio) return;
    (isUrgent ? [880, 660, 880, 660] : [660]).forEach((pitch, nth) => tone(audio.currentTime + nth * 0.38, pitch));
    document.documentElement.dataset.rang = String(Number(document.documentElement.dataset.rang || 0) + 1);
  };
  const show = () => {
    for (const button of document.querySelectorAll("[data-sound]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(audio !== null));
    }
  };
  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-sound]")) return;
    if (audio) { const old = audio; audio = null; show(); await old.close(); return; }
    audio = new AudioContext();
    await audio.resume();
    show();
    tone(audio.currentTime, 660);
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    show();
    if (newest() > last) ring(Boolean(wall().dataset.urgent));
    last = Math.max(last, newest());
  });
  setInterval(() => { if (wall()?.dataset.urgent) ring(true); }, 30000);
  show();
})();
