// Administration: what forms do already, with fewer steps. Everything posts the same commands as the forms.
"use strict";
for (const hint of document.querySelectorAll("[data-js]")) hint.hidden = false;

// The year: a click changes what a day is, and with it the lines of the form below.
(() => {
  const year = document.querySelector("[data-year]");
  if (!year) return;
  const lines = document.getElementById(year.dataset.lines), festival = document.getElementById("festival");
  const words = { work: "工作日", rest: "休息", off: "放假", makeup: "调休上班" };
  const parse = () => new Map(lines.value.split("\n").map(l => l.trim()).filter(Boolean).map(l => { const [day, kind, ...name] = l.split(/\s+/); return [day, { kind, name: name.join(" ") }]; }));
  const weekend = cell => cell.cellIndex > 4;
  const kindOf = (cell, days) => {
    const own = days.get(cell.dataset.day);
    if (!own) return weekend(cell) ? "rest" : "work";
    return /^(上班|班|work)$/.test(own.kind) ? "makeup" : "off";
  };
  const paint = () => {
    const days = parse();
    for (const cell of year.querySelectorAll("td[data-day]")) {
      const kind = kindOf(cell, days), name = days.get(cell.dataset.day)?.name;
      cell.dataset.kind = kind;
      const word = words[kind] + (name ? `（${name}）` : "");
      cell.title = `${cell.dataset.day} ${word}`;
      const button = cell.querySelector("button");
      // What is seen comes first in what is read out: voice control names a control by what is on it.
      button.setAttribute("aria-label", `${button.textContent}（${cell.title}）`);
    }
  };
  for (const cell of year.querySelectorAll("td[data-day]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.firstChild.textContent.trim();
    cell.replaceChildren(button);
    button.addEventListener("click", () => {
      const days = parse(), kind = kindOf(cell, days), name = festival.value.trim() || "放假";
      const next = { work: "off", rest: "off", off: weekend(cell) ? "makeup" : null, makeup: null }[kind];
      if (next === null) days.delete(cell.dataset.day);
      else days.set(cell.dataset.day, { kind: next === "off" ? "放假" : "上班", name: days.get(cell.dataset.day)?.name || name });
      lines.value = [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, d]) => `${day} ${d.kind} ${d.name}`).join("\n");
      paint();
    });
  }
  lines.addEventListener("input", paint);
  paint();
})();

// Units: dragging a line onto another fills in and sends the form that stands in the line.
(() => {
  const tree = document.querySelector(".unit-tree[data-move]");
  if (!tree) return;
  let lifted = null;
  const line = node => node.closest?.(".unit-line");
  const may = target => target && lifted && target !== lifted && !(target.dataset.path + "/").startsWith(lifted.dataset.path + "/") && target.dataset.code !== lifted.dataset.parent && target.dataset.into !== undefined;
  for (const unit of tree.querySelectorAll(".unit-line[data-code]")) {
    if (unit.querySelector("form")) unit.draggable = true;
  }
  const clear = () => { for (const l of tree.querySelectorAll("[data-over], [data-no]")) { delete l.dataset.over; delete l.dataset.no; } };
  tree.addEventListener("dragstart", event => { lifted = line(event.target); if (!lifted) return; lifted.dataset.lifted = ""; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", lifted.dataset.code); });
  tree.addEventListener("dragend", () => { if (lifted) delete lifted.dataset.lifted; lifted = null; clear(); });
  tree.addEventListener("dragover", event => {
    const target = line(event.target);
    clear();
    if (!target) return;
    if (may(target)) { event.preventDefault(); event.dataTransfer.dropEffect = "move"; target.dataset.over = ""; } else if (target !== lifted) target.dataset.no = "";
  });
  tree.addEventListener("drop", event => {
    const target = line(event.target);
    if (!may(target)) return;
    event.preventDefault();
    const form = lifted.querySelector("form[data-move-form]");
    form.elements.parent.value = target.dataset.code;
    const words = `把“${lifted.dataset.name}”移到“${target.dataset.name}”下面？\n\n它的办件、人员和岗位都不变，但此后按新的上级统计，新上级的负责人可以看到和审批它的办件。可以随时撤销。`;
    if (confirm(words)) form.requestSubmit();
  });
})();

// The state of the node renews itself while somebody looks.
(() => {
  const state = document.querySelector("[data-renew]");
  if (!state) return;
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(state.dataset.renew, { headers: { accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-part]")) {
        const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
        if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
      }
    } catch { /* the next turn tries again */ }
  }, 5000);
})();
