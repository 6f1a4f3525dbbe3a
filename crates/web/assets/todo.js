// The officer's to-dos with JavaScript: the nearest first, photos small, voice on the page, the card changed at once,
// and nothing lost: what could not be sent stays in its form, in this phone too, and is sent again under the same key.
"use strict";
const page = document.querySelector("[data-todo]"), jobs = page.querySelector("[data-jobs]");
const SECS = Number(page.dataset.voiceSecs), VOICE_BYTES = 6 << 20, STALLED_MS = 120000;
const UNSENT = "todo:" + page.dataset.me + ":", KEPT_DAYS = 7;
// A place counts as where one is for a minute; arriving waits two seconds for one, no longer.
// Only who is being asked for the first time whether his place may be known gets longer, to say yes.
const HERE_MS = 60000, WAIT_MS = 2000, ASKED_MS = 10000;
const say = text => { page.querySelector("[data-say]").textContent = text; };
const camera = new WeakMap(), pending = new Set();
let here = null, sorted = "term";

// ---- order: by term as it comes, or by how far it is from here. The place never leaves the phone for this.
const rad = d => d * Math.PI / 180;
function metres(a, b) {
  const x = rad(b.lng - a.lng) * Math.cos(rad((a.lat + b.lat) / 2)), y = rad(b.lat - a.lat);
  return Math.hypot(x, y) * 6371008;
}
const words = m => m < 950 ? `约 ${Math.max(10, Math.round(m / 10) * 10)} 米` : `约 ${(m / 1000).toFixed(1)} 公里`;
function order() {
  const cards = [...jobs.querySelectorAll("[data-job]")];
  for (const card of cards) {
    const placed = here && card.dataset.lng;
    card.far = placed ? metres(here, { lng: Number(card.dataset.lng), lat: Number(card.dataset.lat) }) : Infinity;
    const far = card.querySelector("[data-far]");
    if (far) far.textContent = placed ? words(card.far) : "";
  }
  const due = c => Number(c.dataset.due || 9e15);
  const wanted = [...cards].sort((a, b) => sorted === "near" ? a.far - b.far || due(a) - due(b) : due(a) - due(b));
  // Only when it changes something: moving a card takes the focus from it.
  if (wanted.some((c, n) => c !== cards[n])) { const at = document.activeElement; jobs.append(...wanted); at?.focus?.({ preventScroll: true }); }
  const waiting = cards.filter(c => !("gone" in c.dataset)).length;
  const count = page.querySelector("[data-count]");
  count.textContent = (waiting + Number(count.dataset.elsewhere)).toLocaleString("en-US");
  page.querySelector("[data-none]").hidden = cards.length > 0;
}
const by = page.querySelector("[data-by]"), bySay = page.querySelector("[data-by-say]");
function sort(how) {
  sorted = how;
  for (const b of by.querySelectorAll("[data-sort]")) b.setAttribute("aria-pressed", String(b.dataset.sort === how));
  try { localStorage.setItem("lianzhi.todo", how); } catch { /* private mode */ }
  order();
}
const took = p => {
  here = { lng: p.coords.longitude, lat: p.coords.latitude, accuracy: Math.round(p.coords.accuracy), at: Date.now() };
};
const located = () => here && Date.now() - here.at < HERE_MS;
function locate(then, failed) {
  if (!navigator.geolocation) { failed?.(); return; }
  navigator.geolocation.getCurrentPosition(p => { took(p); order(); then?.(here); }, () => failed?.(), { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
}
// Where it may be known without asking, the place is kept up while an arrival waits here: the press then waits for nothing.
let watch = null, allowed = false, undecided = false;
function follow() {
  const wanted = allowed && document.visibilityState === "visible" && jobs.querySelector("[data-what=arrive] form[data-act]");
  if (wanted && watch === null) watch = navigator.geolocation.watchPosition(took, () => {}, { enableHighAccuracy: true, maximumAge: 30000 });
  else if (!wanted && watch !== null) { navigator.geolocation.clearWatch(watch); watch = null; }
}
if (navigator.geolocation) navigator.permissions?.query({ name: "geolocation" }).then(said => {
  const heed = () => { allowed = said.state === "granted"; undecided = said.state === "prompt"; follow(); };
  said.onchange = heed;
  heed();
}, () => {});
document.addEventListener("visibilitychange", follow);
by.addEventListener("click", event => {
  const how = event.target.closest("[data-sort]")?.dataset.sort;
  if (!how) return;
  const near = () => { bySay.textContent = `您的位置误差约 ${here.accuracy} 米`; sort("near"); };
  if (how !== "near") sort(how);
  else if (located()) near();
  else {
    bySay.textContent = "正在定位…";
    locate(near, () => { bySay.textContent = "没有得到您的位置，仍按期限排。"; });
  }
});
try { if (localStorage.getItem("lianzhi.todo") === "near") by.querySelector("[data-sort=near]").click(); } catch { /* private mode */ }

// ---- each card
function ready(card) {
  const form = card.querySelector("form[data-act]");
  if (!form || form.dataset.ready) return;
  form.dataset.ready = "1";
  for (const input of form.querySelectorAll("[data-snap]")) camera.set(input, lianzhi.shots(input, input.parentElement.querySelector("[data-thumbs]"), () => touched(form), { originals: true }));
  form.addEventListener("input", () => touched(form));
  place(form);
  voice(form);
  lianzhi.maps(form);
  follow();
}
const touched = form => { form.dataset.dirty = "1"; };

// Where one is when one arrives: asked for when the card is touched, shown with its accuracy, and corrected by hand.
function place(form) {
  const told = form.querySelector("[data-place-say]"), button = form.querySelector("[data-place]");
  if (!told || !button) return;
  button.hidden = false; button.textContent = "现在定位";
  told.textContent = "点“到场”时自动定位。";
  const take = () => {
    told.textContent = "正在定位…";
    locate(p => {
      if (form.dataset.own) return;
      form.elements.lng.value = p.lng.toFixed(6); form.elements.lat.value = p.lat.toFixed(6); form.elements.accuracy.value = p.accuracy;
      told.textContent = `已定位，误差约 ${p.accuracy} 米`;
    }, () => { told.textContent = "没有得到位置；可以自己填，也可以不填。"; });
  };
  button.addEventListener("click", () => { delete form.dataset.own; take(); });
  const own = () => { form.dataset.own = "1"; form.elements.accuracy.value = ""; told.textContent = "用您改的位置"; };
  for (const name of ["lng", "lat"]) form.elements[name].addEventListener("input", own);
  form.addEventListener("lianzhi:picked", own);
  const fill = () => {
    form.elements.lng.value = here.lng.toFixed(6); form.elements.lat.value = here.lat.toFixed(6); form.elements.accuracy.value = here.accuracy;
    told.textContent = `已定位，误差约 ${here.accuracy} 米`;
  };
  // The first touch of the card begins to look, the press takes what is there by then.
  form.addEventListener("pointerdown", () => { if (!located()) locate(); }, { once: true });
  form.located = async () => {
    if (form.elements.lng.value || form.dataset.own) return;
    if (!located()) {
      told.textContent = "正在定位…";
      await new Promise(done => { setTimeout(done, undecided ? ASKED_MS : WAIT_MS); locate(done, done); });
    }
    if (located()) fill(); else told.textContent = "没有得到位置，先登记到场时间。";
  };
}

function voice(form) {
  const box = form.querySelector("[data-voice]");
  if (!box || !window.MediaRecorder || !navigator.mediaDevices) return;
  const file = box.querySelector("[data-voice-file]"), button = box.querySelector("[data-record]"), told = box.querySelector("[data-voice-say]");
  const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  let recorder = null, began = 0, timer = 0, ended = null;
  file.hidden = true; button.hidden = false;
  const word = text => { button.querySelector("span").textContent = text; };
  const show = () => {
    const one = file.files[0];
    box.querySelector("audio")?.remove();
    if (!one) { told.textContent = ""; word("说一段"); return; }
    const sound = document.createElement("audio");
    sound.controls = true; sound.src = URL.createObjectURL(one); sound.setAttribute("aria-label", "刚录的语音");
    box.append(sound); word("重录");
    told.textContent = `语音 ${lianzhi.size(one.size)}`;
  };
  form.voiced = show;
  // What is being said is part of what is sent: it is finished first. Says no when it could not be kept.
  form.finishVoice = () => recorder ? new Promise(done => { ended = done; recorder.stop(); }) : true;
  button.addEventListener("click", async () => {
    if (recorder) { recorder.stop(); return; }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const kind = KINDS.find(k => MediaRecorder.isTypeSupported(k));
      recorder = new MediaRecorder(stream, { ...(kind ? { mimeType: kind } : {}), audioBitsPerSecond: 32000 });
      const pieces = [];
      recorder.ondataavailable = e => { if (e.data.size) pieces.push(e.data); };
      recorder.onstop = () => {
        clearInterval(timer);
        stream.getTracks().forEach(t => t.stop());
        const kind = recorder.mimeType.split(";")[0], end = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[kind] || "webm";
        const one = new File(pieces, `语音.${end}`, { type: kind });
        recorder = null;
        const fits = one.size <= VOICE_BYTES;
        if (!fits) { lianzhi.fill(file, []); show(); told.textContent = `录音 ${lianzhi.size(one.size)}，太大了，没有保留。请分几次说短一点。`; }
        else { lianzhi.fill(file, one.size ? [one] : []); show(); touched(form); }
        ended?.(fits); ended = null;
      };
      recorder.start(1000);
      began = Date.now();
      const tick = () => {
        const s = Math.floor((Date.now() - began) / 1000);
        told.textContent = `正在录 ${s} 秒，最长 ${SECS / 60} 分钟`;
        if (s >= SECS) recorder?.stop();
      };
      timer = setInterval(tick, 500); tick();
      word("说完了");
    } catch { told.textContent = "用不了话筒：请在浏览器里允许，或写在上面。"; recorder = null; }
  });
  file.addEventListener("change", () => {
    if (file.files[0] && file.files[0].size > VOICE_BYTES) { const n = file.files[0].size; lianzhi.fill(file, []); told.textContent = `文件 ${lianzhi.size(n)}，最多 ${lianzhi.size(VOICE_BYTES)}。`; return; }
    show();
  });
}

// ---- sending
const idOf = form => UNSENT + form.elements.form.value;
async function keepForm(form) {
  const fields = {}, files = {};
  for (const e of form.elements) {
    if (!e.name || e.name === "csrf") continue;
    if (e.type === "file") files[e.name] = [...(files[e.name] || []), ...e.files];
    else if (e.type === "radio") { if (e.checked) fields[e.name] = e.value; }
    else fields[e.name] = e.value;
  }
  const card = form.closest("[data-job]");
  const title = card.querySelector(".what a").textContent;
  return lianzhi.put({ id: idOf(form), at: Date.now(), job: card.dataset.job, what: card.dataset.what, title, fields, files });
}
function giveBack(form, kept) {
  for (const [name, v] of Object.entries(kept.fields)) {
    if (name === "expected") continue;
    const found = [...form.querySelectorAll(`[name="${name}"]`)].filter(e => e.type !== "file");
    if (found[0]?.type === "radio") { const r = found.find(e => e.value === v); if (r) r.checked = true; }
    else if (found[0]) found[0].value = v;
  }
  // The same request as then, under its key; what was seen of the record is what is on the page now.
  for (const [name, list] of Object.entries(kept.files)) {
    const input = form.querySelector(`input[type=file][name="${name}"]`);
    if (!input || !list.length) continue;
    if (camera.has(input)) camera.get(input).set(list, true); else lianzhi.fill(input, list);
  }
  form.voiced?.();
  form.querySelector("[data-sheet]")?.setAttribute("open", "");
  touched(form);
}
const EXPIRED = "登录已过期。内容都还在，登录以后回到这一页再发一次。";
function failed(form, text, again, signIn) {
  const box = form.closest("[data-job]").querySelector("[data-failed]");
  const line = document.createElement("p"), head = document.createElement("b");
  head.textContent = again ? "没有发出去。" : "没有办成。";
  line.append(head, text, ...(signIn ? [" ", forms.signInLink()] : []));
  box.replaceChildren(line);
  if (again) {
    const button = document.createElement("button");
    button.type = "button"; button.className = "button"; button.textContent = "再发一次"; button.dataset.again = "";
    button.addEventListener("click", () => send(form));
    box.append(button);
  }
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}
function busy(form, on) {
  const card = form.closest("[data-job]");
  card.toggleAttribute("data-sending", on);
  card.setAttribute("aria-busy", String(on));
  for (const b of form.querySelectorAll("button[type=submit]")) { b.dataset.word ||= b.textContent; b.textContent = on ? "正在发送…" : b.dataset.word; b.disabled = on; }
  const bar = form.querySelector("[data-progress]");
  if (!on) bar.hidden = true;
}
function post(form, body) {
  return new Promise((yes, no) => {
    const call = new XMLHttpRequest(), bar = form.querySelector("[data-progress]");
    call.open("POST", form.action);
    call.setRequestHeader("X-Part", "card");
    call.setRequestHeader("Accept", "text/html, application/problem+json;q=0.9");
    // Photos go as they were taken: slow is no fault, standing still is.
    let still = setTimeout(() => call.abort(), STALLED_MS);
    const moving = () => { clearTimeout(still); still = setTimeout(() => call.abort(), STALLED_MS); };
    call.upload.onprogress = e => {
      moving();
      if (!e.lengthComputable || e.total < 20000) return;
      bar.hidden = false;
      const part = Math.round(e.loaded * 100 / e.total);
      bar.querySelector("progress").value = part;
      bar.querySelector("[data-progress-say]").textContent = `已传 ${part}%，共 ${lianzhi.size(e.total)}`;
    };
    call.onload = () => yes(call);
    call.onerror = () => no(new Error("net"));
    call.onabort = () => no(new Error("timeout"));
    call.onloadend = () => clearTimeout(still);
    call.send(body);
  });
}
async function send(form) {
  if (pending.has(form)) return;
  pending.add(form);
  const card = form.closest("[data-job]"), box = card.querySelector("[data-failed]");
  box.hidden = true;
  busy(form, true);
  try {
    if (await form.finishVoice?.() === false) { failed(form, "刚才的录音太长，没有保留。请说短一点，或写在上面，再提交。", false); return; }
    if (card.dataset.what === "arrive") await form.located?.();
    await keepForm(form);
    const kept = idOf(form);
    let call;
    try {
      call = await post(form, new FormData(form));
      // Signed in again in another window: the same person goes on here with the new session.
      if (call.status === 403 && await forms.renewed(form)) call = await post(form, new FormData(form));
    }
    catch (error) {
      failed(form, error.message === "timeout" ? "等了两分钟没有回音。写的、拍的、录的都在，再发不会办两次。" : "网络不通。写的、拍的、录的都在这部手机里，关了再开也在。", true);
      return;
    }
    if (call.status >= 200 && call.status < 300) {
      await lianzhi.drop(kept);
      const next = new DOMParser().parseFromString(`<ol>${call.responseText}</ol>`, "text/html").querySelector("[data-job]");
      if (!next || call.responseURL.includes("/sign-in")) { failed(form, EXPIRED, true, true); await keepForm(form); return; }
      const fresh = document.importNode(next, true);
      card.replaceWith(fresh);
      ready(fresh); order();
      say(fresh.textContent.trim().slice(0, 60));
      navigator.vibrate?.(40);
      return;
    }
    let problem = {};
    try { problem = JSON.parse(call.responseText); } catch { /* not ours */ }
    const text = [problem.rule, problem.remedy].filter(Boolean).join("");
    if (call.status >= 500 || call.status === 429 || call.status === 408) failed(form, text || "服务器暂时没有接住。内容都在，请稍后再发。", true);
    else if (call.status === 401) failed(form, EXPIRED, true, true);
    else failed(form, text || "请检查后再提交。", false);
  } finally { pending.delete(form); if (form.isConnected) busy(form, false); }
}
jobs.addEventListener("submit", event => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  send(form);
}, true);

