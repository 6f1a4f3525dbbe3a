// Live changes. Tells the page by events on its body, so that any part of it can listen:
//   lianzhi:matter   detail {id, number, stage, unit, assignee}: this matter changed; fetch what you show of it
//                    detail {id, gone}: it is with others now, who looks here may see it no longer
//   lianzhi:matter-5 the same for this one matter alone, for parts that are fetched whole (htmx)
//   lianzhi:refetch  more changed than can be named: fetch everything you show
//   lianzhi:changed  some matter changed; at most every three seconds, and only while somebody looks
// One connection for the whole browser (a shared worker); where there is none, one for the page that is looked at.
"use strict";
(() => {
  const { worker, stream, session, me } = document.currentScript.dataset;
  const state = document.getElementById("live-state"), news = document.getElementById("news");
  const fire = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));
  let lostAt = 0, port = null, source = null;

  function hear({ kind, data }) {
    if (kind === "matter") { fire("lianzhi:matter", data); fire(`lianzhi:matter-${data.id}`, data); changed(); notice(data); }
    else if (kind === "refetch") { fire("lianzhi:refetch"); changed(); }
    else if (kind === "open") { if (lostAt) { fire("lianzhi:refetch"); changed(); } lostAt = 0; if (state) state.hidden = true; }
    else if (kind === "lost") lostAt ||= Date.now();
  }
  let due = false, rests = 0;
  function changed() {
    due = true;
    if (rests || document.visibilityState === "hidden") return;
    due = false;
    fire("lianzhi:changed");
    rests = setTimeout(() => { rests = 0; if (due) changed(); }, 3000);
  }
  document.addEventListener("visibilitychange", () => { if (due) changed(); });
  // A hiccup is not worth a word; half a minute is.
  setInterval(() => { if (state && lostAt && Date.now() - lostAt > 30000) state.hidden = false; }, 5000);

  // New work for me: a word on the page, a sound and a vibration where the machine allows it.
  const noticed = new Set();
  function notice(matter) {
    if (!me || matter.assignee !== me || matter.stage !== "assigned") { noticed.delete(matter.id); return; }
    if (noticed.has(matter.id)) return;
    noticed.add(matter.id);
    if (document.visibilityState === "visible") {
      const link = document.createElement("a"), shut = document.createElement("button");
      link.href = `/matters/${matter.id}`; link.textContent = `新派给您：${matter.number}`;
      shut.type = "button"; shut.className = "linkish"; shut.textContent = "知道了";
      shut.addEventListener("click", () => { news.hidden = true; });
      news.replaceChildren(link, shut);
      news.hidden = false;
    }
    navigator.vibrate?.([200, 100, 200]);
    if (wanted()) chime([880, 1175]);
  }
  // The one who wants it quiet says so on the account page, for this browser.
  function wanted() {
    try { return localStorage.getItem("lianzhi.sound") !== "off"; } catch { return true; }
  }
  for (const button of document.querySelectorAll("[data-news-sound]")) {
    const say = () => { button.setAttribute("aria-pressed", String(wanted())); button.querySelector("span").textContent = wanted() ? "开" : "关"; };
    button.hidden = false;
    say();
    button.addEventListener("click", () => {
      try { localStorage.setItem("lianzhi.sound", wanted() ? "off" : "on"); } catch { /* not kept */ }
      say();
      if (wanted()) chime([880, 1175]);
    });
  }
  // Two tones and a vibration, for whoever asks by lianzhi:chime with its tones.
  document.body.addEventListener("lianzhi:chime", e => { navigator.vibrate?.(150); chime(e.detail.tones); });
  function chime([first, second]) {
    try {
      const audio = new AudioContext(), volume = audio.createGain(), tone = audio.createOscillator();
      if (audio.state !== "running") { audio.close(); return; }
      volume.gain.setValueAtTime(.15, audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(.001, audio.currentTime + .6);
      tone.frequency.setValueAtTime(first, audio.currentTime); tone.frequency.setValueAtTime(second, audio.currentTime + .15);
      tone.connect(volume).connect(audio.destination);
      tone.start(); tone.stop(audio.currentTime + .6);
      tone.onended = () => audio.close();
    } catch { /* a machine without sound */ }
  }

  // A worker may end just as a page comes to it, and says nothing then: one that does not answer is called anew.
  let unanswered = 0;
  function call() {
    unanswered = 0;
    // Another session is another worker: what one person may see is never told to the next.
    port = new SharedWorker(worker, { name: session }).port;
    port.onmessage = e => { unanswered = 0; hear(e.data); };
    port.postMessage({ kind: "hello", stream });
  }
  if (window.SharedWorker) setInterval(() => {
    if (!port) return;
    if (unanswered > 1) { port.close(); call(); fire("lianzhi:refetch"); changed(); return; }
    unanswered += 1;
    port.postMessage({ kind: "ping", stream });
  }, 5000);

  function begin() {
    if (window.SharedWorker) call(); else if (document.visibilityState === "visible" && !source) {
      source = new EventSource(stream);
      source.onopen = () => hear({ kind: "open" });
      source.onerror = () => {
        hear({ kind: "lost" });
        // A refusal is not retried by the browser itself.
        if (source?.readyState === EventSource.CLOSED) { source = null; setTimeout(begin, 15000); }
      };
      source.addEventListener("matter", e => hear({ kind: "matter", data: JSON.parse(e.data) }));
      source.addEventListener("refetch", () => hear({ kind: "refetch" }));
    }
  }
  function end() {
    port?.postMessage({ kind: "bye" }); port = null;
    source?.close(); source = null;
  }
  begin();
  addEventListener("pagehide", end);
  addEventListener("pageshow", e => { if (e.persisted) { begin(); fire("lianzhi:refetch"); } });
  if (!window.SharedWorker) document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") end();
    else { begin(); fire("lianzhi:refetch"); }
  });
})();
