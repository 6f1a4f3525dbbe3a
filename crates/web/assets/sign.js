// A signature drawn with a finger, a pen or a mouse, sent as a picture. Without this file the form stays hidden and paper is signed.
"use strict";
for (const form of document.querySelectorAll("[data-sign]")) {
  const pad = form.querySelector("canvas"), fault = form.querySelector("[data-sign-fault]");
  const pen = pad.getContext("2d");
  let drawn = 0, last = null;
  const clear = () => { pen.clearRect(0, 0, pad.width, pad.height); drawn = 0; };
  const at = e => {
    const box = pad.getBoundingClientRect();
    return [(e.clientX - box.left) * pad.width / box.width, (e.clientY - box.top) * pad.height / box.height];
  };
  pen.lineWidth = 6; pen.lineCap = "round"; pen.lineJoin = "round"; pen.strokeStyle = "#111";
  pad.addEventListener("pointerdown", e => { pad.setPointerCapture(e.pointerId); last = at(e); e.preventDefault(); });
  pad.addEventListener("pointermove", e => {
    if (!last) return;
    const [x, y] = at(e);
    pen.beginPath(); pen.moveTo(...last); pen.lineTo(x, y); pen.stroke();
    drawn += Math.hypot(x - last[0], y - last[1]);
    last = [x, y];
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => { last = null; });
  form.querySelector("[data-sign-clear]").addEventListener("click", clear);
  const say = words => { fault.textContent = words; fault.hidden = !words; };
  form.addEventListener("submit", async e => {
    e.preventDefault();
    // A dot is no signature.
    if (drawn < 60) return say("框里还没有签名，请签名后再保存。");
    say("");
    const picture = await new Promise(done => pad.toBlob(done, "image/png"));
    const body = new FormData(form);
    body.append("exhibits", picture, "signature.png");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
      if (answer.ok) { location.href = answer.url; return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      say((page.querySelector("[role=alert]")?.textContent || "没有保存，请再试一次。").trim().replace(/\s+/g, " "));
    } catch {
      say("网络不通，签名没有保存。请再试一次，或者打印后手写签名。");
    }
  });
  form.hidden = false;
}
