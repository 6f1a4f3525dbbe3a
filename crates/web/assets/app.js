// Everything works without this file. It saves keystrokes, no more.
"use strict";
addEventListener("keydown", e => {
  if (e.key === "/" && !e.target.closest("input, textarea, select")) {
    const box = document.querySelector(".search input");
    if (box) { e.preventDefault(); box.focus(); }
  }
});
// Filters apply as soon as a choice is made.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", e => { if (e.target.matches("select, [type=date]")) form.requestSubmit(); });
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
// Where am I: fills the hidden longitude and latitude when the person asks for it.
for (const button of document.querySelectorAll("[data-locate]")) {
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
for (const input of document.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => {
    const say = input.parentElement.querySelector("[data-files-say]");
    if (say) say.textContent = input.files.length ? `已选 ${input.files.length} 个文件` : "";
  });
}
// A way back that keeps what was typed.
for (const button of document.querySelectorAll("[data-back]")) {
  if (history.length < 2) continue;
  button.hidden = false;
  button.addEventListener("click", () => history.back());
}
// Where coordinates can be typed, they can also be taken from the phone.
for (const lng of document.querySelectorAll("input[name=lng]:not([type=hidden])")) {
  if (!("geolocation" in navigator) || !lng.form.elements.lat) continue;
  const line = document.createElement("p"), button = document.createElement("button"), say = document.createElement("span");
  button.type = "button"; button.className = "button slim"; button.textContent = "用我现在的位置";
  say.className = "hint"; say.setAttribute("role", "status");
  line.append(button, " ", say);
  lng.closest(".field").before(line);
  button.addEventListener("click", () => {
    say.textContent = "正在定位…";
    navigator.geolocation.getCurrentPosition(
      p => { lng.value = p.coords.longitude.toFixed(6); lng.form.elements.lat.value = p.coords.latitude.toFixed(6); say.textContent = "误差约 " + Math.round(p.coords.accuracy) + " 米。"; },
      () => { say.textContent = "没有得到位置。"; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
}
