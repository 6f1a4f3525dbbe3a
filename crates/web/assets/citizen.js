// The citizen's pages with JavaScript: a draft that survives a closed browser, photos in view, what is near by before
// it is sent, kinds found while one types, the receipt's buttons, the follow link. Without it every step still works.
"use strict";
const DRAFT = "draft:report", DRAFT_DAYS = 7;
const later = (work, ms) => { let timer; return (...a) => { clearTimeout(timer); timer = setTimeout(() => work(...a), ms); }; };

function report(form) {
  const input = form.querySelector("[data-photos]"), place = form.querySelector("[data-shots]");
  const NAMES = ["address", "lng", "lat", "description", "phone", "name", "category", "first", "q", "form"];
  // What alone makes no draft.
  const BARE = ["first", "form"];
  const value = name => { const e = form.elements[name]; return e ? (e instanceof RadioNodeList ? e.value : e.type === "radio" ? (e.checked ? e.value : "") : e.value) : ""; };
  const save = async () => {
    // Sent meanwhile: another screen, or the receipt, stands in its place.
    if (!form.isConnected) return;
    const fields = Object.fromEntries(NAMES.map(n => [n, value(n)]));
    // Photos that the server has already stand on the page by name only; the draft keeps them as they were.
    const photos = [...(held || !photo ? carried : []), ...(photo ? photo.files() : [])];
    const before_fields = before?.fields || {};
    for (const n of NAMES) if (!form.elements[n]) fields[n] = before_fields[n] || "";
    if (!photos.length && NAMES.every(n => !fields[n] || BARE.includes(n))) { await lianzhi.drop(DRAFT); return; }
    before = { id: DRAFT, at: Date.now(), fields, photos };
    const kept = await lianzhi.put(before), say = form.querySelector("[data-draft-kept]");
    if (say && kept) say.textContent = "写的都存在这部手机里，关了再开也在。";
  };
  const keep = later(save, 400);
  // On one question a screen the draft of the others stays.
  let before = null, offered = null, photo = null, carried = [];
  const held = form.querySelector("input[type=hidden][name=photos]");
  const changed = () => { if (!offered) keep(); };
  if (input && place) {
    photo = lianzhi.shots(input, place, changed);
    input.classList.add("vh");
    form.querySelector("[data-shoot]").hidden = false;
  }
  lianzhi.maps(form);
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  // Whoever is quicker than the pause after typing loses nothing either: the next screen stands in this one's place.
  form.addEventListener("submit", () => { if (!offered) save(); });

  (async () => {
    const draft = await lianzhi.get(DRAFT), box = form.querySelector("[data-draft]");
    if (!draft) return;
    if (Date.now() - draft.at > DRAFT_DAYS * 86400000) { lianzhi.drop(DRAFT); return; }
    if (!("fresh" in form.dataset) || !box) { before = draft; carried = draft.photos; return; }
    offered = draft;
    const when = new Date(draft.at), two = n => String(n).padStart(2, "0");
    const words = [draft.fields.address, draft.fields.description].filter(Boolean).join("，").slice(0, 30);
    box.querySelector("[data-draft-say]").textContent =
      `${when.getMonth() + 1} 月 ${when.getDate()} 日 ${two(when.getHours())}:${two(when.getMinutes())}` + (words ? `，${words}` : "") + (draft.photos.length ? `，${draft.photos.length} 张照片` : "");
    box.hidden = false;
    box.querySelector("[data-draft-take]").addEventListener("click", () => {
      before = draft; offered = null; box.hidden = true;
      for (const [name, v] of Object.entries(draft.fields)) {
        const found = [...form.querySelectorAll(`[name="${name}"]`)].filter(e => e.type !== "file");
        if (found[0]?.type === "radio") { const radio = found.find(e => e.value === v); if (radio) radio.checked = true; else if (v) hide(name, v); }
        else if (found[0]) found[0].value = v;
        else if (v) hide(name, v);
      }
      if (photo) photo.set(draft.photos, true);
      else if (draft.photos.length) { carried = draft.photos; carry(draft.photos); }
      const say = form.querySelector("[data-locate-say]");
      if (say && draft.fields.lng) say.textContent = "已定位。";
      near();
      (form.querySelector("#address") || form.querySelector(".input"))?.focus();
    });
    box.querySelector("[data-draft-drop]").addEventListener("click", () => { offered = null; box.hidden = true; lianzhi.drop(DRAFT); });
  })();
  // What this screen does not ask goes along unseen.
  function hide(name, v) {
    const hidden = document.createElement("input");
    hidden.type = "hidden"; hidden.name = name; hidden.value = v;
    form.append(hidden);
  }
  function carry(files) {
    const hidden = document.createElement("input");
    hidden.type = "file"; hidden.name = "photos"; hidden.multiple = true; hidden.hidden = true;
    lianzhi.fill(hidden, files);
    form.append(hidden);
  }

  async function piece(path, names) {
    const body = new URLSearchParams(names.map(n => [n, value(n)]));
    const answer = await fetch(path, { method: "POST", body, headers: { Accept: "text/html" } });
    return answer.ok ? answer.text() : null;
  }
  // What others reported near by, as soon as there is a place and something to compare.
  const list = form.querySelector("[data-near]");
  const near = later(async () => {
    if (!list || (!value("lng") && value("address").length < 4)) return;
    const same = value("same");
    const html = await piece("/report/near", ["csrf", "address", "lng", "lat", "category", "description", "same"]).catch(() => null);
    if (html === null || same !== value("same")) return;
    list.innerHTML = html;
  }, 800);
  form.addEventListener("change", event => { if (["address", "description", "category", "lng"].includes(event.target.name)) near(); });
  form.querySelector("[data-locate]")?.addEventListener("click", () => {
    const say = form.querySelector("[data-locate-say]");
    new MutationObserver((_, watch) => { if (value("lng")) { watch.disconnect(); changed(); near(); } }).observe(say, { childList: true, characterData: true, subtree: true });
  });
  form.addEventListener("lianzhi:place", () => { changed(); near(); });

  // Kinds while one types; the button stays for Enter and for those without JavaScript.
  const q = form.querySelector("[data-kinds-q]"), kinds = form.querySelector("[data-kinds]");
  const search = later(async () => {
    const html = await piece("/report/kinds", ["csrf", "q", "category"]).catch(() => null);
    if (html !== null) kinds.innerHTML = html;
  }, 350);
  q?.addEventListener("input", search);
  q?.addEventListener("keydown", event => { if (event.key === "Enter") { event.preventDefault(); search(); } });
  form.querySelector("button[value=kinds]")?.addEventListener("click", event => { event.preventDefault(); search(); });

  // Photo first or place first without losing what is typed; the other order stays a tap away.
  const which = form.querySelector(".which");
  which?.addEventListener("click", event => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    const place = link.href.includes("first=place");
    const [a, b] = ["photo", "place"].map(p => form.querySelector(`[data-part=${p}]`));
    const first = place ? b : a;
    (place ? a : b).before(first);
    const was = which.querySelector("b"), now = document.createElement("b"), other = document.createElement("a");
    now.textContent = link.textContent;
    other.textContent = was.textContent;
    other.href = place ? "/report" : "/report?first=place";
    was.replaceWith(other);
    link.replaceWith(now);
    if (form.elements.first) form.elements.first.value = place ? "place" : ""; else hide("first", place ? "place" : "");
    first.querySelector("input")?.focus();
  });
}

