// Charts beside the tables they are drawn from: the table is the truth, and stays when this file does not run.
"use strict";
(() => {
  if (!window.echarts) return;
  const token = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // What a table says: the names of its lines, and the numbers of the columns that are drawn.
  const read = chart => {
    const table = document.getElementById(chart.dataset.table);
    const rows = [...table.tBodies[0].rows].filter(row => !row.hasAttribute("data-sum"));
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const columns = chart.dataset.drawn.split(",").map(Number);
    const link = (row, column) => row.cells[column + 1].querySelector("a")?.href;
    return {
      names: rows.map(row => row.cells[0].textContent.trim()),
      // What stands on the axis: days without their year.
      short: rows.map(row => row.cells[0].dataset.axis ?? cut(row.cells[0].textContent.trim())),
      series: columns.map(column => ({
        name: heads[column].textContent.trim(),
        data: rows.map(row => ({ value: Number(row.cells[column + 1].dataset.v || 0), link: link(row, column) })),
      })),
    };
  };
  const cut = name => (name.length > 9 ? name.slice(0, 8) + "…" : name);
  const option = (kind, { names, short, series }, narrow) => {
    const ink = token("--ink"), quiet = token("--ink-2"), line = token("--line"), edge = token("--edge");
    const colours = [token("--accent"), edge];
    const text = { fontFamily: token("--sans"), color: quiet, fontSize: 12 };
    const number = { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: line } } };
    const category = { type: "category", data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: edge } }, axisLabel: { ...text, interval: kind === "line" ? "auto" : 0, formatter: (name, at) => short[at] ?? cut(name), rotate: kind === "bar" && (narrow || names.length > 10) ? 35 : 0, hideOverlap: true } };
    return {
      animation: false, color: colours, textStyle: text, aria: { enabled: false },
      grid: { left: 4, right: 12, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { ...text, color: ink }, selectedMode: false },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: token("--surface"), borderColor: edge, textStyle: { ...text, color: ink }, axisPointer: { type: kind === "line" ? "line" : "shadow", lineStyle: { color: edge }, shadowStyle: { color: line, opacity: .4 } } },
      xAxis: category, yAxis: number,
      series: series.map((s, i) => ({
        ...s, type: kind, cursor: "pointer", barMaxWidth: 22, barGap: "12%", symbol: i ? "emptyRect" : "circle", symbolSize: 6,
        lineStyle: { width: 2, type: i ? "dashed" : "solid" },
        // Told apart without colour too: the second is only outlined.
        itemStyle: kind === "bar" && i ? { color: "transparent", borderColor: colours[1], borderWidth: 1.5 } : {},
        emphasis: { disabled: true },
      })),
    };
  };
  const drawn = [];
  const draw = () => {
    const narrow = innerWidth < 640;
    for (const element of document.querySelectorAll(".chart")) {
      const { names, short, series } = read(element);
      if (!names.length) { element.remove(); continue; }
      // More names than fit stay in the table.
      const most = element.dataset.chart === "line" ? 400 : narrow ? 10 : 24;
      const kept = { names: names.slice(0, most), short, series: series.map(s => ({ ...s, data: s.data.slice(0, most) })) };
      let chart = window.echarts.getInstanceByDom(element);
      if (!chart) {
        chart = window.echarts.init(element, null, { renderer: "svg" });
        chart.on("click", event => { if (event.data?.link) location.assign(event.data.link); });
        drawn.push(chart);
      }
      chart.setOption(option(element.dataset.chart, kept, narrow), true);
      element.dataset.ready = "true";
    }
  };
  draw();
  let waiting;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => { draw(); for (const chart of drawn) chart.resize(); }, 150); });
  // Light and dark may change while the page is open.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
})();
