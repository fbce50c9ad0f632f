// Draws the charts of a report: each figure stands beside its canvas as JSON and names its hue; colours and fonts are
// those of the page, so that its dark mode fits. A chart is drawn when it comes near the screen, the others in idle time.
(() => {
  "use strict";

  const CONFIG = { displayModeBar: false, showTips: false };
  const PICTURE = { width: 1200, height: 675 };
  const charts = new Map();

  // What a custom property of the page is, as a colour that Plotly understands.
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };

  const painted = (chart) => {
    const figure = structuredClone(chart.figure);
    const { layout } = figure;
    const hue = colour(`--chart-${layout.meta.hue}`);
    const ink = colour("--w-color-text-label");
    const quiet = colour("--w-color-text-meta");
    layout.font = { family: getComputedStyle(chart.canvas).fontFamily, size: 12, color: quiet };
    layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
    layout.xaxis.linecolor = quiet;
    layout.xaxis.showline = true;
    layout.yaxis.gridcolor = colour("--w-color-border-furniture");
    layout.hoverlabel = { bgcolor: colour("--w-color-surface-page"), bordercolor: hue, font: { color: ink, size: 13 }, align: "left" };
    for (const shape of layout.shapes || []) shape.line.color = ink;
    for (const trace of figure.data) trace.marker.color = hue;
    return figure;
  };

  const draw = (chart) => {
    if (chart.drawn) return;
    chart.drawn = true;
    const { data, layout } = painted(chart);
    window.Plotly.newPlot(chart.canvas, data, layout, CONFIG).then(() => { chart.part.dataset.drawn = ""; });
  };

  const repaint = () => {
    for (const chart of charts.values()) {
      if (!chart.drawn) continue;
      const { data, layout } = painted(chart);
      window.Plotly.react(chart.canvas, data, layout, CONFIG);
    }
  };

  const save = (chart, button) => {
    const { data, layout } = painted(chart);
    const { name, title, picture } = button.dataset;
    Object.assign(layout, PICTURE, {
      title: { text: title.replace(/&/g, "&amp;").replace(/</g, "&lt;"), x: 0.02, xanchor: "left", font: { size: 20 } },
      margin: { l: 24, r: 24, t: 72, b: 24 },
      paper_bgcolor: colour("--w-color-surface-page"),
    });
    layout.font.size = 16;
    window.Plotly.downloadImage({ data, layout, config: CONFIG }, { format: picture, filename: name, ...PICTURE, scale: picture === "png" ? 2 : 1 });
  };

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(charts.get(entry.target));
  }, { rootMargin: "200px" });
  const sizes = new ResizeObserver((entries) => {
    for (const entry of entries) if (charts.get(entry.target).drawn) window.Plotly.Plots.resize(entry.target);
  });

  for (const part of document.querySelectorAll("[data-chart]")) {
    const canvas = part.querySelector("[data-canvas]");
    const chart = { part, canvas, figure: JSON.parse(part.querySelector("script[type='application/json']").textContent), drawn: false };
    charts.set(canvas, chart);
    near.observe(canvas);
    sizes.observe(canvas);
    for (const button of part.querySelectorAll("[data-picture]")) {
      button.closest("[hidden]").hidden = false;
      button.addEventListener("click", () => save(chart, button));
    }
  }

  const idle = window.requestIdleCallback || ((job) => setTimeout(job, 50));
  const waiting = [...charts.values()];
  const next = () => {
    const chart = waiting.find((one) => !one.drawn);
    if (!chart) return;
    draw(chart);
    idle(next);
  };
  idle(next);

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  for (const select of document.querySelectorAll("[data-chooses]")) {
    select.form.querySelector("button").hidden = true;
    select.addEventListener("change", () => select.form.requestSubmit());
  }
})();
