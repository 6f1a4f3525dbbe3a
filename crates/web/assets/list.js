// Lists: ticking many, sums fetched after the list, acts on many with their progress. Without this file the same
// buttons do the same in one request.
"use strict";
for (const place of document.querySelectorAll("[data-load]")) {
  fetch(place.dataset.load, { headers: { Accept: "text/html" } }).then(async answer => {
    if (answer.ok) place.outerHTML = await answer.text();
  }).catch(() => {});
}

// Rows that changed are exchanged where they stand. What came is counted and brought by a press, what does not belong
// here any more stays until then: nothing moves under a hand.
{
  const news = document.querySelector("[data-list-news]"), changed = new Set();
  let all = false, busy = false;
  const rows = root => [...root.querySelectorAll("[data-row]")];
  async function renew() {
    if (busy || (!all && !changed.size)) return;
    busy = true;
    const some = all ? null : new Set(changed);
    all = false;
    changed.clear();
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = new Map(rows(page).map(row => [row.tagName + row.dataset.row, row])), here = new Set(rows(document).map(row => row.dataset.row));
      for (const old of rows(document)) {
        const now = found.get(old.tagName + old.dataset.row), box = old.querySelector("input[name=id]");
        if (some && !some.has(old.dataset.row)) continue;
        old.toggleAttribute("data-left", !now);
        if (!now || old.contains(document.activeElement)) continue;
        const fresh = document.importNode(now, true), tick = fresh.querySelector("input[name=id]");
        if (tick && box) tick.checked = box.checked;
        old.replaceWith(fresh);
      }
      const fresh = new Set([...found.values()].map(row => row.dataset.row).filter(id => !here.has(id))).size;
      const left = new Set(rows(document).filter(row => "left" in row.dataset).map(row => row.dataset.row)).size;
      const said = [fresh && `有 ${fresh} 件新的`, left && `${left} 件已不在这一页`].filter(Boolean).join("，");
      news.hidden = !said;
      news.querySelector("a").textContent = said && `${said}，点此更新`;
    } catch { all = true; } finally { busy = false; if (all || changed.size) setTimeout(renew, 5000); }
  }
  if (news) {
    news.querySelector("a").href = location.href;
    document.body.addEventListener("lianzhi:matter", e => changed.add(String(e.detail.id)));
    document.body.addEventListener("lianzhi:refetch", () => { all = true; });
    document.body.addEventListener("lianzhi:changed", renew);
  }
}

const bulk = document.querySelector("[data-bulk]");
if (bulk) {
  const say = bulk.querySelector("[data-bulk-count]"), none = bulk.querySelector("[data-bulk-none]");
  const all = document.querySelector("[data-tick-all]");
  // The list stands there twice, as a table and as cards; one of them is seen.
  const seen = () => [...document.querySelectorAll("input[form=bulk][name=id]")].filter(box => box.offsetParent);
  const kept = "ticked:" + location.search.replace(/&?cursor=[^&]*/, "");
  const remember = () => {
    const ticked = new Set(JSON.parse(sessionStorage.getItem(kept) || "[]"));
    for (const box of seen()) box.checked ? ticked.add(box.value) : ticked.delete(box.value);
    sessionStorage.setItem(kept, JSON.stringify([...ticked]));
    return ticked;
  };
  const show = () => {
    const ticked = remember(), here = seen();
    say.textContent = ticked.size ? `已选 ${ticked.size} 件` : "勾选后一起办";
    none.hidden = !ticked.size;
    if (all) { all.checked = here.length > 0 && here.every(box => box.checked); all.indeterminate = !all.checked && here.some(box => box.checked); }
  };
  // Ticks go along from page to page of a list, to its matters and back. Whoever comes from elsewhere begins anew.
  const came = document.referrer && new URL(document.referrer);
  if (!came || came.origin !== location.origin || !came.pathname.startsWith("/matters")) {
    if (performance.getEntriesByType("navigation")[0]?.type === "navigate") sessionStorage.removeItem(kept);
  }
  const before = new Set(JSON.parse(sessionStorage.getItem(kept) || "[]"));
  for (const box of seen()) box.checked = before.has(box.value) || box.checked;
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => { for (const box of seen()) box.checked = all.checked; show(); });
  }
  let last = null;
  document.addEventListener("click", e => {
    const box = e.target.closest("input[form=bulk][name=id]");
    if (!box) return;
    const boxes = seen(), a = boxes.indexOf(last), b = boxes.indexOf(box);
    if (e.shiftKey && a >= 0) for (const one of boxes.slice(Math.min(a, b), Math.max(a, b) + 1)) one.checked = box.checked;
    last = box;
    show();
  });
  bulk.addEventListener("reset", () => { sessionStorage.removeItem(kept); for (const box of seen()) box.checked = false; setTimeout(show); });
  // What was ticked on other pages of the list goes along.
  bulk.addEventListener("submit", () => {
    for (const old of bulk.querySelectorAll("input[data-elsewhere]")) old.remove();
    const here = new Set(seen().map(box => box.value));
    for (const id of remember()) if (!here.has(id)) {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = "id"; field.value = id; field.dataset.elsewhere = "";
      bulk.append(field);
    }
  });
  addEventListener("pageshow", show);
  show();
}

