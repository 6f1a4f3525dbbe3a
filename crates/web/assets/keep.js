// What must not be lost on a phone: a drawer in the browser itself (IndexedDB), and photos that fit a weak network. The
// public's are made small; an officer's are evidence and go as they were taken, unless they are too large even for that.
// Used by the citizen's form, the officer's to-dos and the registration. Nothing in here sends anything.
"use strict";
const lianzhi = (() => {
  const NAME = "lianzhi", STORE = "kept", SIDE = 2048, QUALITY = .85, ORIGINAL_BYTES = 8 << 20;
  let opened = null;
  function open() {
    opened ||= new Promise((yes, no) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
      asked.onsuccess = () => yes(asked.result);
      asked.onerror = () => no(asked.error);
    });
    return opened;
  }
  async function use(mode, work) {
    const db = await open();
    return new Promise((yes, no) => {
      const turn = db.transaction(STORE, mode), asked = work(turn.objectStore(STORE));
      turn.oncomplete = () => yes(asked.result);
      turn.onerror = turn.onabort = () => no(turn.error);
    });
  }
  // A browser that keeps nothing (private mode, full disk) must not stop anybody from sending.
  const quiet = work => work.catch(() => undefined);
  const put = thing => quiet(use("readwrite", s => s.put(thing)).then(() => true));
  const get = id => quiet(use("readonly", s => s.get(id)));
  const drop = id => quiet(use("readwrite", s => s.delete(id)));
  const all = async prefix => (await quiet(use("readonly", s => s.getAll())) || []).filter(t => t.id.startsWith(prefix));

  // Upright as the camera meant it, no longer than 2048 pixels, without place and device. What cannot be read here
  // (HEIC on some phones) or would not get smaller goes as it is.
  async function shrink(file) {
    if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) && !/\.(jpe?g|png|webp|hei[cf])$/i.test(file.name)) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const by = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * by));
      canvas.height = Math.max(1, Math.round(picture.height * by));
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const small = await new Promise(yes => canvas.toBlob(yes, "image/jpeg", QUALITY));
      if (!small || (by === 1 && small.size >= file.size)) return file;
      return new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
    } catch { return file; }
  }
  // The camera's own notes in a JPEG (when, where, with what), upright as the picture now is; null when it has none.
  async function notes(file) {
    const bytes = new Uint8Array(await file.slice(0, 1 << 17).arrayBuffer()), view = new DataView(bytes.buffer);
    if (view.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda; at += 2 + view.getUint16(at + 2)) {
      if (view.getUint16(at) !== 0xffe1 || view.getUint32(at + 4) !== 0x45786966) continue;
      const little = view.getUint16(at + 10) === 0x4949, list = at + 10 + view.getUint32(at + 14, little);
      for (let n = 0; n < view.getUint16(list, little); n++) {
        const entry = list + 2 + n * 12;
        if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
      }
      return bytes.subarray(at, at + 2 + view.getUint16(at + 2));
    }
    return null;
  }
  // As it was taken while it is no larger than 8 MB; else made small, with the camera's notes.
  async function original(file) {
    if (file.size <= ORIGINAL_BYTES) return file;
    const small = await shrink(file);
    const said = small === file ? null : await notes(file).catch(() => null);
    return said ? new File([small.slice(0, 2), said, small.slice(2)], small.name, { type: small.type, lastModified: file.lastModified }) : small;
  }
  function fill(input, files) {
    const hold = new DataTransfer();
    for (const file of files) hold.items.add(file);
    input.files = hold.files;
  }
  const size = bytes => bytes >= 1 << 20 ? (bytes / (1 << 20)).toFixed(1) + " MB" : Math.max(1, Math.round(bytes / 1024)) + " KB";

  // Chosen photos: gathered over several shots, made small, shown, and taken back with one tap.
  function shots(input, place, changed, { originals } = {}) {
    let files = [];
    const most = Number(input.dataset.most || 9), urls = new Map();
    const say = input.closest(".field, .snap")?.querySelector("[data-files-say]");
    function show() {
      place.replaceChildren(...files.map((file, n) => {
        const still = !/^(video|audio)\//.test(file.type);
        const box = document.createElement("figure"), picture = document.createElement(still ? "img" : "figcaption"), off = document.createElement("button");
        if (!urls.has(file)) urls.set(file, URL.createObjectURL(file));
        if (still) { picture.src = urls.get(file); picture.alt = `第 ${n + 1} 张照片`; } else picture.textContent = file.name;
        off.type = "button"; off.textContent = "×"; off.setAttribute("aria-label", `去掉第 ${n + 1} 张照片`);
        off.addEventListener("click", () => { URL.revokeObjectURL(urls.get(file)); urls.delete(file); set(files.filter(f => f !== file)); });
        box.append(picture, off);
        return box;
      }));
      if (say) say.textContent = files.length ? `${files.length} 张，共 ${size(files.reduce((n, f) => n + f.size, 0))}` : "";
    }
    function set(next, silent) { files = next.slice(0, most); fill(input, files); show(); if (!silent) changed?.(); }
    input.addEventListener("change", async event => {
      event.stopImmediatePropagation();
      const fresh = [...input.files];
      if (say) say.textContent = "正在整理照片…";
      const small = await Promise.all(fresh.map(originals ? original : shrink));
      if (files.length + small.length > most && say) { set([...files, ...small]); say.textContent = `最多 ${most} 张，多出的没有加进来。`; }
      else set([...files, ...small]);
    }, true);
    return { set: (list, silent) => set(list, silent), files: () => files };
  }
  // A map is a megabyte: it is fetched when somebody asks for it, and nobody has to.
  function map(button) {
    const box = document.createElement("div"), { sheets, src, lib, worker } = button.dataset;
    Object.assign(box.dataset, { mapPick: "", lng: "lng", lat: "lat" });
    (button.closest("p") || button).after(box);
    button.remove();
    if (window.lianzhiMap) { box.parentElement.dispatchEvent(new Event("htmx:load", { bubbles: true })); return; }
    if (document.getElementById("lianzhi-map")) return;
    for (const href of sheets.split(" ")) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
    const script = Object.assign(document.createElement("script"), { type: "module", id: "lianzhi-map" });
    Object.assign(script.dataset, { lib, worker });
    script.src = src;
    document.head.append(script);
  }
  function maps(root) {
    for (const button of root.querySelectorAll("[data-map-open][hidden]")) { button.hidden = false; button.addEventListener("click", () => map(button)); }
  }
  return { maps, put, get, drop, all, shrink, original, fill, shots, size };
})();
// Forms of a matter that ask for a place, also those that come later.
for (const form of document.querySelectorAll("form[data-place]")) lianzhi.maps(form);
document.addEventListener("htmx:load", event => { for (const form of event.target.querySelectorAll?.("form[data-place]") || []) lianzhi.maps(form); });
