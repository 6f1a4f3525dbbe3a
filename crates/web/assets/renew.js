// Pages that go on by themselves. Parts that ask for it are fetched again by htmx when something changed (hx-trigger on
// an event of live.js) and exchanged; one in which somebody is at work is left alone, and it says so. What is left of
// terms counts down.
"use strict";
(() => {
  const inUse = part => forms.filled(part) || !!part.querySelector("[data-sending]") || part.contains(document.activeElement);
  const open = part => [...part.querySelectorAll("details[open][id]")].map(d => d.id);
  let opened = [];
  function note(part, text) {
    let line = part.querySelector(":scope > [data-renew-say]");
    if (!line) {
      line = document.createElement("p");
      line.className = "hint renew-say"; line.dataset.renewSay = ""; line.setAttribute("role", "status");
      const head = part.querySelector(":scope > header");
      if (head) head.after(line); else part.prepend(line);
    }
    line.textContent = text;
  }
  // A sign-in page, or another than was asked for, is no part of this one.
  const own = call => call.status === 200 && new URL(call.responseURL).pathname === location.pathname;
  document.body.addEventListener("htmx:beforeSwap", e => {
    if (!own(e.detail.xhr)) { e.detail.shouldSwap = false; return; }
    opened = open(e.detail.target);
  });
  document.body.addEventListener("htmx:oobBeforeSwap", e => {
    const { target } = e.detail;
    if ("renewAlone" in target.dataset && inUse(target)) {
      e.detail.shouldSwap = false;
      note(target, "本件刚有了新的记录。填写的内容还在，提交时会先核对。");
    } else opened.push(...open(target));
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    opened = [];
  });
  // The matter that is looked at went to others.
  document.body.addEventListener("lianzhi:matter", e => {
    const offers = document.querySelector(`[data-matter="${Number(e.detail.id)}"] #offers`);
    if (e.detail.gone && offers) note(offers, "本件刚转到您看不到的单位去了，这里显示的是转走以前的情况。");
  });

  // What is left of terms, by the clock of the server: a machine at work may have another.
  const ahead = Date.now() * 1000 - Number(document.body.dataset.now || Date.now() * 1000);
  const words = us => {
    const minutes = Math.floor(Math.abs(us) / 6e7), d = Math.floor(minutes / 1440), h = Math.floor(minutes / 60) % 24, m = minutes % 60;
    if (d) return d < 7 && h ? `${d} 日 ${h} 小时` : `${d} 日`;
    if (h) return m ? `${h} 小时 ${m} 分` : `${h} 小时`;
    return m ? `${m} 分钟` : "不到 1 分钟";
  };
  function count() {
    if (document.visibilityState !== "visible") return;
    const now = Date.now() * 1000 - ahead;
    for (const term of document.querySelectorAll("[data-until]")) {
      const left = Number(term.dataset.until) - now, said = (left <= 0 ? "超 " : "剩 ") + words(left);
      if (term.textContent !== said) term.textContent = said;
    }
  }
  setInterval(count, 20000);
  document.addEventListener("visibilitychange", count);
})();
