// Gives the list of what is wrong on the page as it stands. Colours are worked out by the browser, on a canvas.
// A phone widens its window with the page, so that the width to keep to is the screen’s.
async () => {
  const wrong = [];
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility === "visible";
  };
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 30)}”`;

  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => wrong.push(`not loaded: ${image.currentSrc}`))));
  await document.fonts.ready;

  if (document.documentElement.scrollWidth > screen.width) wrong.push(`wider than the screen: ${document.documentElement.scrollWidth}`);

  const scrolls = (element) => {
    for (let up = element; up; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  for (const element of document.querySelectorAll("h1, h2, h3, p, .money, .chip, .button, .basket-bar a, dd, dt, address")) {
    if (!seen(element) || element.closest(".unseen, .skip, .wifi dl")) continue;
    const box = element.getBoundingClientRect();
    if (!scrolls(element) && (box.right > screen.width + 1 || box.left < -1)) wrong.push(`beyond the edge: ${name(element)}`);
    const style = getComputedStyle(element);
    const cut = style.overflowX !== "visible" && style.webkitLineClamp === "none";
    if (cut && element.scrollWidth > element.clientWidth + 1) wrong.push(`cut: ${name(element)}`);
    if (!cut && element.scrollWidth > element.clientWidth + 2 && style.display !== "inline" && element.clientWidth) wrong.push(`runs over: ${name(element)}`);
  }

  const touched = ".button, .add, .stepper button, .basket-bar a, .menu-bar nav a, .languages button, .back, .option, .filters > summary";
  for (const element of document.querySelectorAll(touched)) {
    if (!seen(element) || element.closest(".skip") || element.matches(".skip")) continue;
    const box = element.getBoundingClientRect();
    if (box.height < 43.5 || box.width < 43.5) wrong.push(`small to touch, ${box.width}×${box.height}: ${name(element)}`);
  }

  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    context.globalAlpha = 1;
    context.fillStyle = "white";
    context.fillRect(0, 0, 1, 1);
    for (const [colour, alpha] of colours) {
      context.globalAlpha = alpha;
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const read = ".card h3, .money, .card-meta, .card-text, .card-allergens, .labels span, .quiet, h1, h2, .button, .chip, .menu-bar nav a, .foot address, .back, .served, dt, dd, .place-about, .steps li, .sold-out";
  for (const element of document.querySelectorAll(read)) {
    if (!seen(element) || element.closest(".is-sold-out, [disabled], .skip, .unseen")) continue;
    const layers = [];
    let alpha = 1;
    for (let up = element; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      alpha *= Number(style.opacity);
      layers.unshift([style.backgroundColor, 1]);
    }
    const ground = over(layers);
    const ink = over([...layers, [getComputedStyle(element).color, alpha]]);
    const [more, less] = [light(ground), light(ink)].sort((a, b) => b - a);
    const ratio = (more + 0.05) / (less + 0.05);
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: ${name(element)}`);
  }

  scrollTo({ top: document.body.scrollHeight, behavior: "instant" });
  const bar = document.querySelector("[data-basket-bar]:not([hidden]) a, .dish-add");
  if (bar && getComputedStyle(bar.closest(".basket-bar, .dish-add")).position === "fixed") {
    const top = bar.getBoundingClientRect().top;
    for (const element of document.querySelectorAll(".foot *, .place-about")) {
      const box = element.getBoundingClientRect();
      if (top > innerHeight / 2 && box.bottom > top + 1 && seen(element)) wrong.push(`under the basket bar: ${name(element)}`);
    }
  }
  scrollTo({ top: 0, behavior: "instant" });
  return [...new Set(wrong)];
}