// The older way to copy, for browsers that refuse the newer one: it is not there without https.
function byHand(text) {
  const box = document.createElement("textarea");
  box.value = text; box.className = "vh";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

function receipt(sent) {
  lianzhi.drop(DRAFT);
  const copy = sent.querySelector("[data-copy]"), say = sent.querySelector("[data-copied]");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const copied = await navigator.clipboard?.writeText(copy.dataset.copy).then(() => true, () => false) || byHand(copy.dataset.copy);
    say.textContent = copied ? "已复制。" : "这个浏览器不让复制，请截图。";
  });
}
function begin(root) {
  const form = root.querySelector("form[data-report]"), sent = root.querySelector("[data-sent=report]");
  if (form) report(form);
  if (sent) receipt(sent);
}
begin(document);
// The next screen, and at last the receipt, take the place of the one before.
document.addEventListener("htmx:load", event => { if (event.target.matches?.("main")) begin(event.target); });

// Another look at the same matter must not lose it: the page was the answer to a form.
const foot = document.querySelector(".public-foot form");
foot?.addEventListener("submit", async event => {
  if (!document.querySelector(".where, .receipt")) return;
  event.preventDefault();
  event.stopPropagation();
  const simple = foot.elements.simple.value === "true", root = document.documentElement;
  const done = await fetch(foot.action, { method: "POST", body: new URLSearchParams(new FormData(foot)), redirect: "manual" }).catch(() => null);
  if (!done) return;
  if (simple) root.dataset.mode = "simple"; else delete root.dataset.mode;
  foot.elements.simple.value = String(!simple);
  foot.querySelector("button").textContent = simple ? "回到普通版" : "大字简明版";
});

// A receipt's picture leads here with number and code behind the #: they are read, taken out of the address, and sent
// in the body of the form like typed ones.
const ask = document.querySelector("[data-follow] form");
if (ask && location.hash.length > 1) {
  const given = new URLSearchParams(location.hash.slice(1)), number = given.get("n"), code = given.get("c");
  history.replaceState(null, "", location.pathname);
  if (number && code) {
    ask.elements.number.value = number;
    ask.elements.code.value = code;
    document.querySelector("[data-follow-say]").textContent = "正在查您扫码的那一件…";
    ask.requestSubmit();
  }
}
