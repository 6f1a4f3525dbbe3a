// Draws a grid, or changes the border of one. What is drawn stands in the form as lines of coordinates, which work without
// the map too; this only edits them. Nothing is saved but by the form.
const box = document.querySelector("[data-map-draw]"), form = document.getElementById("draw");
const tools = document.getElementById("draw-tools"), hint = document.getElementById("draw-hint"), found = document.getElementById("draw-found");
const field = name => form.elements[name];
// How near, in pixels, a corner jumps onto a neighbour's corner or edge, so that no slit is left.
const REACH = 12;

const script = url => new Promise((done, failed) => { const s = document.createElement("script"); s.src = url; s.onload = done; s.onerror = failed; document.head.append(s); });
const lines = ring => ring.map(([x, y]) => `${x.toFixed(6)}, ${y.toFixed(6)}`).join("\n");
function read(text) {
  if (!text.trim() || text.trim().startsWith("{")) return null;
  const ring = text.trim().split("\n").filter(l => l.trim()).map(l => l.split(/[,，;；\s]+/).filter(Boolean).map(Number));
  if (ring.length < 3 || ring.some(c => c.length !== 2 || c.some(n => !Number.isFinite(n)))) return null;
  const [a, b] = [ring[0], ring[ring.length - 1]];
  if (a[0] === b[0] && a[1] === b[1]) ring.pop();
  return ring.length < 3 ? null : ring;
}
const closed = ring => [...ring, ring[0]];
const edges = ring => ring.map((a, i) => [a, ring[(i + 1) % ring.length]]);

// Where two segments cross: how far along the first, or nothing.
function crossing([a, b], [c, d]) {
  const r = [b[0] - a[0], b[1] - a[1]], s = [d[0] - c[0], d[1] - c[1]], under = r[0] * s[1] - r[1] * s[0];
  if (Math.abs(under) < 1e-18) return null;
  const t = ((c[0] - a[0]) * s[1] - (c[1] - a[1]) * s[0]) / under, u = ((c[0] - a[0]) * r[1] - (c[1] - a[1]) * r[0]) / under;
  return t >= 0 && t <= 1 && u >= 0 && u <= 1 ? t : null;
}
// A ring cut in two along a line that crosses it twice; the parts share the line exactly.
function split(ring, line) {
  const cuts = [];
  for (let i = 0; i + 1 < line.length; i++) edges(ring).forEach((edge, at) => {
    const t = crossing([line[i], line[i + 1]], edge);
    if (t === null) return;
    const p = [0, 1].map(k => Number((line[i][k] + t * (line[i + 1][k] - line[i][k])).toFixed(6)));
    if (!cuts.some(c => Math.abs(c.p[0] - p[0]) + Math.abs(c.p[1] - p[1]) < 2e-6)) cuts.push({ along: i + t, at, p });
  });
  if (cuts.length !== 2) return null;
  cuts.sort((a, b) => a.along - b.along);
  const [from, to] = cuts, inner = line.slice(Math.floor(from.along) + 1, Math.ceil(to.along)).map(p => p.map(v => Number(v.toFixed(6))));
  const walk = (begin, end) => { const out = []; for (let i = (begin + 1) % ring.length; ; i = (i + 1) % ring.length) { out.push(ring[i]); if (i === end) return out; } };
  const far = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) > 1e-6;
  const tidy = r => r.filter((p, i) => far(p, r[(i + 1) % r.length]));
  const one = from.at === to.at ? null : tidy([from.p, ...inner, to.p, ...walk(to.at, from.at)]);
  const other = from.at === to.at ? null : tidy([to.p, ...inner.slice().reverse(), from.p, ...walk(from.at, to.at)]);
  return one && other && one.length > 2 && other.length > 2 ? [one, other] : null;
}
const area = ring => Math.abs(edges(ring).reduce((sum, [[x1, y1], [x2, y2]]) => sum + x1 * y2 - x2 * y1, 0));