const run = document.querySelector("[data-bulk-run]");
if (run) {
  const say = run.querySelector("[data-bulk-say]"), bar = run.querySelector("progress"), button = run.querySelector("[type=submit]");
  let working = false;
  run.addEventListener("submit", async e => {
    e.preventDefault();
    if (working) return;
    working = true;
    const left = [...run.querySelectorAll("input[name=id]")];
    const total = Number(bar.max);
    bar.hidden = false;
    button.setAttribute("aria-busy", "true");
    button.textContent = "正在办理…";
    let done = 0, failed = run.querySelectorAll('tr[data-fate="failed"]').length, lost = 0;
    const one = async field => {
      const body = new URLSearchParams();
      for (const name of ["csrf", "form", "value", "back"]) body.set(name, run.elements[name].value);
      body.set("id", field.value);
      const row = run.querySelector(`tr[data-id="${field.value.split(":")[0]}"]`);
      try {
        const answer = await fetch(run.dataset.bulkOne, { method: "POST", body, headers: { Accept: "text/html" } });
        if (!answer.ok) throw new Error(answer.status);
        const table = document.createElement("tbody");
        table.innerHTML = await answer.text();
        const fresh = table.querySelector("tr");
        if (fresh.dataset.fate === "failed") failed++; else done++;
        row.replaceWith(fresh);
        field.remove();
      } catch {
        lost++;
        row.dataset.fate = "lost";
      }
      bar.value = total - run.querySelectorAll("input[name=id]").length;
      say.textContent = `${bar.value} / ${total} 件`;
    };
    const queue = left.slice();
    await Promise.all(Array.from({ length: 4 }, async () => { while (queue.length) await one(queue.shift()); }));
    working = false;
    button.removeAttribute("aria-busy");
    const all = run.querySelectorAll('tr[data-fate="done"]').length;
    say.textContent = `办了 ${all} 件` + (failed ? `，${failed} 件没有办，原因写在后面` : "") + (lost ? `，${lost} 件没有送到，可以再试` : "") + "。";
    if (lost) { button.textContent = `再试 ${lost} 件`; } else {
      button.hidden = true;
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("ticked:")) sessionStorage.removeItem(key);
      const back = run.querySelector(".bulk-buttons a"), head = document.querySelector(".page-head h1");
      head.textContent = head.textContent.replace(/^预览：(.*)$/, "$1：结果");
      document.querySelector(".page-head .quiet")?.remove();
      for (const th of run.querySelectorAll("[data-bulk-rows]")) th.closest("table").querySelector("th:last-child").textContent = "结果";
      back.textContent = "回到列表";
      for (const other of run.querySelectorAll(".bulk-buttons [data-back]")) other.hidden = true;
      run.dataset.finished = "1";
      back.focus();
    }
  });
}
