// Renews the wall: at once when the node says that something changed (at most once a second), and every quarter of a
// minute whatever happens. Runs for days: one connection, one timer, one picture at a time; nothing is gathered.
"use strict";
const BEAT = 15000, REST = 900, LATE = 60000, FRESH = 40000;
const stale = document.getElementById("stale");
let events = null, busy = false, again = false, seen = Date.now();
// When each change of the feed was first seen here. What stood there when the page came is not new.
let known = new Map([...document.querySelectorAll(".feed [data-key]")].map(row => [row.dataset.key, 0]));
function mark(wall) {
  const now = Date.now(), next = new Map();
  for (const row of wall.querySelectorAll(".feed [data-key]")) next.set(row.dataset.key, known.get(row.dataset.key) ?? now);
  known = next;
  for (const part of wall.querySelectorAll("[data-key]")) part.classList.toggle("fresh", now - (known.get(part.dataset.key) ?? 0) < FRESH);
}
async function renew() {
  if (busy) { again = true; return; }
  busy = true; again = false;
  try {
    const answer = await fetch("/wall/now", { redirect: "manual", cache: "no-store", headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10000) });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Error("大屏的凭证已失效，请在本机登录后重新打开大屏");
    if (!answer.ok) throw new Error("节点暂时没有应答");
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("wall");
    const old = document.getElementById("wall");
    // A new version of the program has a new script.
    if (fresh.dataset.build !== old.dataset.build) { location.reload(); return; }
    mark(fresh);
    old.replaceWith(fresh);
    seen = Date.now(); stale.hidden = true;
  } catch (error) {
    const minutes = Math.floor((Date.now() - seen) / 60000);
    const why = error.message.includes("。") || /[一-龥]/.test(error.message) ? error.message : "连接中断，正在重试";
    stale.textContent = `${why}；数据停在${minutes ? ` ${minutes} 分钟前` : "刚才"}`;
    stale.hidden = Date.now() - seen < LATE && !why.includes("凭证");
  } finally {
    setTimeout(() => { busy = false; if (again) renew(); }, REST);
  }
}
function listen() {
  if (events && events.readyState !== EventSource.CLOSED) return;
  events = new EventSource("/wall/stream");
  events.addEventListener("matter", renew);
  events.addEventListener("refetch", renew);
}
listen();
setInterval(() => { listen(); renew(); }, BEAT);
