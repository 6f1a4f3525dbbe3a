// Live maps. Each puts itself in the place of a plain drawing, which stays where a browser cannot do it.
//
//   <div data-map …>        points, clusters and heat with the filters of the address
//     data-src              where the points come from (/map/matters.geojson)
//     data-query            filters when the address has none; data-fixed: these whatever the address says
//     data-side="#id"       what stands beside it: fetched again when the view changes
//     data-crumbs="#id"     region › town › grid
//     data-hash             keeps centre and zoom in the address
//     data-heat             offers heat
//     data-compact          small, for a panel
//     data-route="url"      the way of one matter instead of points; data-list="#id" lists its stops
//   <div data-map-pick data-lng="lng" data-lat="lat">   a pin that fills two fields of the form around it
//
// Nothing is asked of any other host unless tiles are configured, and then only pictures. Names are drawn from the
// machine's own fonts.
const boot = document.getElementById("lianzhi-map").dataset;
let libraryP, baseP;
const library = () => libraryP ??= import(boot.lib).then(m => { m.setWorkerUrl(new URL(boot.worker, location.href).href); return m; });
// What fails on the way speaks the browser's language: people are told in theirs.
const json = async (url, signal) => {
  const own = (words, remedy = "请稍后重试。") => Object.assign(new Error(words), { remedy });
  const answer = await fetch(url, { headers: { accept: "application/json" }, signal }).catch(error => {
    throw error.name === "AbortError" ? error : own("网络不通，请稍后重试。", "");
  });
  const said = await answer.json().catch(error => { if (error.name === "AbortError") throw error; return null; });
  if (answer.status === 401) throw own("登录已过期，请刷新页面后登录。", "");
  if (!answer.ok || said === null) throw own(said?.rule || `地图数据没有取到（${answer.status}）。`, said?.remedy);
  return said;
};
const base = () => baseP ??= json("/map/base.json");
const html = async (url, signal) => {
  const answer = await fetch(url, { headers: { accept: "text/html" }, signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html").body;
};
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || "#888888";
const dark = () => {
  const n = parseInt(colour("surface").replace("#", "").slice(0, 6), 16);
  return ((n >> 16) * 3 + ((n >> 8) & 255) * 6 + (n & 255)) / 10 < 128;
};
const nothing = () => ({ type: "FeatureCollection", features: [] });
const words = { "Map.Title": "地图", "NavigationControl.ZoomIn": "放大", "NavigationControl.ZoomOut": "缩小", "NavigationControl.ResetBearing": "朝北", "AttributionControl.ToggleAttribution": "图源", "Popup.Close": "关闭", "Marker.Title": "位置", "ScaleControl.Meters": "米", "ScaleControl.Kilometers": "公里" };
const count = n => n < 10000 ? String(n) : `${(n / 10000).toFixed(n < 100000 ? 1 : 0)}万`;

// What lies under everything, in the colours of the page.
function style(about, withGrids) {
  const sources = {
    towns: { type: "geojson", data: "/map/divisions.geojson" },
    "town-names": { type: "geojson", data: nothing() },
    "grid-names": { type: "geojson", data: nothing() },
  };
  if (withGrids) sources.grids = { type: "geojson", data: "/map/grids.geojson" };
  const layers = [{ id: "ground", type: "background", paint: {} }];
  for (const name of ["tiles", "labels"]) {
    if (!about[name]?.length) continue;
    sources[name] = { type: "raster", tiles: about[name], tileSize: about.tile_px || 256, maxzoom: about.max_zoom || 18, attribution: name === "tiles" ? escaped(about.attribution) : "" };
    layers.push({ id: name, type: "raster", source: name });
  }
  layers.push({ id: "towns", type: "fill", source: "towns", paint: { "fill-opacity": about.tiles?.length ? 0 : 1 } });
  if (withGrids) layers.push({ id: "grid-lines", type: "line", source: "grids", minzoom: 10.5, paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 11, .5, 15, 1.5] } });
  layers.push({ id: "town-lines", type: "line", source: "towns", paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 9, .75, 14, 2] } });
  const name = (id, source, low, high, size) => ({
    id, type: "symbol", source, minzoom: low, maxzoom: high,
    layout: { "text-field": ["get", "name"], "text-font": ["sans"], "text-size": size, "text-padding": 4, "text-max-width": 8 },
    paint: { "text-halo-width": 1.5 },
  });
  layers.push(name("town-names", "town-names", 8, 13.5, 13));
  if (withGrids) layers.push(name("grid-names", "grid-names", 13, 24, 12));
  return { version: 8, sources, layers };
}
const escaped = text => { const span = document.createElement("span"); span.textContent = text || ""; return span.innerHTML; };