// ---- what was not sent when the browser was closed
async function unsent() {
  const lost = [], kept = [];
  // What nobody came back for in a week is somebody's particulars in a drawer.
  for (const one of await lianzhi.all("todo:")) {
    if (Date.now() - one.at > KEPT_DAYS * 86400000) await lianzhi.drop(one.id);
    else if (one.id.startsWith(UNSENT)) kept.push(one);
  }
  for (const one of kept) {
    const form = jobs.querySelector(`[data-job="${one.job}"][data-what="${one.what}"] form[data-act]`);
    if (form) { giveBack(form, one); failed(form, "上次没有发出的，都还在这里。", true); }
    else lost.push(one);
  }
  const box = page.querySelector("[data-unsent]");
  box.hidden = !lost.length;
  box.replaceChildren(...lost.map(one => {
    const row = document.createElement("div"), text = document.createElement("p"), link = document.createElement("a"), drop = document.createElement("button");
    row.className = "row";
    text.textContent = `没有确认送到：${one.title}${one.fields.note ? "，" + one.fields.note : ""}。这件已不在您的待办里，可能已经送到，或已改派。`;
    link.href = `/matters/${one.job}`; link.className = "button"; link.textContent = "看本件";
    drop.type = "button"; drop.className = "button"; drop.textContent = "知道了，删掉";
    drop.addEventListener("click", async () => { await lianzhi.drop(one.id); row.remove(); box.hidden = !box.children.length; });
    row.append(text, link, drop);
    return row;
  }));
}

