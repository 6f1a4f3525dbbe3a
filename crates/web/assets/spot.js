// Deciding on the spot: photos in view, the place by itself where it may be known without asking, what the item says and what
// the same party got before while one types. Without it every step still works.
"use strict";
{
  const begin = root => {
    const form = root.querySelector("form#spot");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "1";
    const input = form.querySelector("input[type=file][name=photos]"), touch = matchMedia("(pointer: coarse)").matches;
    lianzhi.shots(input, form.querySelector("[data-thumbs]"), null, { originals: true });
    input.classList.add("vh");
    for (const button of form.querySelectorAll("[data-shoot]")) {
      button.hidden = !touch && !!button.dataset.shoot;
      button.addEventListener("click", () => { if (button.dataset.shoot) input.setAttribute("capture", button.dataset.shoot); else input.removeAttribute("capture"); });
    }
    item(form);
    party(form);
    place(form, touch);
  };
  // A line under a field that says what is known.
  function say(field) {
    const line = document.createElement("p");
    line.className = "hint"; line.setAttribute("role", "status");
    field.closest(".field").append(line);
    return line;
  }
  // Range of the item, and its name as the beginning of the facts.
  function item(form) {
    // Not form.elements.item, which is a method of the collection.
    const field = form.querySelector("[name=item]"), facts = form.elements.facts || form.elements.note, line = say(field);
    let written = "";
    const look = async () => {
      const code = field.value.trim().split(/\s+/)[0], option = code && [...form.querySelectorAll("#spot-item-list option")].find(o => o.value === code);
      line.textContent = option ? option.textContent : "";
      if (!option || (facts.value.trim() && facts.value !== written)) return;
      const answer = await fetch(`/api/v1/law/items/${encodeURIComponent(code)}`, { headers: { Accept: "application/json" } }).catch(() => null);
      const known = answer?.ok ? await answer.json() : null;
      if (known?.name && (!facts.value.trim() || facts.value === written)) facts.value = written = known.name.replace(/（[^）]*）/g, "");
    };
    field.addEventListener("input", () => { if ([...form.querySelectorAll("#spot-item-list option")].some(o => o.value === field.value.trim().split(/\s+/)[0])) look(); });
    field.addEventListener("change", look);
    look();
  }
  // What the same party got before, as soon as its number is there.
  function party(form) {
    const field = form.elements.id_number, box = document.getElementById("earlier-now");
    if (!field || !box) return;
    const line = say(field);
    field.addEventListener("change", async () => {
      line.textContent = "";
      const id_number = field.value.trim();
      if (id_number.length < 6) { box.replaceChildren(); return; }
      const answer = await fetch("/api/v1/slips/earlier", { method: "POST", body: JSON.stringify({ id_number }), headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": form.elements.csrf.value } }).catch(() => null);
      if (!answer?.ok) return;
      const before = await answer.json();
      line.textContent = before.length ? "" : "没有查到以前的提示、警示和处罚。";
      show(box, before);
      if (before.length) { const more = document.createElement("a"); more.className = "earlier-link"; more.href = "#earlier-now"; more.textContent = `以前有 ${before.length} 件，查看`; line.append(more); }
    });
  }
  const KINDS = { tip: "提示单", warning: "警示单", spot: "当场处罚", spared: "不予处罚", penalty: "行政处罚" };
  function show(box, before) {
    box.replaceChildren();
    if (!before.length) return;
    const make = (tag, name, text) => { const e = document.createElement(tag); if (name) e.className = name; if (text) e.textContent = text; return e; };
    const panel = make("section", "panel"), head = make("header"), list = make("ol", "rows");
    panel.id = "earlier";
    head.append(make("h2", "", "该当事人以前的提示、警示和处罚"), make("span", "quiet small", `${before.length} 件`));
    for (const one of before) {
      const row = make("li"), first = make("div", "line"), link = make("a", "title", `${KINDS[one.kind] || ""} ${one.number}`);
      link.href = `/matters/${one.matter}`;
      first.append(link, make("span", "badge", one.item));
      const seen = one.corrected === true ? " · 已改正" : one.corrected === false ? " · 没有改正" : "";
      row.append(first, make("p", "small quiet", one.on + seen));
      list.append(row);
    }
    panel.append(head, list);
    box.append(panel);
  }
  // Where one stands, and the address that is nearest; what was typed stays.
  function place(form, touch) {
    const { lng, lat, place: field } = form.elements, locate = form.querySelector("[data-locate-here]");
    let written = "";
    if (locate) field.closest(".field").append(locate.parentElement);
    const fill = async () => {
      if (!lng.value || !lat.value) return;
      const answer = await fetch(`/map/place?lng=${lng.value}&lat=${lat.value}`, { headers: { Accept: "application/json" } }).catch(() => null);
      const known = answer?.ok ? await answer.json() : null;
      const words = known?.address || known?.town;
      if (words && (!field.value.trim() || field.value === written)) field.value = written = words;
    };
    form.addEventListener("lianzhi:located", fill);
    if (!locate || lng.value || field.value || !touch) return;
    navigator.permissions?.query({ name: "geolocation" }).then(said => { if (said.state === "granted") locate.click(); }, () => {});
  }
  begin(document);
  document.addEventListener("htmx:load", event => begin(event.target));
}
