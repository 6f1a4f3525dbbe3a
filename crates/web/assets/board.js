// The board: a card opens a drawer, acts are done there, changes of others arrive by themselves. Without this file a
// card leads to its matter and the page is renewed by loading it again.
"use strict";
(() => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const query = board.dataset.query;
  const columns = board.querySelector("[data-columns]");
  const feed = board.querySelector("[data-feed]");
  const drawer = board.querySelector("[data-drawer-panel]"), body = drawer.querySelector("[data-drawer-body]");
  const say = board.querySelector("[data-say]");
  const live = board.querySelector("[data-live]");
  const FEED_MOST = 60, AT_ONCE = 100, SETTLE = 250;
  const fetchText = (url, more) => fetch(url, { headers: { Accept: "text/html", "X-Fragment": "1" }, ...more });
  const tell = (text, link) => { say.replaceChildren(text, ...(link ? [" ", link] : [])); say.hidden = !text; };
  const signedOut = answer => answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/sign-in");
  const node = html => { const t = document.createElement("template"); t.innerHTML = html.trim(); return t.content.firstElementChild; };
  const card = id => document.getElementById("card-" + id);
  const column = key => [...columns.querySelectorAll("[data-key]")].find(c => c.dataset.key === key);

  // ---------- Changes: what changed within a moment is fetched together ----------
  const waiting = new Set();
  let timer = 0, busy = false, everything = false;
  function changed(id) {
    waiting.add(Number(id));
    if (waiting.size > AT_ONCE * 3) everything = true;
    timer ||= setTimeout(settle, SETTLE);
  }
  // Who signs in again in another window finds the board going on.
  function over() {
    tell("登录已过期，看板停在刚才的样子。", forms.signInLink());
    timer = setTimeout(settle, 15000);
  }
  async function settle() {
    timer = 0;
    if (busy) { timer = setTimeout(settle, SETTLE); return; }
    busy = true;
    try {
      if (everything) {
        waiting.clear();
        everything = false;
        try { await renew(); } catch (error) { everything = true; throw error; }
        return;
      }
      while (waiting.size) {
        const ids = [...waiting].slice(0, AT_ONCE);
        const answer = await fetch(`/board/cards?${query}&ids=${ids.join(",")}`, { headers: { Accept: "application/json" } });
        if (signedOut(answer)) { over(); return; }
        if (!answer.ok) throw new Error(answer.status);
        const now = await answer.json();
        for (const id of ids) waiting.delete(id);
        if (!take(now)) { everything = true; timer = setTimeout(settle); return; }
      }
      tell("");
      live.textContent = "实时";
    } catch {
      tell("看板没有连上，正在重试；看到的可能不是最新情况。");
      timer = setTimeout(settle, 5000);
    } finally { busy = false; }
  }
  // Puts cards where they belong now. Says no when a column is missing: then all is fetched anew.
  function take(now) {
    if (now.cards.some(c => !column(c.column))) return false;
    const held = document.activeElement?.closest?.(".card")?.dataset.id;
    for (const id of now.gone) { const old = card(id); if (old) leave(old); }
    let fresh = 0;
    for (const c of now.cards) {
      const old = card(c.id), here = node(c.html);
      if (old && old.dataset.column === c.column) { if (old.hasAttribute("data-open")) here.setAttribute("data-open", ""); }
      if (!old || old.dataset.column !== c.column) { const isNew = c.fresh && !old; here.setAttribute(isNew ? "data-new" : "data-moved", ""); if (isNew) fresh++; }
      old?.remove();
      place(here, column(c.column));
    }
    for (const c of now.columns) count(c);
    // A column that has none any more, or that is not counted, is empty.
    for (const c of columns.querySelectorAll("[data-key]")) if (!now.columns.some(n => n.key === c.dataset.key)) count({ key: c.dataset.key, n: 0, late: 0 });
    sums(now.open, now.late);
    for (const line of now.feed) {
      feed.querySelector(`li[data-id="${line.id}"]`)?.remove();
      const here = node(line.html);
      here.setAttribute("data-new", "");
      feed.prepend(here);
    }
    board.querySelector("[data-feed-empty]")?.remove();
    while (feed.children.length > FEED_MOST) feed.lastElementChild.remove();
    if (held && !document.activeElement?.closest?.(".card")) card(held)?.querySelector("a").focus({ preventScroll: true });
    if (fresh) chime();
    if (drawer.open) {
      const shown = body.querySelector("[data-seq]");
      if (shown && (now.cards.some(c => c.id === Number(shown.dataset.id)) || now.gone.includes(Number(shown.dataset.id)))) refresh(shown);
    }
    return true;
  }
  const leave = old => old.remove();
  const dueOf = li => li.dataset.due === "" ? Infinity : Number(li.dataset.due);
  function place(li, into) {
    const list = into.querySelector("[data-cards]"), more = list.querySelector(".more");
    const cards = [...list.querySelectorAll(".card")];
    const after = cards.find(c => dueOf(c) > dueOf(li) || (dueOf(c) === dueOf(li) && Number(c.dataset.id) > Number(li.dataset.id)));
    if (after) list.insertBefore(li, after);
    // Behind the last card shown it belongs to those that "more" brings.
    else if (!more) list.append(li);
  }
  // The numbers at the head: nothing late is nothing to warn of.
  function sums(open, late) {
    board.querySelector("[data-open]").textContent = open;
    const n = board.querySelector("[data-late]");
    n.textContent = late;
    for (const part of [n.closest("a"), n.closest(".badge")]) part.dataset.state = Number(late) > 0 ? "late" : "fine";
  }
  function count({ key, n, late }) {
    const c = column(key);
    if (!c) return;
    c.querySelector("[data-n]").textContent = n;
    const lateNode = c.querySelector("[data-late-n]");
    lateNode.hidden = !late;
    lateNode.querySelector("b").textContent = late;
    c.querySelector("[data-none]").hidden = n > 0;
    // More than are shown, and no way to them: the next card comes as others leave.
    if (!c.querySelector(".more") && n > c.querySelectorAll(".card").length) refill(c);
  }
  const refilling = new Set();
  async function refill(c) {
    if (refilling.has(c)) return;
    refilling.add(c);
    try {
      const answer = await fetchText(`/board/column?${query}&key=${encodeURIComponent(c.dataset.key)}`);
      if (answer.ok) c.querySelector("[data-cards]").innerHTML = await answer.text();
    } catch { /* the next change tries again */ } finally { setTimeout(() => refilling.delete(c), 1000); }
  }
  // Everything anew, without losing the place.
  async function renew() {
    const answer = await fetchText(location.href);
    if (signedOut(answer)) { everything = true; over(); return; }
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const left = columns.scrollLeft, tops = new Map([...columns.querySelectorAll("[data-key]")].map(c => [c.dataset.key, c.querySelector("[data-cards]").scrollTop]));
    columns.replaceChildren(...fresh.querySelector("[data-columns]").childNodes);
    feed.replaceChildren(...fresh.querySelector("[data-feed]").childNodes);
    sums(fresh.querySelector("[data-open]").textContent, fresh.querySelector("[data-late]").textContent);
    columns.scrollLeft = left;
    for (const c of columns.querySelectorAll("[data-key]")) c.querySelector("[data-cards]").scrollTop = tops.get(c.dataset.key) || 0;
    tell("");
    live.textContent = "实时";
  }
  document.body.addEventListener("lianzhi:matter", e => changed(e.detail.id));
  document.body.addEventListener("lianzhi:refetch", () => { everything = true; timer ||= setTimeout(settle, SETTLE); });

  // ---------- The drawer ----------
  let from = null;
  async function open(url, origin) {
    from = origin || from;
    for (const c of columns.querySelectorAll("[data-open]")) c.removeAttribute("data-open");
    const id = url.split("/").pop();
    card(id)?.setAttribute("data-open", "");
    if (!drawer.open) drawer.show();
    board.setAttribute("data-drawn", "");
    body.setAttribute("aria-busy", "true");
    try { await load(url); } catch { fault("没有取到这个办件，请检查网络后再点一次。"); }
    body.removeAttribute("aria-busy");
  }
  async function load(url) {
    const answer = await fetchText(url);
    if (signedOut(answer)) { fault("登录已过期。", true); return; }
    const kind = answer.headers.get("content-type") || "", text = await answer.text();
    const fresh = kind.includes("text/html") && new DOMParser().parseFromString(text, "text/html").querySelector(".drawer-matter, .oops");
    if (fresh) show(fresh); else fault("没有取到这个办件，请再试一次。");
  }
  function show(fresh) {
    body.replaceChildren(fresh);
    fresh.dispatchEvent(new Event("htmx:load", { bubbles: true }));
    drawer.scrollTop = 0;
    const alert = body.querySelector("[role=alert]"), title = body.querySelector("h2");
    if (alert) { alert.tabIndex = -1; alert.focus(); } else title?.focus({ preventScroll: true });
  }
  function fault(text, signIn) {
    body.querySelector("[data-fault]")?.remove();
    const p = document.createElement("p"), head = body.querySelector(".drawer-matter > header");
    p.className = "alert"; p.dataset.fault = ""; p.setAttribute("role", "alert"); p.textContent = text;
    if (signIn) p.append(" ", forms.signInLink());
    if (head) head.after(p); else body.prepend(p);
  }
  function close() {
    if (!drawer.open) return;
    drawer.close();
    board.removeAttribute("data-drawn");
    const id = body.querySelector("[data-id]")?.dataset.id;
    for (const c of columns.querySelectorAll("[data-open]")) c.removeAttribute("data-open");
    body.replaceChildren();
    const back = (id && card(id)?.querySelector("a")) || (from?.isConnected ? from : null);
    back?.focus({ preventScroll: true });
  }
  // Somebody else changed what is shown. What is being filled in stays; the change is said above it.
  async function refresh(shown) {
    const typed = body.querySelector(".meanwhile") || forms.filled(body);
    if (body.hasAttribute("aria-busy")) return;
    try {
      const answer = await fetchText("/board/matter/" + shown.dataset.id);
      if (!answer.ok || !drawer.open) return;
      const fresh = node(await answer.text());
      const now = body.querySelector("[data-seq]");
      if (!fresh || !now || now.dataset.id !== fresh.dataset.id || Number(fresh.dataset.seq) <= Number(now.dataset.seq)) return;
      if (typed) { fault("本件刚有了新的记录；填写的内容还在，提交时会先核对。"); return; }
      const open = [...body.querySelectorAll("details[open]")].map(d => d.id), top = drawer.scrollTop, inside = body.contains(document.activeElement);
      body.replaceChildren(fresh);
      fresh.dispatchEvent(new Event("htmx:load", { bubbles: true }));
      for (const id of open) if (id) document.getElementById(id)?.setAttribute("open", "");
      drawer.scrollTop = top;
      if (inside) body.querySelector("h2").focus({ preventScroll: true });
    } catch { /* the next change tries again */ }
  }
  body.addEventListener("submit", async e => {
    const form = e.target;
    if (form.method.toLowerCase() !== "post") return;
    e.preventDefault();
    if (body.hasAttribute("aria-busy")) return;
    const button = e.submitter, word = button?.textContent;
    body.setAttribute("aria-busy", "true");
    if (button) { button.setAttribute("aria-busy", "true"); button.textContent = "正在提交…"; }
    const id = body.querySelector("[data-id]")?.dataset.id;
    // Whatever comes back that is no drawer is said, and the form stays.
    const done = await forms.send(form, button, { "X-Fragment": "1" }), fresh = done.page?.querySelector(".drawer-matter");
    if (fresh) { show(fresh); if (id) changed(id); }
    else {
      forms.alert(form, done.fault ? done : { fault: "没有提交成功，填写的内容还在，请再试一次。" });
      if (button) { button.removeAttribute("aria-busy"); button.textContent = word; }
    }
    body.removeAttribute("aria-busy");
  });
  board.addEventListener("click", async e => {
    const link = e.target.closest("a[data-drawer]");
    if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) {
      e.preventDefault();
      link.closest("[data-new]")?.removeAttribute("data-new");
      open(link.dataset.drawer, link);
      return;
    }
    if (e.target.closest("[data-close]")) { close(); return; }
    const more = e.target.closest("a[data-more]");
    if (more) {
      e.preventDefault();
      const li = more.closest("li"), list = li.parentElement;
      if (more.getAttribute("aria-busy")) return;
      more.setAttribute("aria-busy", "true");
      try {
        const answer = await fetchText(more.dataset.more);
        if (!answer.ok) throw new Error(answer.status);
        const t = document.createElement("template");
        t.innerHTML = await answer.text();
        const first = t.content.querySelector(".card a");
        // What moved meanwhile stands where it is now, once.
        for (const c of t.content.querySelectorAll(".card")) card(c.dataset.id)?.remove();
        li.replaceWith(t.content);
        first?.focus({ preventScroll: true });
      } catch { more.removeAttribute("aria-busy"); tell("没有取到更多，请再点一次。"); }
    }
  });

  // A matter on the map opens here too.
  board.addEventListener("click", e => {
    const link = e.target.closest('.board-map a[href^="/matters/"]');
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return;
    e.preventDefault();
    open("/board/matter/" + link.getAttribute("href").split("/").pop(), link);
  });
  const wide = board.querySelector("[data-wide]");
  let widened = false;
  try { widened = localStorage.getItem("lianzhi.board.map") === "wide"; } catch { /* not kept */ }
  const showWide = () => { board.toggleAttribute("data-map-wide", widened); wide.setAttribute("aria-pressed", String(widened)); wide.lastChild.textContent = widened ? "缩小地图" : "放大地图"; };
  wide.hidden = false;
  showWide();
  wide.addEventListener("click", () => {
    widened = !widened;
    try { localStorage.setItem("lianzhi.board.map", widened ? "wide" : "small"); } catch { /* not kept */ }
    showWide();
    dispatchEvent(new Event("resize"));
  });

  // ---------- Keyboard: j k within a column, h l across, Enter opens, Esc closes ----------
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || document.querySelector("dialog[open]:not([data-keys-inside])")) return;
    const field = e.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (e.key === "Escape" && drawer.open) { if (field && body.contains(field)) field.blur(); else close(); e.preventDefault(); return; }
    // After g the letter is the name of a page.
    if (field || !"jkhl".includes(e.key) || e.key.length !== 1 || "leader" in document.documentElement.dataset) return;
    e.preventDefault();
    const at = document.activeElement?.closest?.(".card") || (drawer.open && card(body.querySelector("[data-id]")?.dataset.id));
    const all = [...columns.querySelectorAll("[data-key]")].filter(c => c.querySelector(".card"));
    if (!all.length) return;
    let next;
    if (!at) next = all[0].querySelector(".card");
    else if (e.key === "j" || e.key === "k") {
      const cards = [...at.parentElement.querySelectorAll(".card")], i = cards.indexOf(at) + (e.key === "j" ? 1 : -1);
      next = cards[Math.min(Math.max(i, 0), cards.length - 1)];
    } else {
      const i = all.findIndex(c => c.contains(at)), row = [...at.parentElement.querySelectorAll(".card")].indexOf(at);
      const into = all[Math.min(Math.max(i + (e.key === "l" ? 1 : -1), 0), all.length - 1)];
      const cards = into.querySelectorAll(".card");
      next = cards[Math.min(row, cards.length - 1)];
    }
    next.querySelector("a").focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // ---------- A sound for new matters, when somebody wants it; remembered in this browser ----------
  const sound = board.querySelector("[data-sound]"), soundSay = sound.querySelector("[data-sound-say]");
  let on = false;
  try { on = localStorage.getItem("lianzhi.board.sound") === "on"; } catch { /* not kept */ }
  const showSound = () => { sound.setAttribute("aria-pressed", String(on)); soundSay.textContent = on ? "开" : "关"; };
  if (window.AudioContext) { sound.hidden = false; showSound(); }
  sound.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem("lianzhi.board.sound", on ? "on" : "off"); } catch { /* not kept */ }
    showSound();
    if (on) chime();
  });
  function chime() { if (on) document.body.dispatchEvent(new CustomEvent("lianzhi:chime", { detail: { tones: [660, 880] } })); }
})();