// The colours of the page, also after it turned dark.
const paints = {
  ground: [["background-color", "land-3"]],
  towns: [["fill-color", "land-1"]],
  "grid-lines": [["line-color", "grid"]],
  "town-lines": [["line-color", "border"]],
  "town-names": [["text-color", "ink-2"], ["text-halo-color", "land-1"]],
  "grid-names": [["text-color", "ink-3"], ["text-halo-color", "land-1"]],
  clusters: [["circle-color", "accent"], ["circle-stroke-color", "surface"]],
  "cluster-counts": [["text-color", "on-accent"]],
  "route-lines": [["line-color", "accent"]], "route-drawn": [["line-color", "ink-3"]],
  "route-stops": [["circle-stroke-color", "surface"]], "route-numbers": [["text-color", "on-accent"]],
};
function paint(map, box) {
  box.toggleAttribute("data-dark", dark());
  for (const [layer, list] of Object.entries(paints)) {
    if (map.getLayer(layer)) for (const [property, token] of list) map.setPaintProperty(layer, property, colour(token));
  }
  const states = ["match", ["get", "state"], "late", colour("late"), "near", colour("near"), "done", colour("done"), colour("ink-2")];
  if (map.getLayer("points")) { map.setPaintProperty("points", "text-color", states); map.setPaintProperty("points", "text-halo-color", colour("surface")); map.setPaintProperty("points-ground", "circle-color", colour("surface")); map.setPaintProperty("points-ground", "circle-stroke-color", states); }
  if (map.getLayer("route-stops")) map.setPaintProperty("route-stops", "circle-color", ["match", ["get", "kind"], "given", colour("ink-3"), "photo", colour("near"), colour("accent")]);
  if (map.getLayer("heat")) map.setPaintProperty("heat", "heatmap-color", ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0,0,0,0)", .15, fade(colour("accent"), .45), .5, fade(colour("near"), .7), 1, fade(colour("late"), .9)]);
}
const fade = (hex, alpha) => { const n = parseInt(hex.replace("#", ""), 16); return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${alpha})`; };

function note(box, text) {
  let say = box.querySelector(":scope > .map-note");
  if (!say) { say = document.createElement("p"); say.className = "map-note"; say.setAttribute("role", "status"); box.append(say); }
  say.textContent = text || ""; say.hidden = !text;
  clearTimeout(say.timer);
  if (text) say.timer = setTimeout(() => { say.hidden = true; }, 6000);
}

// A button among the map's own.
class Word {
  constructor(title, label, press) { Object.assign(this, { title, label, press }); }
  onAdd(map) {
    const box = document.createElement("div"), button = document.createElement("button");
    box.className = "maplibregl-ctrl maplibregl-ctrl-group";
    button.type = "button"; button.className = "map-word"; button.textContent = this.title; button.setAttribute("aria-label", this.label);
    button.addEventListener("click", () => this.press(button, map));
    box.append(button); this.box = box; this.button = button;
    return box;
  }
  onRemove() { this.box.remove(); }
}

// One's own place: asked for by a press, shown as a dot, told to nobody.
function own(lib, box, then) {
  let dot;
  return new Word("我的位置", "显示我的位置", (_, map) => {
    if (!("geolocation" in navigator)) { note(box, "这台设备不能定位。"); return; }
    note(box, "正在定位…");
    navigator.geolocation.getCurrentPosition(p => {
      const at = [p.coords.longitude, p.coords.latitude];
      note(box, `误差约 ${Math.round(p.coords.accuracy)} 米，位置只显示在这里，不会发送。`);
      if (then) { note(box, ""); then(at, p.coords.accuracy); return; }
      if (!dot) { const spot = document.createElement("div"); spot.className = "map-me"; dot = new lib.Marker({ element: spot }).setLngLat(at).addTo(map); spot.setAttribute("aria-label", "我的位置"); spot.setAttribute("role", "img"); }
      dot.setLngLat(at);
      map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 15) });
    }, () => note(box, "没有得到位置，请检查定位权限。"), { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
}

// A map in this box, with towns (and grids), coloured. Gives nothing where the browser cannot draw it.
async function create(box, { grids = true, hash = false, compact = false, at, zoom } = {}) {
  const [lib, about] = await Promise.all([library(), base()]);
  const canvas = document.createElement("div");
  canvas.className = "map-canvas";
  box.append(canvas);
  const bounds = about.bounds;
  let map;
  try {
    map = new lib.Map({
      container: canvas, style: style(about, grids), locale: words, hash: hash && "at",
      ...(at ? { center: at, zoom: zoom ?? 15 } : bounds ? { bounds: [[bounds[0], bounds[1]], [bounds[2], bounds[3]]], fitBoundsOptions: { padding: compact ? 12 : 24 } } : { center: [121.1, 31.15], zoom: 10 }),
      maxZoom: 19, minZoom: 6, dragRotate: false, pitchWithRotate: false, attributionControl: false, fadeDuration: 0,
      localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
    });
  } catch (error) {
    canvas.remove();
    note(box, "这个浏览器不能显示活动地图，下面是示意图。");
    throw error;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  if (about.attribution) map.addControl(new lib.AttributionControl({ compact: true }));
  map.addControl(new lib.NavigationControl({ showCompass: false }), "top-right");
  if (!compact) map.addControl(new lib.ScaleControl({ unit: "metric" }), "bottom-right");
  await new Promise((done, failed) => { map.once("load", done); map.once("error", e => { if (!map.isStyleLoaded()) failed(e.error); }); setTimeout(() => failed(new Error("slow")), 60000); });
  canvas.dataset.drawn = "";
  const townOf = {};
  // On the map a grid's name needs neither its town's nor that it is for show: both stand beside it.
  const short = ({ name, town }) => (townOf[town] ? name.replace(townOf[town], "") : name).replace(/（示意）|示意网格/, "").trim() || name;
  const names = async (url, target) => {
    const layer = await json(url);
    const features = layer.features.filter(f => f.properties.at).map(f => ({ type: "Feature", properties: { name: short(f.properties) }, geometry: { type: "Point", coordinates: f.properties.at } }));
    map.getSource(target)?.setData({ type: "FeatureCollection", features });
    return layer.features;
  };
  const towns = names("/map/divisions.geojson", "town-names").catch(() => []);
  map.lianzhi = {
    about, towns,
    grids: grids ? towns.then(list => { for (const f of list) townOf[f.properties.code] = f.properties.name; return names("/map/grids.geojson", "grid-names"); }).catch(() => []) : Promise.resolve([]),
  };
  paint(map, box);
  const repaint = () => paint(map, box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  new ResizeObserver(() => map.resize()).observe(box);
  box.setAttribute("data-ready", "");
  box.lianzhiMap = map;
  return { lib, map, about };
}

// Points, clusters, heat.
async function live(box) {
  const { compact, src = "/map/matters.geojson" } = { compact: "compact" in box.dataset, src: box.dataset.src };
  const { lib, map } = await create(box, { hash: "hash" in box.dataset, compact });
  map.addSource("heat", { type: "geojson", data: nothing() });
  map.addSource("matters", { type: "geojson", data: nothing() });
  map.addLayer({ id: "heat", type: "heatmap", source: "heat", layout: { visibility: "none" }, paint: {
    "heatmap-weight": ["get", "weight"], "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 9, .8, 15, 1.6], "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 9, 24, 15, 44], "heatmap-opacity": .85 } }, "town-lines");
  map.addLayer({ id: "clusters", type: "circle", source: "matters", filter: [">", ["get", "n"], 1], paint: { "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "n"]], 1, 12, 10, 20, 100, 34], "circle-stroke-width": 2, "circle-opacity": .92 } });
  map.addLayer({ id: "cluster-counts", type: "symbol", source: "matters", filter: [">", ["get", "n"], 1], layout: { "text-field": ["get", "text"], "text-font": ["sans"], "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true } });
  map.addLayer({ id: "points-ground", type: "circle", source: "matters", filter: ["==", ["get", "n"], 1], paint: { "circle-radius": 10, "circle-stroke-width": 1.5 } });
  map.addLayer({ id: "points", type: "symbol", source: "matters", filter: ["==", ["get", "n"], 1], layout: { "text-field": ["match", ["get", "state"], "late", "▲", "near", "◐", "done", "✓", "paused", "‖", ""], "text-font": ["sans"], "text-size": 15, "text-offset": [0, -.08], "text-allow-overlap": true, "text-ignore-placement": true }, paint: { "text-halo-width": .5 } });
  paint(map, box);
  const side = box.dataset.side && document.querySelector(box.dataset.side);

  // The filters of the address; those of the box where it has none.
  const filters = () => {
    if ("fixed" in box.dataset) return new URLSearchParams(box.dataset.query);
    const asked = new URLSearchParams(location.search);
    for (const name of ["bbox", "at", "heat", "cursor", "view", "order"]) asked.delete(name);
    for (const [name, value] of [...asked]) if (!value.trim()) asked.delete(name);
    const given = new URLSearchParams(box.dataset.query || "");
    given.delete("bbox");
    return [...asked].length ? asked : given;
  };
  const view = () => {
    const b = map.getBounds(), clamp = (v, most) => Math.max(-most, Math.min(most, v)).toFixed(6);
    return [clamp(b.getWest(), 180), clamp(b.getSouth(), 90), clamp(b.getEast(), 180), clamp(b.getNorth(), 90)].join(",");
  };
  let asked, heat = new URLSearchParams(location.search).get("heat") === "1" && "heat" in box.dataset;
  async function fetchAll() {
    asked?.abort();
    const { signal } = asked = new AbortController();
    const query = filters();
    query.set("bbox", view());
    const zoom = Math.max(0, Math.min(22, Math.round(map.getZoom()) + 1));
    box.setAttribute("aria-busy", "true");
    try {
      const about = `${src}?${query}&zoom=${zoom}`;
      const [points, warm] = await Promise.all([json(about, signal), heat ? json(`${about}&heat=1`, signal) : null]);
      for (const f of points.features) f.properties.text = count(f.properties.n);
      map.getSource("matters").setData(points);
      if (warm) {
        const most = Math.max(...warm.features.map(f => f.properties.n), 1);
        for (const f of warm.features) f.properties.weight = Math.sqrt(f.properties.n / most);
        map.getSource("heat").setData(warm);
      }
      for (const layer of ["clusters", "cluster-counts"]) map.setLayoutProperty(layer, "visibility", heat ? "none" : "visible");
      map.setLayoutProperty("heat", "visibility", heat ? "visible" : "none");
      box.dataset.total = points.total;
      box.dispatchEvent(new CustomEvent("lianzhi:map", { bubbles: true, detail: { bbox: view(), zoom, total: points.total } }));
      if (side) await beside(query, zoom, signal);
    } catch (error) {
      if (error.name !== "AbortError") note(box, error.remedy === undefined ? "地图没有更新，请稍后重试。" : error.message + error.remedy);
    } finally {
      if (asked.signal === signal) box.removeAttribute("aria-busy");
    }
  }
  async function beside(query, zoom, signal) {
    const body = await html(`/map/side?${query}&zoom=${zoom}`, signal);
    // Where somebody is just reading, nothing jumps away.
    const kept = side.querySelector(".rows")?.scrollTop, focus = document.activeElement?.closest?.("[data-id]")?.dataset.id;
    side.replaceChildren(...body.childNodes);
    ready();
    const rows = side.querySelector(".rows");
    if (rows && kept) rows.scrollTop = kept;
    if (focus) side.querySelector(`[data-id="${focus}"] a`)?.focus({ preventScroll: true });
  }
  function ready() { for (const button of side?.querySelectorAll("[data-fly]") || []) button.hidden = false; }
  side?.addEventListener("click", e => {
    const row = e.target.closest("[data-lng]");
    if (!row || e.target.closest("a")) return;
    const at = [Number(row.dataset.lng), Number(row.dataset.lat)];
    map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 15.5) });
    cards([row.dataset.id], at);
    if (matchMedia("(max-width: 860px)").matches) box.scrollIntoView({ block: "nearest" });
  });
  ready();

  let popup;
  async function cards(ids, at) {
    try {
      const body = await html(`/map/cards?ids=${ids.slice(0, 20).join(",")}`);
      popup?.remove();
      popup = new lib.Popup({ maxWidth: "20rem", offset: 12 }).setLngLat(at).setDOMContent(body.firstElementChild).addTo(map);
    } catch { note(box, "这一件没有取到，可能刚刚变了。"); }
  }
  map.on("click", e => {
    const near = [[e.point.x - 4, e.point.y - 4], [e.point.x + 4, e.point.y + 4]];
    const found = map.queryRenderedFeatures(near, { layers: ["clusters", "points-ground"] });
    const cluster = found.find(f => f.properties.n > 1);
    if (cluster) {
      const at = cluster.geometry.coordinates.slice();
      if (map.getZoom() < 18) { popup?.remove(); map.easeTo({ center: at, zoom: Math.min(18.5, map.getZoom() + 2) }); return; }
      const query = filters(), half = .0004;
      query.set("bbox", [at[0] - half, at[1] - half, at[0] + half, at[1] + half].map(v => v.toFixed(6)).join(","));
      const p = document.createElement("p"), a = document.createElement("a");
      a.href = `/matters?${query}`; a.textContent = `此处 ${cluster.properties.n} 件，用列表看`; p.append(a);
      popup?.remove();
      popup = new lib.Popup({ offset: 16 }).setLngLat(at).setDOMContent(p).addTo(map);
    } else if (found.length) {
      cards([...new Set(found.map(f => f.properties.id))], found[0].geometry.coordinates.slice());
    } else if (!compact) {
      drill(e.lngLat);
    }
  });
  for (const layer of ["clusters", "points-ground"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().classList.add("over-point"); });
    map.on("mouseleave", layer, () => { map.getCanvas().classList.remove("over-point"); });
  }

  // Region › town › grid: where the middle of the view is; each step leads back out, a click leads in.
  const crumbs = box.dataset.crumbs && document.querySelector(box.dataset.crumbs);
  const within = (features, at) => features.find(f => inside(f.geometry, [at.lng, at.lat]));
  const [towns, grids] = await Promise.all([map.lianzhi.towns, map.lianzhi.grids]);
  const fit = f => { const b = around(f.geometry); map.fitBounds([[b[0], b[1]], [b[2], b[3]]], { padding: 40, maxZoom: 17 }); };
  function drill(at) {
    const zoom = map.getZoom();
    const f = zoom < 11.8 ? within(towns, at) : zoom < 14.2 ? within(grids, at) : null;
    if (f) fit(f);
  }
  function where() {
    if (!crumbs) return;
    const middle = map.getCenter(), zoom = map.getZoom();
    const steps = [[map.lianzhi.about.region || "全域", () => { const b = map.lianzhi.about.bounds; if (b) map.fitBounds([[b[0], b[1]], [b[2], b[3]]], { padding: 24 }); }]];
    const town = zoom >= 11.5 && within(towns, middle), grid = zoom >= 13.5 && within(grids, middle);
    if (town) steps.push([town.properties.name, () => fit(town)]);
    if (grid) steps.push([grid.properties.name, () => fit(grid)]);
    crumbs.replaceChildren(...steps.map(([title, go], i) => {
      const li = document.createElement("li"), button = document.createElement("button");
      button.type = "button"; button.className = "linkish"; button.textContent = title;
      if (i === steps.length - 1) button.setAttribute("aria-current", "true");
      button.addEventListener("click", go);
      li.append(button);
      return li;
    }));
  }

  // Filters act at once and stay in the address; going back takes them back.
  for (const form of document.querySelectorAll("form[data-map-filters]")) {
    form.addEventListener("submit", e => {
      e.preventDefault();
      const query = new URLSearchParams(new FormData(form));
      for (const [name, value] of [...query]) if (!value) query.delete(name);
      if (heat) query.set("heat", "1");
      history.pushState(null, "", `${location.pathname}?${query}${location.hash}`);
      for (const field of form.querySelectorAll("select")) field.toggleAttribute("data-set", Boolean(field.value) && !(field.name === "open" && field.value === "true"));
      fetchAll();
    });
    addEventListener("popstate", () => {
      const query = filters();
      for (const field of form.querySelectorAll("select")) field.value = query.get(field.name) ?? (field.name === "open" ? "any" : "");
      fetchAll();
    });
  }
  document.body.addEventListener("lianzhi:filter", e => {
    if (typeof e.detail === "string") box.dataset.query = e.detail;
    fetchAll();
  });
  if ("heat" in box.dataset) {
    const word = new Word("热力", "显示热力", button => {
      heat = !heat;
      button.setAttribute("aria-pressed", String(heat));
      const query = new URLSearchParams(location.search);
      if (heat) query.set("heat", "1"); else query.delete("heat");
      const text = query.toString();
      history.replaceState(null, "", `${location.pathname}${text && "?"}${text}${location.hash}`);
      fetchAll();
    });
    map.addControl(word, "top-right");
    word.button.setAttribute("aria-pressed", String(heat));
  }
  map.addControl(own(lib, box), "top-right");
  const legend = document.createElement("p");
  legend.className = "map-legend";
  for (const [state, text] of [["late", "▲ 超期"], ["near", "◐ 临近"], ["fine", "○ 正常"], ["done", "✓ 已办"]]) { const span = document.createElement("span"); span.dataset.state = state; span.textContent = text; legend.append(span); }
  if (!compact) box.append(legend);

  // Live: what changed is fetched again, not more often than every second and a half.
  let due = 0, timer;
  const soon = () => {
    if (document.visibilityState === "hidden") { due = 1; return; }
    if (timer) return;
    timer = setTimeout(() => { timer = 0; fetchAll(); }, 1500);
  };
  document.body.addEventListener("lianzhi:matter", soon);
  document.body.addEventListener("lianzhi:refetch", soon);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && due) { due = 0; soon(); } });
  let moved;
  map.on("moveend", () => { clearTimeout(moved); moved = setTimeout(fetchAll, 150); where(); });
  where();
  await fetchAll();
}

// The way of a matter: its stops in order and the line between them.
async function route(box) {
  const data = await json(box.dataset.route);
  const stops = data.features.filter(f => f.geometry.type === "Point");
  if (!stops.length) { box.hidden = true; return; }
  const { lib, map } = await create(box, { compact: true });
  // Stops on one spot share a mark with all their numbers.
  const spots = new Map();
  for (const f of stops) { const key = f.geometry.coordinates.map(v => v.toFixed(5)).join(); spots.set(key, [...(spots.get(key) || []), f]); }
  for (const list of spots.values()) for (const f of list) f.properties.text = list.map(g => g.properties.n).join("·");
  map.addSource("route", { type: "geojson", data });
  const legs = drawn => ["all", ["==", ["get", "kind"], "leg"], ["==", ["get", "drawn"], drawn]];
  map.addLayer({ id: "route-drawn", type: "line", source: "route", filter: legs(true), paint: { "line-width": 1.5, "line-dasharray": [2, 3] } });
  map.addLayer({ id: "route-lines", type: "line", source: "route", filter: legs(false), layout: { "line-cap": "round" }, paint: { "line-width": 2.5 } });
  map.addLayer({ id: "route-stops", type: "circle", source: "route", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": ["+", 8, ["*", 3, ["length", ["get", "text"]]]], "circle-stroke-width": 2 } });
  map.addLayer({ id: "route-numbers", type: "symbol", source: "route", filter: ["==", ["geometry-type"], "Point"], layout: { "text-field": ["get", "text"], "text-font": ["sans"], "text-size": 12, "text-allow-overlap": true } });
  paint(map, box);
  const b = stops.map(f => f.geometry.coordinates).reduce((b, [x, y]) => [Math.min(b[0], x), Math.min(b[1], y), Math.max(b[2], x), Math.max(b[3], y)], [180, 90, -180, -90]);
  map.fitBounds([[b[0], b[1]], [b[2], b[3]]], { padding: 50, maxZoom: 14.5, animate: false });
  let popup;
  const show = f => {
    const { title, who, note: what, at } = f.properties, div = document.createElement("div"), head = document.createElement("b");
    head.textContent = title; div.append(head);
    for (const text of [what, who, at]) if (text) { const p = document.createElement("p"); p.textContent = text; div.append(p); }
    popup?.remove();
    popup = new lib.Popup({ offset: 14 }).setLngLat(f.geometry.coordinates.slice()).setDOMContent(div).addTo(map);
  };
  map.on("click", "route-stops", e => show(e.features[0]));
  for (const button of document.querySelectorAll("[data-stop]")) {
    const f = stops.find(f => String(f.properties.n) === button.dataset.stop);
    if (!f) continue;
    button.hidden = false;
    button.addEventListener("click", () => { map.easeTo({ center: f.geometry.coordinates, zoom: Math.max(map.getZoom(), 15) }); show(f); });
  }
}

// From this zoom on a tap is exact enough to be a place.
const PICK_ZOOM = 15;
// A pin for a form: tapped, dragged or put where I am. What it says goes into two fields and nowhere else.
//     data-form="css"       when it does not stand in the form; data-after="name" moves it behind that field
//     data-open             opens at once; else a button opens it, so that nobody loads a map who does not want one
//     data-grids            with grids, for people at work
async function pick(box) {
  const form = box.dataset.form ? document.querySelector(box.dataset.form) : box.closest("form");
  if (form && box.dataset.after) (form.elements[box.dataset.after]?.closest(".field") || form.elements[box.dataset.after])?.after(box);
  // A pin that a page brings in later was asked for.
  if (!("open" in box.dataset) && document.readyState !== "complete") {
    const button = document.createElement("button");
    button.type = "button"; button.className = "button slim map-open"; button.textContent = "在地图上选位置";
    box.before(button);
    await new Promise(done => button.addEventListener("click", done, { once: true }));
    button.remove();
  }
  const field = name => form?.elements[name] || document.getElementById(name);
  const lng = field(box.dataset.lng || "lng"), lat = field(box.dataset.lat || "lat"), address = field(box.dataset.address || "address");
  if (!lng || !lat) return;
  const start = lng.value && lat.value && Number.isFinite(Number(lng.value)) ? [Number(lng.value), Number(lat.value)] : null;
  // Drawn before it is sized: a map without a size cannot be fitted.
  box.setAttribute("data-ready", "");
  const { lib, map } = await create(box, { grids: "grids" in box.dataset, compact: true, at: start, zoom: 16 });
  const say = document.createElement("div");
  say.className = "map-picked"; say.setAttribute("role", "status");
  box.after(say);
  let pin, asked;
  const shape = document.createElement("div");
  shape.className = "map-pin"; shape.setAttribute("role", "img"); shape.setAttribute("aria-label", "选定的位置");
  shape.innerHTML = '<svg viewBox="0 0 24 30" aria-hidden="true"><path d="M12 1a10 10 0 0 1 10 10c0 7-10 18-10 18S2 18 2 11A10 10 0 0 1 12 1Zm0 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z"/></svg>';
  const put = (at, tell = true) => {
    if (!pin) { pin = new lib.Marker({ element: shape, anchor: "bottom", draggable: true }).setLngLat(at).addTo(map); pin.on("dragend", () => { const p = pin.getLngLat(); put([p.lng, p.lat]); }); }
    pin.setLngLat(at);
    lng.value = at[0].toFixed(6); lat.value = at[1].toFixed(6);
    // What a map says is WGS-84, whatever was chosen for typed numbers.
    const system = form?.elements.crs;
    if (system && system.value !== "WGS-84") system.value = "WGS-84";
    for (const f of [lng, lat]) f.dispatchEvent(new Event("change", { bubbles: true }));
    box.dispatchEvent(new CustomEvent("lianzhi:picked", { bubbles: true, detail: { lng: at[0], lat: at[1] } }));
    if (tell) look(at);
  };
  async function look(at) {
    asked?.abort();
    const { signal } = asked = new AbortController();
    say.textContent = "正在查这里是哪里…";
    try {
      const found = await json(`/map/place?lng=${at[0].toFixed(6)}&lat=${at[1].toFixed(6)}`, signal);
      say.toggleAttribute("data-outside", found.outside);
      say.textContent = found.words ? `选定：${found.words}` : "位置已选定。";
      box.dispatchEvent(new CustomEvent("lianzhi:place", { bubbles: true, detail: found }));
      if (address && found.address && address.value.trim() !== found.address) {
        const use = document.createElement("button");
        use.type = "button"; use.className = "button slim"; use.textContent = "填入地址";
        use.addEventListener("click", () => { address.value = found.address; address.dispatchEvent(new Event("input", { bubbles: true })); address.dispatchEvent(new Event("change", { bubbles: true })); use.remove(); });
        say.append(" ", use);
      }
    } catch (error) { if (error.name !== "AbortError") say.textContent = `位置已选定。${error.remedy === undefined ? "" : error.message}`; }
  }
  // From afar a finger covers half a town: such a tap brings the map nearer, and what is tapped there is the place.
  let nearing = false;
  const tap = at => {
    if (nearing) return;
    if (map.getZoom() >= PICK_ZOOM) { put(at); return; }
    nearing = true;
    map.once("moveend", () => { nearing = false; });
    map.easeTo({ center: at, zoom: Math.min(PICK_ZOOM + 1, map.getZoom() + 4) });
    say.removeAttribute("data-outside");
    say.textContent = pin ? "已放大，要改就再点一下准确的位置。" : "已放大，请再点一下准确的位置。";
  };
  map.on("click", e => tap([e.lngLat.lng, e.lngLat.lat]));
  // By keyboard: Enter takes the middle of the map.
  map.getCanvas().addEventListener("keydown", e => { if (e.key === "Enter") { e.preventDefault(); const c = map.getCenter(); tap([c.lng, c.lat]); } });
  map.getCanvas().setAttribute("aria-label", "地图：点按选定位置；用方向键移动，按回车选定正中");
  map.addControl(own(lib, box, at => { map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 16) }); put(at); }), "top-right");
  if (start) put(start, true);
  // The form's own “my place” button moves the pin too.
  let last = `${lng.value},${lat.value}`;
  setInterval(() => {
    const now = `${lng.value},${lat.value}`;
    if (now !== last && lng.value && lat.value) { const at = [Number(lng.value), Number(lat.value)]; if (!pin || Math.abs(pin.getLngLat().lng - at[0]) + Math.abs(pin.getLngLat().lat - at[1]) > 1e-5) { put(at); map.easeTo({ center: at, zoom: Math.max(map.getZoom(), 16) }); } }
    last = `${lng.value},${lat.value}`;
  }, 800);
  box.lianzhiPick = put;
}

// Inside a shape of GeoJSON: even-odd over all its rings.
function inside(geometry, [x, y]) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  let is = false;
  for (const ring of polygons.flat()) for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i], [xj, yj] = ring[j];
    if ((yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) is = !is;
  }
  return is;
}
function around(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.flat(2).reduce((b, [x, y]) => [Math.min(b[0], x), Math.min(b[1], y), Math.max(b[2], x), Math.max(b[3], y)], [180, 90, -180, -90]);
}

window.lianzhiMap = { create, library, base, note, paint, colour, Word, inside, around, json };
// A map is made when it comes into view: a hidden tab costs nothing.
function begin(root) {
  const kinds = [["[data-map-pick]", pick], ["[data-map][data-route]", route], ["[data-map]:not([data-route])", live]];
  for (const [selector, make] of kinds) for (const box of root.querySelectorAll(selector)) {
    if (box.begun) continue;
    box.begun = true;
    const go = () => make(box).catch(error => { console.warn("map:", error.message); box.removeAttribute("aria-busy"); });
    if (box.matches("[data-map-pick]")) { go(); continue; }
    const seen = new IntersectionObserver(list => { if (list.some(e => e.isIntersecting)) { seen.disconnect(); go(); } });
    seen.observe(box);
  }
}
begin(document);
document.body.addEventListener("htmx:load", e => begin(e.target));
document.dispatchEvent(new CustomEvent("lianzhi:map-ready"));
