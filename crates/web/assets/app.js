// Everything works without this file. It saves keystrokes, no more.
"use strict";
{
  // Parts of pages come later than the page: what is done to elements is done to each once, now or when it comes.
  const seen = new WeakSet();
  const fresh = (root, css) => [...root.querySelectorAll(css)].filter(e => !seen.has(e) && seen.add(e));
  function ready(root) {
    // Filters apply as soon as a choice is made. A day is being typed until the field is left: its year is four choices.
    for (const form of fresh(root, "form[data-auto]")) {
      form.addEventListener("change", e => { if (e.target.matches("select")) form.requestSubmit(); });
      form.addEventListener("focusout", e => {
        if (!e.target.matches("[type=date]") || form.contains(e.relatedTarget)) return;
        if ([...form.querySelectorAll("[type=date]")].some(f => f.value !== f.defaultValue)) form.requestSubmit();
      });
    }
    // Where am I: fills the hidden longitude and latitude when the person asks for it.
    for (const button of fresh(root, "[data-locate]")) {
      if (!("geolocation" in navigator)) continue;
      button.hidden = false;
      button.addEventListener("click", () => {
        const form = button.closest("form"), say = form.querySelector("[data-locate-say]");
        say.textContent = "正在定位…";
        navigator.geolocation.getCurrentPosition(
          p => {
            form.elements.lng.value = p.coords.longitude.toFixed(6);
            form.elements.lat.value = p.coords.latitude.toFixed(6);
            say.textContent = "已定位，误差约 " + Math.round(p.coords.accuracy) + " 米。";
          },
          () => { say.textContent = "没有得到位置，请填写地址。"; },
          { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
      });
    }
    // Chosen photos are named, so that one sees what will be sent.
    for (const input of fresh(root, "input[type=file]")) {
      input.addEventListener("change", () => {
        const say = input.parentElement.querySelector("[data-files-say]");
        if (say) say.textContent = input.files.length ? `已选 ${input.files.length} 个文件` : "";
      });
    }
    // A way back that keeps what was typed.
    for (const button of fresh(root, "[data-back]")) {
      if (history.length < 2) continue;
      button.hidden = false;
      button.addEventListener("click", () => history.back());
    }
    // Where coordinates can be typed, they can also be taken from the phone.
    for (const lng of fresh(root, "input[name=lng]:not([type=hidden], [data-own-locate])")) {
      if (!("geolocation" in navigator) || !lng.form.elements.lat) continue;
      const line = document.createElement("p"), button = document.createElement("button"), say = document.createElement("span");
      button.type = "button"; button.className = "button slim"; button.dataset.locateHere = ""; button.textContent = "用我现在的位置";
      say.className = "hint"; say.setAttribute("role", "status");
      line.append(button, " ", say);
      (lng.closest("details.fold") || lng.closest(".field")).before(line);
      button.addEventListener("click", () => {
        say.textContent = "正在定位…";
        navigator.geolocation.getCurrentPosition(
          p => { lng.value = p.coords.longitude.toFixed(6); lng.form.elements.lat.value = p.coords.latitude.toFixed(6); say.textContent = "已填入您现在的位置，误差约 " + Math.round(p.coords.accuracy) + " 米；不在现场请改。"; lng.form.dispatchEvent(new Event("lianzhi:located")); },
          () => { say.textContent = "没有得到位置。"; },
          { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
      });
    }
    for (const button of fresh(root, "[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
    // What scrolls sideways can be reached by the keyboard.
    for (const box of fresh(root, ".table-wrap, .stages, .clocks, .tabs, .links, pre")) {
      if (box.scrollWidth > box.clientWidth && !box.hasAttribute("tabindex")) box.tabIndex = 0;
    }
  }
  ready(document);
  document.addEventListener("htmx:load", e => ready(e.target));
}
// A form that was sent is not sent twice by an impatient thumb; coming back to the page gives the button back.
addEventListener("submit", e => {
  const form = e.target;
  if (form.method.toLowerCase() !== "post" || e.defaultPrevented) return;
  if (form.dataset.sent) { e.preventDefault(); return; }
  form.dataset.sent = "1";
  const button = e.submitter;
  if (button && button.matches(".button")) { button.setAttribute("aria-busy", "true"); button.dataset.word = button.textContent; button.textContent = "正在提交…"; }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) { button.removeAttribute("aria-busy"); if (button.dataset.word) button.textContent = button.dataset.word; }
});
// Phrases that are written by a press: added to what stands there, exchanged where only one value fits. Forms may come
// later than the page, so the whole document is listened to.
document.documentElement.dataset.scripts = "";
document.addEventListener("click", e => {
  const button = e.target.closest("[data-quick] button"), field = button && document.getElementById(button.closest("[data-quick]").dataset.quick);
  if (!field) return;
  const phrase = button.value, adds = field.matches("textarea") && field.value.trim() && !field.value.includes(phrase);
  field.value = adds ? `${field.value.trimEnd()}${phrase}` : phrase;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
