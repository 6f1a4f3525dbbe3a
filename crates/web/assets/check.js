// Compares a file with the digests of what was issued, in the browser: the file stays there.
"use strict";
(() => {
  const form = document.querySelector("form[data-check]");
  if (!form || !window.crypto?.subtle) return;
  const issued = form.dataset.check.split(" ");
  const say = document.querySelector("[data-check-say]");
  document.querySelector("[data-local]")?.removeAttribute("hidden");
  form.addEventListener("submit", async event => {
    const file = form.querySelector("input[type=file]").files[0];
    if (!file) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say.className = "";
    say.textContent = "正在比较……";
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, "0")).join("");
    const same = issued.includes(hex);
    say.className = same ? "done-line" : "refusal";
    say.textContent = same ? "一致：这个文件就是本机关签发的那一份。" : "不一致：这个文件不是签发的那一份，可能被改动过，也可能是拍照、扫描或者另存的。请以上面的内容和纸质文书为准。";
  }, true);
})();