async function begin() {
  const kit = window.lianzhiMap;
  if (!box || !kit || form.querySelector("fieldset[disabled]") && !field("ring").value) return;
  box.hidden = false;
  await script(box.dataset.terra);
  await script(box.dataset.adapter);
  const { lib, map } = await kit.create(box, { grids: true });
  // What corners snap to is seen from the first: elsewhere borders of grids come only further in.
  map.setLayerZoomRange("grid-lines", 0, 24);
  map.setPaintProperty("grid-lines", "line-width", ["interpolate", ["linear"], ["zoom"], 11, .75, 15, 1.5]);
  const { TerraDraw, TerraDrawPolygonMode, TerraDrawLineStringMode, TerraDrawSelectMode } = window.terraDraw;
  const grids = (await map.lianzhi.grids).filter(f => f.properties.code !== field("old").value);
  const polygons = f => f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates;
  const rings = grids.flatMap(f => polygons(f).flat().map(r => r.slice(0, -1)));
  const shapes = rings.map(ring => ({ ring, box: kit.around({ type: "Polygon", coordinates: [ring] }) }));

  // Onto a neighbour's corner first, else onto its edge.
  function snap(event) {
    const here = { x: event.containerX, y: event.containerY };
    const a = map.unproject([here.x - REACH, here.y + REACH]), b = map.unproject([here.x + REACH, here.y - REACH]);
    let corner = null, near = REACH, edge = null, beside = REACH;
    for (const s of shapes) {
      if (s.box[2] < a.lng || s.box[0] > b.lng || s.box[3] < a.lat || s.box[1] > b.lat) continue;
      const points = s.ring.map(c => map.project(c));
      points.forEach((p, i) => {
        const far = Math.hypot(p.x - here.x, p.y - here.y);
        if (far < near) { near = far; corner = s.ring[i]; }
        const q = points[(i + 1) % points.length], dx = q.x - p.x, dy = q.y - p.y, long = dx * dx + dy * dy;
        const t = long ? Math.max(0, Math.min(1, ((here.x - p.x) * dx + (here.y - p.y) * dy) / long)) : 0;
        const off = Math.hypot(p.x + t * dx - here.x, p.y + t * dy - here.y);
        if (off < beside) { beside = off; const [c, d] = [s.ring[i], s.ring[(i + 1) % s.ring.length]]; edge = [c[0] + t * (d[0] - c[0]), c[1] + t * (d[1] - c[1])]; }
      });
    }
    const to = corner || edge;
    return to && to.map(v => Number(v.toFixed(6)));
  }
  const snapping = { toCustom: snap };
  const hex = name => kit.colour(name);
  const styles = { fillColor: hex("accent"), fillOpacity: .2, outlineColor: hex("accent"), outlineWidth: 3, closingPointColor: hex("near"), closingPointWidth: 7, closingPointOutlineColor: hex("surface"), closingPointOutlineWidth: 2, snappingPointColor: hex("late"), snappingPointWidth: 6 };
  const draw = new TerraDraw({
    adapter: new window.terraDrawMaplibreGlAdapter.TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 6 }),
    modes: [
      new TerraDrawPolygonMode({ snapping, styles }),
      new TerraDrawLineStringMode({ snapping, styles: { lineStringColor: hex("late"), lineStringWidth: 3 } }),
      new TerraDrawSelectMode({
        allowManualDeselection: false,
        flags: { polygon: { feature: { draggable: false, coordinates: { midpoints: { draggable: true }, draggable: true, deletable: true, snappable: snapping } } } },
        styles: { selectedPolygonColor: hex("accent"), selectedPolygonFillOpacity: .2, selectedPolygonOutlineColor: hex("accent"), selectedPolygonOutlineWidth: 3, selectionPointColor: hex("surface"), selectionPointOutlineColor: hex("accent"), selectionPointOutlineWidth: 2, selectionPointWidth: 6, midPointColor: hex("accent"), midPointWidth: 4, midPointOutlineColor: hex("surface"), midPointOutlineWidth: 1 },
      }),
    ],
  });
  draw.start();
  // By the form's name: which drawn shape is which border.
  const ids = {};
  let quiet = false;
  const put = (name, ring) => {
    quiet = true;
    if (ids[name] && draw.hasFeature(ids[name])) draw.removeFeatures([ids[name]]);
    delete ids[name];
    if (ring) {
      const outcome = draw.addFeatures([{ type: "Feature", geometry: { type: "Polygon", coordinates: [closed(ring.map(p => p.map(v => Number(v.toFixed(6)))))] }, properties: { mode: "polygon" } }]);
      if (outcome[0]?.valid) ids[name] = outcome[0].id;
      else hint.textContent = "这个边界画不出来：可能自相交。请检查坐标。";
    }
    quiet = false;
  };
  const told = () => { found.replaceChildren(); marks(); };
  const write = (name, ring) => { field(name).value = lines(ring); told(); };
  const ringOf = id => draw.getSnapshotFeature(id)?.geometry.coordinates[0].slice(0, -1);

  let marked = [];
  function marks(list = []) {
    for (const m of marked) m.remove();
    marked = list.map(f => { const m = new lib.Marker({ color: hex("late"), scale: .8 }).setLngLat(f.at).setPopup(new lib.Popup({ offset: 24 }).setText(f.words)).addTo(map); return m; });
  }

  const says = {
    polygon: "逐点单击画边界，靠近相邻网格的角点或边会自动吸附；单击第一点或按回车完成，按 Esc 取消。",
    select: "拖动角点；拖动边中间的小点可加角点；在角点上按右键删除。靠近相邻网格会自动吸附。",
    linestring: "画一条穿过网格的线，起点和终点都在网格外；双击或按回车完成，网格就沿线分成两个。",
  };
  const buttons = {};
  function mode(name) {
    if (name === "select" && !ids.ring) return;
    draw.setMode(name);
    if (name === "select") draw.selectFeature(ids.ring);
    for (const [m, b] of Object.entries(buttons)) b.setAttribute("aria-pressed", String(m === name));
    hint.textContent = says[name];
    map.doubleClickZoom[name === "select" ? "enable" : "disable"]();
  }
  const button = (title, press, name) => { const b = document.createElement("button"); b.type = "button"; b.className = "button slim"; b.textContent = title; b.addEventListener("click", press); if (name) buttons[name] = b; tools.append(b); };
  button("重画", () => { put("ring"); put("ring2"); field("ring").value = ""; unsplit(); told(); mode("polygon"); }, "polygon");
  button("改角点", () => mode("select"), "select");
  button("拆成两个", () => { if (!ids.ring) { hint.textContent = "先画出网格，再拆分。"; return; } mode("linestring"); }, "linestring");
  button("撤回到打开时", () => { for (const name of ["ring", "ring2"]) { field(name).value = field(name).defaultValue; put(name, read(field(name).value)); } if (!field("ring2").value) unsplit(); told(); mode(ids.ring ? "select" : "polygon"); });
  tools.hidden = false;
  function unsplit() { document.getElementById("split").hidden = true; for (const name of ["code2", "name2", "unit2", "ring2"]) field(name).value = ""; put("ring2"); }

  draw.on("finish", (id, context) => {
    const feature = draw.getSnapshotFeature(id);
    if (context.mode === "polygon") {
      if (ids.ring && ids.ring !== id) draw.removeFeatures([ids.ring]);
      ids.ring = id;
      write("ring", ringOf(id));
      setTimeout(() => mode("select"));
      guess();
    } else if (context.mode === "linestring") {
      const line = feature.geometry.coordinates;
      setTimeout(() => { draw.removeFeatures([id]); cut(line); });
    } else if (context.mode === "select") {
      const name = Object.keys(ids).find(n => ids[n] === id);
      if (name) write(name, ringOf(id));
    }
  });
  function cut(line) {
    const parts = split(read(field("ring").value) || [], line);
    if (!parts) { hint.textContent = "这条线没有把网格分成两个：起点和终点都要在网格外，中间只穿过一次。"; mode("select"); return; }
    parts.sort((a, b) => area(b) - area(a));
    put("ring", parts[0]); put("ring2", parts[1]);
    write("ring", parts[0]); write("ring2", parts[1]);
    document.getElementById("split").hidden = false;
    const option = field("town").selectedOptions[0];
    if (!field("code2").value && option?.dataset.next) field("code2").value = option.dataset.next === field("code").value ? next(option.dataset.next) : option.dataset.next;
    if (!field("unit2").value) field("unit2").value = field("unit").value;
    mode("select");
    hint.textContent = "已沿线分成两个，大的一半保留原编码。请给拆出的网格填名称，检查后保存。";
    field("name2").focus();
  }
  const next = code => code.slice(0, 9) + String(Number(code.slice(9)) + 1).padStart(6, "0");
  // A new grid: its town is that of its neighbour, its code the next free one.
  function guess() {
    if (field("old").value) return;
    const ring = read(field("ring").value), middle = ring.reduce((m, p) => [m[0] + p[0] / ring.length, m[1] + p[1] / ring.length], [0, 0]);
    const beside = grids.map(f => [Math.min(...polygons(f).flat(2).map(c => Math.hypot(c[0] - middle[0], c[1] - middle[1]))), f]).sort((a, b) => a[0] - b[0])[0]?.[1];
    if (beside && !field("town").value) field("town").value = beside.properties.town;
    coded();
  }
  function coded() { const option = field("town").selectedOptions[0]; if (!field("old").value && option?.dataset.next) field("code").value = option.dataset.next; }
  field("town").addEventListener("change", coded);
  for (const name of ["ring", "ring2"]) field(name).addEventListener("change", () => { const ring = read(field(name).value); put(name, ring); told(); if (ring && name === "ring") { fit(); mode("select"); } });
  const fit = () => { const ring = read(field("ring").value); if (!ring) return; const b = kit.around({ type: "Polygon", coordinates: [ring] }); map.fitBounds([[b[0], b[1]], [b[2], b[3]]], { padding: 80, animate: false }); };

  for (const name of ["ring", "ring2"]) put(name, read(field(name).value));
  fit();
  if (form.querySelector("fieldset[disabled]")) { tools.hidden = true; draw.setMode("static"); }
  else if (field("ring").value.trim().startsWith("{")) { tools.hidden = true; hint.textContent = "这个网格有多个部分或孔洞，请改下面的 GeoJSON，或在列表里上传文件。"; }
  else mode(ids.ring ? "select" : "polygon");

  // Checks without leaving the map: what overlaps and where nobody answers stands on it.
  form.addEventListener("submit", async e => {
    if (e.submitter?.value !== "check") return;
    e.preventDefault();
    found.textContent = "正在检查…";
    const data = new URLSearchParams(new FormData(form));
    data.set("what", "check");
    const p = (text, cls) => { const el = document.createElement("p"); el.textContent = text; if (cls) el.className = cls; return el; };
    try {
      const answer = await fetch(form.action, { method: "POST", headers: { accept: "application/json" }, body: data });
      const said = await answer.json();
      if (!answer.ok) { found.replaceChildren(p(said.rule, "fault"), p(said.remedy, "quiet small")); marks(); form.elements[said.field]?.focus(); return; }
      const list = [...said.overlaps, ...said.gaps];
      marks(list);
      const lacking = said.lacking ? [p(said.lacking)] : [];
      if (!list.length) { found.replaceChildren(p(lacking.length ? "✓ 没有发现重叠和空隙。" : "✓ 没有发现重叠和空隙，可以保存。"), ...lacking); return; }
      const ul = document.createElement("ul");
      ul.className = "small";
      for (const f of list) {
        const li = document.createElement("li"), go = document.createElement("button");
        go.type = "button"; go.className = "linkish"; go.textContent = f.words;
        go.addEventListener("click", () => map.easeTo({ center: f.at, zoom: Math.max(map.getZoom(), 16) }));
        li.append(go); ul.append(li);
      }
      found.replaceChildren(ul, p("有重叠或空隙也可以保存；重叠处的上报归编码小的网格，空隙处的归最近的网格。", "quiet small"), ...lacking);
    } catch { found.replaceChildren(p("没有检查成，请看看网络，再试一次。填的内容都在。", "fault")); }
  });
  box.lianzhiDraw = { draw, ids, snap, split };
}
const start = () => begin().catch(error => { console.warn("map-draw:", error.message); box.hidden = true; hint.textContent = "这个浏览器不能显示活动地图，请在右边填坐标。"; });
if (window.lianzhiMap) start(); else document.addEventListener("lianzhi:map-ready", start, { once: true });
