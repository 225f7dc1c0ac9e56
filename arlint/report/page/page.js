"use strict";
(() => {
  const WORDS = {
    en: {
      heading: "report", skip: "Skip to the articles", problems: "Not read", families: "Findings by family", sources: "Findings by source",
      rules: "Rules, most frequent first", articles: "Articles, worst first", search: "Search text or path", family: "Family", rule: "Rule",
      severity: "Severity", grade: "Repair", source: "Source", reset: "Clear filters", keys: "Keys", close: "Close", pages: "Pages of articles",
      all: "all", error: "error", warning: "warning", info: "info", safe: "safe", unsafe: "unsafe", manual: "by hand", none: "no repair",
      documents: "Documents", touched: "With findings", findings: "Findings", words: "Words", rate: "Per 1,000 words", mendable: "Safe repairs", mended: "Mended", mendedOf: (n) => `${n} mended`, here: "What was found", found: (n) => `${n} findings`,
      made: (v, d) => `arlint ${v}, ${d}`, inDocuments: (n) => `in ${n} documents`, before: "As it is", after: "Repaired",
      shown: (n, m, all, f) => `${n} of ${m} articles kept (of ${all} read), ${f} findings`, cut: "Only the beginning is shown.",
      line: (l, c) => `line ${l}, column ${c}`, unchanged: "No automatic repair changes this article.", samples: "Samples", per: "per 1,000 words", allRules: (n) => `All ${n} rules`, fix: "Repair",
      help: [["/", "search"], ["j  k", "next and previous article"], ["Enter", "open or close it"], ["n  p", "next and previous finding"], ["l", "العربية / English"], ["t", "light, dark, as the system"], ["?", "these keys"]],
      language: "العربية", theme: { auto: "Theme: system", light: "Theme: light", dark: "Theme: dark" },
    },
    ar: {
      heading: "تقرير", skip: "إلى المقالات", problems: "ما لم يُقرأ", families: "المواضع بحسب العائلة", sources: "المواضع بحسب المصدر",
      rules: "القواعد، أكثرها ورودًا أولًا", articles: "المقالات، أكثرها ضررًا أولًا", search: "ابحث في النص أو المسار", family: "العائلة", rule: "القاعدة",
      severity: "الدرجة", grade: "الإصلاح", source: "المصدر", reset: "امسح المرشحات", keys: "المفاتيح", close: "أغلق", pages: "صفحات المقالات",
      all: "الكل", error: "خطأ", warning: "تنبيه", info: "ملاحظة", safe: "آمن", unsafe: "غير آمن", manual: "يدوي", none: "بلا إصلاح",
      documents: "المستندات", touched: "فيها مواضع", findings: "المواضع", words: "الكلمات", rate: "في كل ألف كلمة", mendable: "إصلاحات آمنة", mended: "أُصلح", mendedOf: (n) => `أُصلح ${n}`, here: "ما عُثر عليه", found: (n) => `المواضع: ${n}`,
      made: (v, d) => `arlint ${v}، ${d}`, inDocuments: (n) => `في ${n} من المستندات`, before: "كما هو", after: "بعد الإصلاح",
      shown: (n, m, all, f) => `${n} من ${m} مقالًا محفوظًا (قُرئ ${all})، ${f} من المواضع`, cut: "يظهر أول النص فقط.",
      line: (l, c) => `السطر ${l}، العمود ${c}`, unchanged: "لا إصلاح آليًّا يغيّر هذا المقال.", samples: "نماذج", per: "في كل ألف كلمة", allRules: (n) => `كل القواعد (${n})`, fix: "الإصلاح",
      help: [["/", "البحث"], ["j  k", "المقال التالي والسابق"], ["Enter", "فتحه أو إغلاقه"], ["n  p", "الموضع التالي والسابق"], ["l", "العربية / English"], ["t", "فاتح، داكن، كالنظام"], ["?", "هذه المفاتيح"]],
      language: "English", theme: { auto: "المظهر: كالنظام", light: "المظهر: فاتح", dark: "المظهر: داكن" },
    },
  };
  const PAGE = 25, STEPS = ["auto", "light", "dark"];
  const RULE = 0, START = 1, END = 2, LINE = 3, COLUMN = 4, SEVERITY = 5, GRADE = 6, MESSAGE = 7, TITLE = 8, PLACE = 9, NEW = 10;
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  let language = root.lang === "ar" ? "ar" : "en", page = 0, found = [], current = -1, place = -1;
  const filters = { query: "", family: "", rule: "", severity: "", grade: "", source: "" };
  const number = (n, digits = 0) => n.toLocaleString("en-US", { maximumFractionDigits: digits, minimumFractionDigits: digits });
  const rate = (n, words) => (words ? number((1000 * n) / words, 2) : "–");
  const t = (key) => WORDS[language][key];

  // Text reaches the page through text nodes only, invisible characters by name.
  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufffe\uffff]/;
  function write(node, text) {
    for (const part of text.split(/([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufffe\uffff])/)) {
      if (!part) continue;
      if (part.length === 1 && HIDDEN.test(part)) node.append(el("span", { class: "cp" }, "U+" + part.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")));
      else node.append(document.createTextNode(part));
    }
    return node;
  }
  function el(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(key, value);
    for (const child of children) typeof child === "string" ? node.append(document.createTextNode(child)) : child && node.append(child);
    return node;
  }
  const said = (name, attributes, text) => write(el(name, attributes), text);
  // What arlint says has the direction of its language, whatever it quotes first.
  const spoken = (text) => said("span", { dir: language === "ar" ? "rtl" : "ltr" }, text);
  // One's own rule may have no Arabic page.
  const told = (name, attributes, about, part) => el(name, { ...attributes, ...(about[language] ? {} : { lang: "en", dir: "ltr" }) }, (about[language] || about.en)[part]);

  function chart(list, rows, pick) {
    const most = Math.max(1, ...rows.map((row) => row[1]));
    list.replaceChildren(...rows.slice(0, 20).map(([name, count, note]) => {
      const fill = el("span", { class: "fill" });
      fill.style.inlineSize = `${(100 * count) / most}%`;
      const button = said("button", { type: "button", class: "name path", title: name }, name);
      button.addEventListener("click", () => pick(name));
      return el("li", {}, button, el("span", { class: "track", "aria-hidden": "true" }, fill), el("span", { class: "number" }, note ? `${number(count)} · ${note}` : number(count)));
    }));
  }
  function choose(key, value) {
    filters[key] = value;
    $(key).value = value;
    page = 0;
    show();
    $("articles").scrollIntoView();
    $("articles").focus({ preventScroll: true });
  }
  function overview() {
    const { totals } = data, tiles = [["documents", number(totals.documents)], ["touched", number(totals.touched)], ["findings", number(totals.findings)], ["words", number(totals.words)], ["rate", rate(totals.findings, totals.words)], ["mendable", number(data.grades.safe || 0)], ...(totals.mended ? [["mended", number(totals.mended)]] : [])];
    $("totals").replaceChildren(...tiles.map(([key, value]) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, value))));
    $("made").textContent = t("made")(data.version, data.made);
    const families = new Map();
    for (const rule of data.rules) families.set(rule.family, (families.get(rule.family) || 0) + rule.count);
    chart($("families"), [...families].sort((a, b) => b[1] - a[1]), (name) => choose("family", name));
    chart($("sources"), data.sources.map(([name, , count, words]) => [name, count, rate(count, words)]), (name) => choose("source", name));
    $("problems").hidden = !data.problems.length;
    $("problems").querySelector("ul").replaceChildren(...data.problems.map((line) => said("li", { class: "path" }, line)));
    rules();
  }
  let samples = null;
  function sampled() {
    if (samples) return samples;
    samples = data.rules.map((rule) => [...rule.samples]);
    data.documents.forEach((doc) => doc.marks.forEach((mark) => { if (!data.rules[mark[RULE]].samples.length && samples[mark[RULE]].length < 6) samples[mark[RULE]].push([doc, mark]); }));
    return samples;
  }
  function rules() {
    const most = 15;
    $("rules").replaceChildren(...data.rules.map((rule, at) => {
      const box = el("details", {}, el("summary", {}, el("span", { class: "id" }, rule.id), el("span", { class: "meta" }, [...(rule.count || !rule.mended ? [`${number(rule.count)} ${t("inDocuments")(number(rule.documents))}`] : []), ...(rule.mended ? [t("mendedOf")(number(rule.mended))] : [])].join(" · ")), badge(rule.grade || "none", "plain"), told("span", { class: "meta" }, rule.about, "summary")));
      box.addEventListener("toggle", () => {
        if (!box.open || box.children.length > 1) return;
        const inside = el("div", { class: "inside" }, told("p", {}, rule.about, "why"), el("h3", {}, t("samples")));
        for (const [doc, mark] of sampled()[at]) inside.append(sample(doc, mark));
        const more = el("button", { type: "button" }, t("articles"));
        more.addEventListener("click", () => choose("rule", rule.id));
        inside.append(more);
        box.append(inside);
      });
      box.hidden = at >= most;
      return box;
    }));
    if (data.rules.length <= most) return;
    const all = el("button", { type: "button" }, t("allRules")(number(data.rules.length)));
    all.addEventListener("click", () => { for (const box of $("rules").children) box.hidden = false; all.remove(); });
    $("rules").append(all);
  }
  // A place with what stands around it, and beside it what a repair puts there.
  function around(mark) {
    const [before, hit, after] = mark[PLACE], line = el("div", { dir: "auto" });
    write(line, before);
    line.append(el("mark", { class: mark[SEVERITY], tabindex: "-1" }, said(mark[NEW] === null ? "span" : "del", {}, hit || "\u00a0")));
    if (mark[NEW]) line.append(said("ins", {}, mark[NEW]));
    write(line, after);
    return line;
  }
  function sample(doc, mark) {
    return el("div", { class: "sample" }, around(mark), el("div", { class: "said" }, spoken(mark[MESSAGE][language] || ""), " ", el("span", { class: "path" }, named(doc))));
  }
  const badge = (key, kind) => el("span", { class: `badge ${kind}` }, t(key));
  const named = (doc) => doc.path + (doc.record === null ? "" : ` #${doc.record}`) + (doc.field === null ? "" : ` (${doc.field})`);

  function options(id, values) {
    const kept = filters[id];
    $(id).replaceChildren(el("option", { value: "" }, t("all")), ...values.map(([value, label]) => el("option", { value }, label)));
    $(id).value = kept;
  }
  function selects() {
    const families = [...new Set(data.rules.map((rule) => rule.family))].sort();
    options("family", families.map((name) => [name, name]));
    options("rule", data.rules.map((rule) => rule.id).sort().map((id) => [id, id]));
    options("severity", ["error", "warning", "info"].map((key) => [key, t(key)]));
    options("grade", ["safe", "unsafe", "manual", "none"].map((key) => [key, t(key)]));
    options("source", data.sources.map(([name]) => [name, name]));
  }
  function passes(mark) {
    const rule = data.rules[mark[RULE]];
    return (!filters.family || rule.family === filters.family) && (!filters.rule || rule.id === filters.rule) && (!filters.severity || mark[SEVERITY] === filters.severity) && (!filters.grade || (mark[GRADE] || "none") === filters.grade);
  }
  const words = (doc) => (doc.text === null ? doc.marks.map((mark) => mark[PLACE].join("")).join("\n") : doc.text);
  function show() {
    const query = filters.query.trim().toLowerCase();
    found = [];
    let count = 0;
    data.documents.forEach((doc, at) => {
      if (filters.source && doc.source !== filters.source) return;
      if (query && !(named(doc).toLowerCase().includes(query) || words(doc).toLowerCase().includes(query))) return;
      const marks = doc.marks.filter(passes).length;
      if (marks) { found.push([at, marks]); count += marks; }
    });
    $("count").textContent = t("shown")(number(found.length), number(data.documents.length), number(data.totals.documents), number(count));
    const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
    page = Math.min(page, last);
    $("list").replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map(([at, marks]) => article(data.documents[at], marks)));
    current = place = -1;
    const numbers = [...new Set([0, page - 2, page - 1, page, page + 1, page + 2, last])].filter((n) => n >= 0 && n <= last);
    $("pages").setAttribute("aria-label", t("pages"));
    $("pages").hidden = last === 0;
    $("pages").replaceChildren(...numbers.map((n) => {
      const button = el("button", { type: "button", "aria-current": n === page ? "page" : null }, number(n + 1));
      button.addEventListener("click", () => { page = n; show(); $("articles").scrollIntoView(); });
      return button;
    }));
  }
  function article(doc, marks) {
    const box = el("details", { class: "article" }, el("summary", {}, el("span", { class: "path" }, named(doc)), el("span", { class: "meta" }, t("found")(number(marks)) + (doc.words ? ` · ${rate(doc.marks.length, doc.words)} ${t("per")}` : "")), doc.title ? said("span", { dir: "auto" }, doc.title) : null));
    box.fill = () => { if (box.children.length === 1) box.append(inside(doc)); };
    box.addEventListener("toggle", () => { if (box.open) box.fill(); });
    return box;
  }
  function inside(doc) {
    const list = el("ol", { class: "findings" });
    const items = doc.marks.map((mark) => {
      const item = el("li", { hidden: passes(mark) ? null : "" }, badge(mark[SEVERITY], mark[SEVERITY]), " ", el("span", { class: "id" }, data.rules[mark[RULE]].id), " ", el("span", { class: "meta" }, t("line")(mark[LINE], mark[COLUMN])), " ", spoken(mark[MESSAGE][language]));
      if (mark[GRADE]) item.append(" ", badge(mark[GRADE], "plain"), " ", spoken(mark[TITLE][language]));
      if (doc.text === null) item.append(around(mark));
      list.append(item);
      return item;
    });
    if (doc.text === null) return el("div", { class: "inside" }, el("h3", {}, t("here")), list);
    const before = el("div", { class: "text", dir: "auto", tabindex: "0", role: "region", "aria-label": t("before") });
    highlight(before, doc, items);
    if (doc.cut) before.append(el("p", {}, t("cut")));
    const after = el("div", { class: "text", dir: "auto", tabindex: "0", role: "region", "aria-label": t("after") });
    if (!doc.diff.length) after.append(el("p", {}, t("unchanged")));
    for (const [kind, text] of doc.diff) kind === "=" ? write(after, text) : after.append(said(kind === "+" ? "ins" : "del", {}, text));
    return el("div", { class: "inside" }, el("div", { class: "columns" }, el("div", {}, el("h3", {}, t("before")), before), el("div", {}, el("h3", {}, t("after")), after)), list);
  }
  // Code points to UTF-16: offsets are counted in code points, strings here in code units.
  function highlight(box, doc, items) {
    const points = Array.from(doc.text);
    const order = doc.marks.map((mark, at) => [mark, at]).filter(([mark]) => mark[START] >= 0).sort((a, b) => a[0][START] - b[0][START] || b[0][END] - a[0][END]);
    let at = 0;
    for (const [mark, index] of order) {
      const start = Math.max(at, mark[START]), end = mark[END];
      if (end < start || (end === start && mark[END] > mark[START])) continue;
      write(box, points.slice(at, start).join(""));
      const node = said("mark", { class: passes(mark) ? mark[SEVERITY] : "off", tabindex: "0", role: "button", title: mark[MESSAGE][language] }, points.slice(start, end).join("") || "\u00a0");
      const point = () => { for (const item of items) item.classList.remove("on"); items[index].classList.add("on"); items[index].scrollIntoView({ block: "nearest" }); };
      node.addEventListener("click", point);
      node.addEventListener("focus", point);
      box.append(node);
      at = end;
    }
    write(box, points.slice(at).join(""));
  }
  function speak() {
    root.lang = language;
    root.dir = language === "ar" ? "rtl" : "ltr";
    document.title = `arlint ${t("heading")}`;
    for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
    $("language").textContent = t("language");
    $("language").lang = language === "ar" ? "en" : "ar";
    $("theme").textContent = t("theme")[root.dataset.theme];
    $("keys-list").replaceChildren(...t("help").flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)]));
    selects();
    overview();
    show();
  }
  const articles = () => [...document.querySelectorAll("#list > details")];
  function move(step) {
    const all = articles();
    if (!all.length) return;
    current = Math.min(all.length - 1, Math.max(0, current + step));
    place = -1;
    all[current].querySelector("summary").focus();
    all[current].scrollIntoView({ block: "nearest" });
  }
  function jump(step) {
    const box = articles()[Math.max(0, current)];
    if (!box) return;
    current = Math.max(0, current);
    box.open = true;
    box.fill();
    const all = [...box.querySelectorAll(".text mark:not(.off), .findings li:not([hidden]) mark")];
    if (!all.length) return;
    place = (place + step + all.length) % all.length;
    all[place].focus();
    all[place].scrollIntoView({ block: "center" });
  }
  const theme = () => { root.dataset.theme = STEPS[(STEPS.indexOf(root.dataset.theme) + 1) % 3]; $("theme").textContent = t("theme")[root.dataset.theme]; };
  const turn = () => { language = language === "ar" ? "en" : "ar"; speak(); };
  $("language").addEventListener("click", turn);
  $("theme").addEventListener("click", theme);
  $("help").addEventListener("click", () => $("keys-dialog").showModal());
  $("close").addEventListener("click", () => $("keys-dialog").close());
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("reset", () => { for (const key in filters) filters[key] = ""; page = 0; setTimeout(show); });
  for (const key of Object.keys(filters)) $(key).addEventListener(key === "query" ? "input" : "change", () => { filters[key] = $(key).value; page = 0; show(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys-dialog").open) return;
    const typing = /^(input|select|textarea)$/i.test(event.target.tagName);
    if (typing) { if (event.key === "Escape") event.target.blur(); return; }
    if (event.key === "Enter" && event.target.tagName === "MARK") event.target.click();
    const act = { "/": () => $("query").focus(), j: () => move(1), k: () => move(-1), n: () => jump(1), p: () => jump(-1), l: turn, t: theme, "?": () => $("keys-dialog").showModal() }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  window.addEventListener("beforeprint", () => { for (const box of articles()) { box.open = true; box.fill(); } });
  speak();
})();
