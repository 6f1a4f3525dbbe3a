// Pictures: before and after under one slider, and large on a press. Without this file they stand side by side.
"use strict";
for (const pair of document.querySelectorAll("[data-compare]")) {
  const slider = document.createElement("input");
  slider.type = "range"; slider.min = 0; slider.max = 100; slider.value = 50;
  slider.setAttribute("aria-label", "左边处置前，右边处置后");
  const show = () => pair.style.setProperty("--at", slider.value + "%");
  slider.addEventListener("input", show);
  pair.append(slider);
  pair.dataset.live = "";
  show();
}
const pictures = [...document.querySelectorAll("[data-lightbox]")];
if (pictures.length && window.HTMLDialogElement) {
  const box = document.createElement("dialog"), image = document.createElement("img"), caption = document.createElement("p"), bar = document.createElement("div");
  const many = pictures.length > 1;
  let at = 0;
  const button = (word, act) => { const b = document.createElement("button"); b.type = "button"; b.className = "button slim"; b.textContent = word; b.addEventListener("click", act); bar.append(b); return b; };
  const show = n => {
    at = (n + pictures.length) % pictures.length;
    const { view, caption: words } = pictures[at].dataset;
    image.src = view; image.alt = words;
    caption.textContent = many ? `${words}（${at + 1} / ${pictures.length}）` : words;
    original.href = pictures[at].href;
  };
  box.className = "lightbox"; box.dataset.keysInside = ""; box.setAttribute("aria-label", "查看照片");
  if (many) { button("上一张", () => show(at - 1)); button("下一张", () => show(at + 1)); }
  const original = document.createElement("a"); original.className = "button slim"; original.textContent = "原件"; bar.append(original);
  button("关闭", () => box.close());
  box.append(image, caption, bar);
  box.addEventListener("keydown", e => {
    if (!many) return;
    if (e.key === "ArrowLeft") show(at - 1);
    else if (e.key === "ArrowRight") show(at + 1);
    else return;
    e.preventDefault();
  });
  box.addEventListener("click", e => { if (e.target === box) box.close(); });
  box.addEventListener("close", () => pictures[at].focus());
  document.body.append(box);
  pictures.forEach((link, n) => link.addEventListener("click", e => {
    if (e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault(); show(n); box.showModal();
  }));
}
