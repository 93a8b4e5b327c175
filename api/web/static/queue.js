// The queue: a row that is here, rows that are picked, what is done to them, and news without losing one's place.
(() => {
  "use strict";
  const { tell, commands, keys, pageToken } = window.overturn;
  const root = () => document.getElementById("queue");
  const rows = () => [...document.querySelectorAll("#queue tr[data-denial]")].filter((row) => row.offsetParent !== null);
  const picked = new Set(); // ids, so that they stay picked when rows are loaded anew
  let here = null; // the id of the row the keys are at

  const at = () => rows().find((row) => row.dataset.denial === here && !(row.dataset.group && here !== row.dataset.denial));
  const mark = (row, focus) => {
    document.querySelectorAll("#queue tr.here").forEach((each) => each.classList.remove("here"));
    if (!row) return;
    here = row.dataset.denial;
    row.classList.add("here");
    if (focus) { row.querySelector("a.open, .opens").focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  };
  const move = (by) => {
    const all = rows(), now = all.findIndex((row) => row.classList.contains("here"));
    const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1);
    if (by > 0 && now === all.length - 1) document.querySelector("#more button")?.click();
    mark(all[next], true);
  };

  const ids = (row) => row.dataset.ids.split(" ");
  const show = () => {
    for (const row of document.querySelectorAll("#queue tr[data-denial]")) {
      const all = ids(row).every((id) => picked.has(id));
      row.classList.toggle("picked", all);
      const box = row.querySelector("[data-pick]");
      if (box) { box.checked = all; box.indeterminate = !all && ids(row).some((id) => picked.has(id)); }
    }
    const bulk = document.getElementById("bulk");
    if (!bulk) return;
    bulk.hidden = picked.size === 0;
    document.getElementById("bulk-count").textContent = `${picked.size} selected`;
    for (const place of document.querySelectorAll("#queue [data-count]")) place.textContent = picked.size === 1 ? "1 denial" : `${picked.size} denials`;
  };
  const pick = (row, on) => { for (const id of ids(row)) { if (on) picked.add(id); else picked.delete(id); } show(); };
  const clear = () => { picked.clear(); show(); };
  const withPicked = (dialog) => () => {
    const row = document.querySelector("#queue tr.here");
    if (!picked.size && row) pick(row, true);
    if (picked.size && document.getElementById(dialog)) document.getElementById(dialog).showModal();
    else tell("Select a row first: j and k move, x selects.");
  };
  const fold = (row) => row?.querySelector(".opens")?.click();

  const refresh = () => {
    const query = root().dataset.query;
    return window.htmx.ajax("GET", query ? `/queue?${query}` : "/queue", { target: "#queue", swap: "outerHTML" });
  };
  const act = async (address, form, dialog) => {
    const body = new URLSearchParams(new FormData(form));
    for (const id of picked) body.append("ids", id);
    const wrong = form.querySelector("[data-wrong]");
    wrong.textContent = "";
    let answer;
    try { answer = await fetch(address, { method: "POST", headers: { "x-page-token": pageToken, accept: "application/json" }, body }); }
    catch { wrong.textContent = "The server does not answer. Nothing was changed."; return; }
    const said = await answer.json();
    if (!answer.ok) { wrong.textContent = answer.status === 401 ? "You were signed out. Sign in again; nothing was changed." : (said.detail || said.title); return; }
    dialog.close();
    clear();
    tell(said.says);
    await refresh();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form || event.submitter?.value !== "act") return;
    event.preventDefault();
    act(form.dataset.act, form, form.closest("dialog"));
  });
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-closes]")) document.getElementById(target.closest("[data-closes]").dataset.closes).close();
    if (target.closest("[data-clear]")) clear();
    if (target.closest("[data-refresh]")) refresh();
    const opener = target.closest("#queue .opens");
    if (opener) {
      const open = opener.getAttribute("aria-expanded") !== "true";
      const place = document.getElementById(opener.getAttribute("aria-controls"));
      opener.setAttribute("aria-expanded", String(open));
      place.hidden = !open;
      if (open && !place.childElementCount) window.htmx.trigger(opener, "opened");
    }
    const row = target.closest("#queue tr[data-denial]");
    if (row) mark(row, false);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("#queue [data-pick]")) pick(event.target.closest("tr"), event.target.checked);
    if (event.target.id === "pick-all") for (const row of rows()) pick(row, event.target.checked);
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#queue tr[data-denial]");
    if (row) mark(row, false);
  });

  const bound = [
    ["j", () => move(1)], ["k", () => move(-1)], ["ArrowDown", () => move(1)], ["ArrowUp", () => move(-1)],
    ["x", () => { const row = document.querySelector("#queue tr.here"); if (row) pick(row, !row.classList.contains("picked")); }],
    ["o", () => fold(document.querySelector("#queue tr.here"))],
    ["a", withPicked("approving")], ["s", withPicked("snoozing")],
    ["m", () => {
      const form = document.querySelector("form[data-act='/queue/assign']"), row = document.querySelector("#queue tr.here");
      if (!picked.size && row) pick(row, true);
      if (form && picked.size) act("/queue/assign", form, form.closest("dialog"));
    }],
    ["r", refresh], ["Escape", clear], ["/", () => document.getElementById("words").focus()],
  ];
  for (const [key, run] of bound) keys.set(key, run);
  commands.push(
    { label: "Approve what is selected", run: withPicked("approving") },
    { label: "Snooze what is selected", run: withPicked("snoozing") },
    { label: "Assign what is selected", run: withPicked("assigning") },
    { label: "Show what changed", run: refresh },
    { label: "Save this view", run: () => document.getElementById("saving").showModal() },
  );

  document.addEventListener("htmx:afterSwap", () => { show(); const row = at(); if (row) mark(row, false); });
  const narrow = () => { const filters = document.getElementById("filters"); if (filters && matchMedia("(max-width: 64rem)").matches) filters.open = false; };
  narrow();
  document.addEventListener("htmx:load", (event) => { if (event.target.id === "queue") narrow(); });

  // News: asked for every 20 seconds while the page is looked at. Rows move only when the biller asks for it.
  const news = () => {
    if (document.hidden || document.querySelector("dialog[open]") || !root()) return;
    window.htmx.ajax("GET", `/queue/news?since=${root().dataset.number}`, { target: "#news", swap: "innerHTML" });
  };
  setInterval(news, 20000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) news(); });
  if (location.hash) { here = location.hash.slice(1); mark(at(), true); }
  setTimeout(news, 1500);
})();
