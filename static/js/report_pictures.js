// A report's charts as pictures: drawn anew from what stands on the page, in its colours of the moment, so that the file
// needs no style sheet. SVG is the drawing itself; PNG is that at twice the size.
(() => {
  "use strict";

  const WIDTH = 1200;
  const EDGE = 32;
  const HEAD = 112;
  const ROW = 40;
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

  const written = (text) => text.replace(/\s+/g, " ").trim().replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const words = (element) => (element ? element.textContent : "");
  const number = (element, name) => Number(element.getAttribute(name));
  // Canvas knows every way a style sheet can name a colour.
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const plain = (value) => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = value;
    paint.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
    return { fill: `rgb(${red}, ${green}, ${blue})`, alpha: (alpha / 255).toFixed(2) };
  };
  const style = (element, property) => plain(getComputedStyle(element)[property]);
  const rect = (x, y, width, height, { fill, alpha }, radius = 0) =>
    `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(width, 0).toFixed(1)}" height="${Math.max(height, 0).toFixed(1)}" rx="${radius}" fill="${fill}" fill-opacity="${alpha}"/>`;
  const text = (x, y, said, ink, { size = 20, anchor = "start", weight = 400 } = {}) =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${ink.fill}">${written(said)}</text>`;
  const cut = (said, most) => (said.length > most ? `${said.slice(0, most - 1)}…` : said);

  const columns = (part, { quiet }) => {
    const svg = part.querySelector(".report__columns");
    const [, , across] = svg.getAttribute("viewBox").split(" ").map(Number);
    const [wide, high, top] = [(WIDTH - 2 * EDGE) / across, 3.6, HEAD + 28];
    const drawn = [...svg.querySelectorAll(".report__column, .report__mark")].map((one) =>
      rect(EDGE + number(one, "x") * wide, top + number(one, "y") * high, number(one, "width") * wide, number(one, "height") * high, style(one, "fill")));
    const labels = [...part.querySelectorAll(".report__labels span")];
    const last = Math.max(labels.length - 1, 1);
    const below = labels.map((one, place) =>
      text(EDGE + (place / last) * (WIDTH - 2 * EDGE), top + 100 * high + 28, words(one), quiet, { size: 18, anchor: place === 0 ? "start" : place === labels.length - 1 ? "end" : "middle" }));
    const base = rect(EDGE, top + 100 * high, WIDTH - 2 * EDGE, 1, quiet);
    return [top + 100 * high + 56, [text(EDGE, HEAD + 12, words(part.querySelector(".report__highest")), quiet, { size: 18 }), ...drawn, base, ...below]];
  };

  const bars = (part, { ink, quiet }) => {
    const heads = [...part.querySelectorAll("thead th")];
    const drawn = heads.slice(0, 2).map((head, place) => text(place ? 640 : EDGE, HEAD + 12, words(head), quiet, { size: 18, anchor: place ? "end" : "start" }));
    let y = HEAD + 28;
    for (const row of part.querySelectorAll("tbody tr")) {
      const bar = row.querySelector("svg rect");
      drawn.push(text(EDGE, y + 24, cut(words(row.cells[0]), 44), ink), text(640, y + 24, words(row.cells[1]), ink, { anchor: "end" }));
      drawn.push(rect(664, y + 8, (number(bar, "width") / 100) * (WIDTH - EDGE - 664), 20, style(bar, "fill")));
      y += ROW;
    }
    return [y + 16, drawn];
  };

  const heat = (part, { ink, quiet }) => {
    const rows = [...part.querySelectorAll("tr")];
    const cells = Math.max(...rows.map((row) => row.cells.length)) - 1;
    // The last two columns are sums, under longer heads.
    const [left, sum] = [150, 104];
    const wide = (WIDTH - 2 * EDGE - left - 2 * sum) / (cells - 2);
    const drawn = rows.flatMap((row, place) => [...row.cells].map((cell, across) => {
      const y = HEAD + place * ROW;
      if (!across) return text(EDGE, y + 26, cut(words(cell).trim(), 15), place ? ink : quiet, { size: 18 });
      const after = Math.max(across - 1 - (cells - 2), 0);
      const [x, room] = [EDGE + left + (across - 1 - after) * wide + after * sum, across > cells - 2 ? sum : wide];
      const ground = cell.dataset.level > 0 ? rect(x + 1, y + 1, room - 2, ROW - 2, style(cell, "backgroundColor"), 4) : "";
      return ground + text(x + room / 2, y + 26, cut(words(cell).trim(), 16), place ? ink : quiet, { size: cells > 16 || !place ? 13 : 16, anchor: "middle" });
    }));
    return [HEAD + rows.length * ROW + 16, drawn];
  };

  const picture = (part, { title, subtitle }) => {
    const [ink, quiet, ground] = ["--w-color-text-label", "--w-color-text-meta", "--w-color-surface-page"].map((name) => {
      part.style.setProperty("outline-color", `var(${name})`);
      const found = style(part, "outlineColor");
      part.style.removeProperty("outline-color");
      return found;
    });
    const [height, drawn] = { columns, bars, heat }[part.dataset.drawn](part, { ink, quiet });
    return [height, `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}">${rect(0, 0, WIDTH, height, ground)}${text(EDGE, 48, title, ink, { size: 26, weight: 700 })}${text(EDGE, 78, subtitle, quiet, { size: 18 })}${drawn.join("")}</svg>`];
  };

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const take = async (button) => {
    const [height, svg] = picture(button.closest("[data-drawn]"), button.dataset);
    const name = `${button.dataset.name}.${button.dataset.picture}`;
    if (button.dataset.picture === "svg") return save(new Blob([svg], { type: "image/svg+xml" }), name);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * WIDTH, height: 2 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toBlob((blob) => save(blob, name), "image/png");
  };

  for (const button of document.querySelectorAll("[data-drawn] [data-picture]")) {
    button.closest("[hidden]").hidden = false;
    button.addEventListener("click", () => take(button));
  }
})();
