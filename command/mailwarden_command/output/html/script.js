"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const words = (element, name) => (element?.dataset[name] ?? "").split(" ").filter(Boolean);

  // Colors: those of the system, until somebody chooses.
  const theme = document.getElementById("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
    theme.setAttribute("aria-pressed", String(isDark));
    return isDark;
  };
  theme.addEventListener("click", () => {
    root.dataset.theme = show() ? "light" : "dark";
    show();
  });
  dark.addEventListener("change", show);
  show();
  document.getElementById("print").addEventListener("click", () => print());
  document.querySelector(".tools").hidden = false;

  // Commands and documents to copy.
  for (const box of all(".paste")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = document.body.dataset.copy;
    button.addEventListener("click", async () => {
      const code = box.querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        getSelection().selectAllChildren(code);
        document.execCommand("copy");
      }
      button.textContent = document.body.dataset.copied;
      setTimeout(() => { button.textContent = document.body.dataset.copy; }, 2000);
    });
    box.append(button);
  }

  // What is folded is printed, too.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const each of closed) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of closed) each.open = false; });

  // The filter. A pool has the verdict and the rules of its group, and a cause or an identity the words of its pools.
  const form = document.querySelector(".filter");
  const text = document.getElementById("f-text");
  const region = document.getElementById("f-region");
  const rule = document.getElementById("f-rule");
  const result = document.getElementById("f-result");
  const normal = (value) => value.normalize("NFKC").toLowerCase();
  const pools = all(".pool").map((element) => {
    const group = element.closest("[data-group]");
    return {
      element,
      text: normal(element.textContent),
      verdicts: element.dataset.v ? [element.dataset.v] : words(group, "v"),
      regions: words(element, "r"),
      rules: [...words(group, "u"), ...words(element, "u")],
    };
  });
  const byId = new Map(pools.map((pool) => [pool.element.id, pool]));
  const causes = all(".cause").map((element) => {
    const group = element.closest("[data-group]");
    const own = [element.textContent, ...all(":scope > header, :scope > .why, :scope > .to-do", group).map((e) => e.textContent)];
    const linked = all(".refs a", element).map((link) => byId.get(link.hash.slice(1))?.text ?? "");
    return {
      element,
      text: normal([...own, ...linked].join("\n")),
      // Its pools are not all listed, so a text cannot exclude it.
      isOpen: "more" in element.dataset,
      verdicts: words(element, "v"),
      regions: words(element, "r"),
      rules: words(element, "u"),
    };
  });
  const items = all("[data-item]").map((element) => {
    const used = words(element, "p").map((id) => byId.get(id)).filter(Boolean);
    return { element, used, text: normal(element.textContent), regions: [...words(element, "r"), ...used.flatMap((pool) => pool.regions)] };
  });
  const groups = all("[data-group]").map((element) => ({ element, members: all(".pool, .cause", element), fold: element.querySelector("details") }));
  const sections = all("main > section").map((element) => ({
    element,
    link: document.querySelector(`.contents a[href="#${element.id}"]`).parentElement,
    members: all(".pool, .cause, [data-item]", element),
  })).filter((section) => section.members.length > 0);
  const folded = new Set();

  const apply = () => {
    const sought = normal(text.value).split(/\s+/).filter(Boolean);
    const verdicts = all("[name=verdict]:checked", form).map((box) => box.value);
    const isOn = sought.length > 0 || verdicts.length > 0 || region.value !== "" || rule.value !== "";
    const has = (value) => sought.every((word) => value.includes(word));
    const fits = (each) =>
      (verdicts.length === 0 || each.verdicts.some((verdict) => verdicts.includes(verdict))) &&
      (region.value === "" || each.regions.includes(region.value)) &&
      (rule.value === "" || each.rules.includes(rule.value));
    let count = 0;
    const shown = new Set();
    for (const pool of pools) {
      const isShown = fits(pool) && has(pool.text);
      pool.element.hidden = !isShown;
      if (isShown) { count += 1; shown.add(pool); }
    }
    for (const cause of causes) cause.element.hidden = !(fits(cause) && (cause.isOpen || has(cause.text)));
    const isNarrow = verdicts.length > 0 || rule.value !== "";
    for (const item of items) {
      const isHere = region.value === "" || item.regions.includes(region.value);
      const isNamed = !isNarrow && (sought.length > 0 || region.value !== "") && has(item.text);
      item.element.hidden = isOn && !(isHere && (isNamed || item.used.some((pool) => shown.has(pool))));
    }
    for (const group of groups) {
      group.element.hidden = isOn && (group.members.length === 0 || group.members.every((member) => member.hidden));
      if (group.fold && isOn && !group.fold.open) { group.fold.open = true; folded.add(group.fold); }
    }
    for (const section of sections) {
      section.element.hidden = section.link.hidden = isOn && section.members.every((member) => member.hidden);
    }
    if (!isOn) {
      for (const fold of folded) fold.open = false;
      folded.clear();
    }
    result.textContent = isOn ? result.dataset.some.replace("#", String(count)) : result.dataset.all;
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();
})();
