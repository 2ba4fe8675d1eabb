/* The board in the browser: language, filters, charts. Every page is readable without it. */
(() => {
  "use strict";
  const page = document.documentElement;
  page.classList.add("js");

  /* Language. Kept in the browser; where a browser keeps nothing between files, links carry it (?lang=en). */
  const KEY = "board-language";
  const remembered = () => {
    const asked = new URLSearchParams(location.search).get("lang");
    if (asked) return asked;
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  let language = remembered() === "en" ? "en" : "zh";
  page.dataset.lang = language;

  const swap = (element, attribute, chinese, english) => {
    if (!(chinese in element.dataset)) element.dataset[chinese] = element[attribute];
    element[attribute] = language === "en" ? element.dataset[english] : element.dataset[chinese];
  };
  const speak = () => {
    page.dataset.lang = language;
    try { localStorage.setItem(KEY, language); } catch { /* links carry it */ }
    for (const element of document.querySelectorAll("title[data-en], option[data-en]")) swap(element, "textContent", "zh", "en");
    for (const element of document.querySelectorAll("[data-en-placeholder]")) swap(element, "placeholder", "zhPlaceholder", "enPlaceholder");
    const button = document.getElementById("language");
    button.hidden = false;
    button.textContent = language === "en" ? "中文" : "English";
    button.lang = language === "en" ? "zh-CN" : "en";
    document.dispatchEvent(new Event("board:language"));
  };
  const carryLanguage = (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.protocol !== location.protocol || link.host !== location.host || link.getAttribute("href").startsWith("#")) return;
    const query = new URLSearchParams(link.search);
    if (language === "en") query.set("lang", "en"); else query.delete("lang");
    link.search = query.toString();
  };

  /* Filters. A select named x keeps the rows whose data-x holds its value; the search keeps those whose text holds every word. */
  const filter = (form) => {
    const rows = [...document.querySelectorAll(`#${form.dataset.filter} tbody tr:not(.group)`)];
    const bodies = [...document.querySelectorAll(`#${form.dataset.filter} tbody`)];
    const selects = [...form.querySelectorAll("select")];
    const shown = form.querySelector(".shown");
    const texts = new Map();
    const textOf = (row) => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      return texts.get(row);
    };
    const apply = () => {
      const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      let number = 0;
      for (const row of rows) {
        const keep = selects.every((select) => !select.value || (row.dataset[select.name] ?? "").split("|").includes(select.value))
          && words.every((word) => textOf(row).includes(word));
        row.hidden = !keep;
        if (keep) number += 1;
      }
      for (const body of bodies) body.hidden = !body.querySelector("tr:not(.group):not([hidden])");
      const words_shown = language === "en" ? shown.dataset.en : shown.dataset.zh;
      shown.textContent = words_shown.replace("{shown}", number).replace("{all}", rows.length);
    };
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    for (const select of selects) if (select.selectedIndex < 0) select.selectedIndex = 0;
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("board:language", apply);
    apply();
  };

  /* Charts. The library is loaded when the first one comes near the view, and each is drawn when it does. */
  let library = null;
  const loadLibrary = () => library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${page.dataset.root}assets/vega.js`;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  /* the path stands in the markup; actuals and goal are read from the text below: `2015: 61000 · 2020: … → 2025: 100–120` */
  const points = (element) => {
    const [actual, goal = ""] = element.nextElementSibling.textContent.split("→");
    const pairs = (kind, text) => [...text.matchAll(/(\d{4}): ?(-?[\d.]+)(?:–(-?[\d.]+))?/g)].flatMap(([, year, ...values]) =>
      values.filter(Boolean).map((value) => ({ kind, year: Number(year), value: Number(value) })));
    return [...pairs("path", element.dataset.path), ...pairs("actual", actual), ...pairs("goal", goal)];
  };
  const draw = async (element) => {
    if (element.dataset.drawn) return;
    element.dataset.drawn = "true";
    await loadLibrary();
    const specification = structuredClone(window.boardChart);
    specification.data.find((data) => data.name === "points").values = points(element);
    await window.vegaEmbed(element, specification, { ast: true, mode: "vega", renderer: "svg", actions: false, tooltip: false, logLevel: 1 });
    const drawing = element.querySelector("svg");
    drawing.setAttribute("aria-hidden", "true");
    drawing.setAttribute("focusable", "false");
  };
  const charts = () => {
    const all = [...document.querySelectorAll(".chart")];
    const seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) { seen.unobserve(target); draw(target); }
    }, { rootMargin: "300px" });
    all.forEach((element) => seen.observe(element));
    /* who prints wants all charts of the rows that are shown, in view or not */
    const button = document.getElementById("print");
    button?.addEventListener("click", async () => {
      button.disabled = true;
      await Promise.all(all.filter((element) => !element.closest("[hidden]")).map(draw));
      button.disabled = false;
      print();
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("language").addEventListener("click", () => {
      language = language === "en" ? "zh" : "en";
      speak();
    });
    document.addEventListener("click", carryLanguage, true);
    document.querySelectorAll("form[data-filter]").forEach(filter);
    speak();
    charts();
  });
})();
