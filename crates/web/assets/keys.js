// The keyboard: / search, j k through lists, Enter opens, x ticks, Esc closes, ? tells. Nothing needs it.
"use strict";
const typing = node => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const help = document.getElementById("keys");
// After g the next letter names a page. Said on the page itself, so that a page with letters of its own lets it pass.
const lead = document.documentElement.dataset;
let leading = 0;
function leads(on) {
  clearTimeout(leading);
  if (on) { lead.leader = "g"; leading = setTimeout(() => leads(false), 1200); } else delete lead.leader;
}

// What can be walked through: the items of the lists in view, in the order of the page.
function items() { return [...document.querySelectorAll("[data-list] [data-item]")].filter(i => i.checkVisibility ? i.checkVisibility() : i.offsetParent); }
function target(item) { return item.matches("a, button, summary") ? item : item.querySelector("a[href], summary, button"); }
function walk(step) {
  const all = items();
  if (!all.length) return;
  const at = all.findIndex(i => i.contains(document.activeElement));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  for (const i of all) i.toggleAttribute("data-here", i === next);
  target(next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}
const places = { d: "/desk", l: "/matters", m: "/map", b: "/board", t: "/todo" };

addEventListener("keydown", event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    const field = typing(event.target);
    if (field) field.blur();
    else document.querySelector("details.menu[open]")?.removeAttribute("open");
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]:not([data-keys-inside])")) return;
  const led = "leader" in lead;
  leads(false);
  let done = true;
  if (led && places[event.key]) location.assign(places[event.key]);
  else if (event.key === "/") { const box = document.querySelector(".search input"); box?.focus(); box?.select(); done = !!box; }
  else if (event.key === "?") { if (help?.showModal) help.showModal(); }
  else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "g") leads(true);
  else if (event.key === "n") location.assign("/register");
  else if (event.key === "x") { const tick = document.querySelector("[data-item][data-here] input[type=checkbox]"); tick?.click(); done = !!tick; }
  else done = false;
  if (done) event.preventDefault();
});
document.addEventListener("focusin", event => {
  const item = event.target.closest?.("[data-list] [data-item]");
  for (const i of document.querySelectorAll("[data-item][data-here]")) if (i !== item) i.removeAttribute("data-here");
  item?.setAttribute("data-here", "");
});
for (const button of document.querySelectorAll("[data-keys]")) {
  if (!help?.showModal) continue;
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