// ---- live: cards come and go; one that is being filled in is left alone
let fetching = false, again = false;
async function renew() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    const answer = await fetch(`/todo?part=list&skip=${new URLSearchParams(location.search).get("skip") || 0}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(`<ol>${await answer.text()}</ol>`, "text/html");
    const found = new Map([...fresh.querySelectorAll("[data-job]")].map(c => [c.id, c]));
    let came = 0;
    for (const card of [...jobs.querySelectorAll("[data-job]")]) {
      const form = card.querySelector("form[data-act]");
      const filled = form?.dataset.dirty || pending.has(form), next = found.get(card.id);
      const used = filled || card.contains(document.activeElement) || card.querySelector("details[open]");
      found.delete(card.id);
      if ("gone" in card.dataset) continue;
      if (next) delete card.dataset.left;
      if (!next && filled && !pending.has(form)) { if (!("left" in card.dataset)) { card.dataset.left = ""; failed(form, "本件已不在您的待办里：已改派，或别人办过了。写的内容还在，请打开本件看看。", false); } }
      else if (!next && !filled) card.remove();
      else if (used) continue;
      else if (next.dataset.seq !== card.dataset.seq) { const c = document.importNode(next, true); card.replaceWith(c); ready(c); }
    }
    for (const next of found.values()) { if (jobs.querySelector(`[data-job="${next.dataset.job}"] form[data-dirty]`)) continue; const c = document.importNode(next, true); jobs.append(c); ready(c); came += 1; }
    order();
    if (came) say(`新到 ${came} 件`);
  } catch { /* no network: what is here stays */ } finally { fetching = false; if (again) { again = false; setTimeout(renew, 500); } }
}
let soon = 0;
const renewSoon = () => { clearTimeout(soon); soon = setTimeout(renew, 1000); };
document.body.addEventListener("lianzhi:matter", renewSoon);
document.body.addEventListener("lianzhi:refetch", renewSoon);

const net = () => { page.querySelector("[data-offline]").hidden = navigator.onLine; };
addEventListener("online", net); addEventListener("offline", net); net();
// A page that was left half filled is not thrown away by a slip of the thumb.
addEventListener("beforeunload", event => { if (pending.size) event.preventDefault(); });

for (const card of jobs.querySelectorAll("[data-job]")) ready(card);
order();
unsent();
