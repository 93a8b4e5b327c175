// The queue: a row that is here, rows that are picked, what is done to them, and news without losing one's place.
(() => {
  "use strict";
  const { tell, commands, keys, at: kept, send, signIn, refusal, idle } = window.overturn;
  const root = () => document.getElementById("queue");
  const rows = () => [...document.querySelectorAll("#queue tr[data-denial]")].filter((row) => row.offsetParent !== null);
  const picked = new Set(); // ids, so that they stay picked when rows are loaded anew
  let here = null, place = 0; // the id of the row the keys are at, and which row of the page it is

  const at = () => rows().find((row) => row.dataset.denial === here && !(row.dataset.group && here !== row.dataset.denial));
  const mark = (row, focus) => {
    document.querySelectorAll("#queue tr.here").forEach((each) => each.classList.remove("here"));
    if (!row) return;
    here = row.dataset.denial;
    place = Math.max(rows().indexOf(row), 0);
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
    if (picked.size && document.getElementById(dialog)) openFor(document.getElementById(dialog));
    else tell("Select a row first: j and k move, x selects.");
  };
  const openFor = (dialog) => { dialog.showModal(); if (dialog.id === "approving") lookFirst(dialog); };
  const fold = (row) => row?.querySelector(".opens")?.click();

  const refresh = () => {
    const query = root().dataset.query;
    return window.htmx.ajax("GET", kept(query ? `/queue?${query}` : "/queue"), { target: "#queue", swap: "outerHTML" }).catch(() => {}); // app.js says what went wrong
  };
  // Ask the server for a change; null when it was refused, which `say` is told then.
  const ask = async (address, what, say) => {
    const answer = await send(address, what).catch(() => null);
    if (!answer) { say("The server does not answer. Nothing was changed."); return null; }
    if (answer.status === 401) { signIn(); return null; }
    const text = await answer.text();
    if (!answer.ok) { say(refusal(answer.status, text)); return null; }
    return JSON.parse(text);
  };
  const undo = (address, what) => ({ label: "Undo", key: "u", run: async () => {
    const said = await ask(address, what, tell);
    if (said) { tell([said.says, ...(said.left || []).map((one) => `${one.claim}: ${one.why}`)].join(". ")); await refresh(); }
  } });
  const act = async (address, form, dialog) => {
    const body = new URLSearchParams(new FormData(form));
    for (const id of picked) body.append("ids", id);
    const wrong = form.querySelector("[data-wrong]");
    wrong.textContent = "";
    const said = await ask(address, { body }, (words) => { if (dialog.open) wrong.textContent = words; else tell(words); });
    if (!said) return;
    dialog.close();
    clear();
    tell(said.says, said.undo && undo("/queue/restore", { json: said.undo }));
    await refresh();
  };

  // Approving several: shown as they stand now, then approved a few at a time, each as it was shown.
  const AT_ONCE = 10;
  const lookFirst = async (dialog) => {
    const list = document.getElementById("approve-list"), form = dialog.querySelector("form"), wrong = form.querySelector("[data-wrong]");
    const button = form.querySelector("button[value=act]");
    for (const place of form.querySelectorAll("[data-wrong], [data-left], [data-progress]")) place.replaceChildren();
    list.textContent = "Looking at each…";
    button.disabled = true;
    button.hidden = false;
    const body = new URLSearchParams([...picked].slice(0, 200).map((id) => ["ids", id]));
    const answer = await send("/queue/look", { body, headers: { accept: "text/html", "hx-request": "true" } }).catch(() => null);
    list.replaceChildren();
    if (!answer) { wrong.textContent = "The server does not answer."; return; }
    if (answer.status === 401) { signIn(); return; }
    const text = await answer.text();
    if (!answer.ok) { wrong.textContent = refusal(answer.status, text); return; }
    window.htmx.swap(list, text, { swapStyle: "innerHTML" });
    counted(form);
    document.getElementById("approve-reason").focus();
  };
  const counted = (form) => {
    const count = form.querySelectorAll("[name=seen]:checked").length, button = form.querySelector("button[value=act]");
    button.disabled = count === 0;
    button.textContent = count ? `Approve ${count}` : "Approve";
  };
  const approve = async (form, dialog) => {
    const seen = [...form.querySelectorAll("[name=seen]:checked")].map((box) => box.value), wrong = form.querySelector("[data-wrong]");
    const progress = form.querySelector("[data-progress]"), done = [], left = [];
    wrong.textContent = "";
    form.querySelector("button[value=act]").disabled = true;
    for (let from = 0; from < seen.length; from += AT_ONCE) {
      progress.textContent = `Approving: ${from} of ${seen.length}…`;
      const body = new URLSearchParams([["reason", form.elements.reason.value], ...seen.slice(from, from + AT_ONCE).map((one) => ["seen", one])]);
      const said = await ask("/queue/approve", { body }, (words) => { wrong.textContent = words; });
      if (!said) break;
      done.push(...said.done);
      left.push(...said.left);
    }
    progress.textContent = "";
    for (const id of done) picked.delete(id);
    show();
    if (done.length) tell(`Approved: ${done.length} ${done.length === 1 ? "denial" : "denials"}`, undo("/queue/take-back", { body: new URLSearchParams(done.map((id) => ["ids", id])) }));
    if (left.length) {
      const list = document.createElement("ul");
      list.append(...left.map((one) => { const item = document.createElement("li"); item.textContent = `${one.claim} was not approved: ${one.why}`; return item; }));
      const says = document.createElement("div");
      says.className = "note warn";
      says.append(list);
      form.querySelector("[data-left]").replaceChildren(says);
      document.getElementById("approve-list").replaceChildren();
      form.querySelector("button[value=act]").hidden = true;
    }
    if (left.length || wrong.textContent) { dialog.addEventListener("close", refresh, { once: true }); return; }
    dialog.close();
    await refresh();
  };

  // Files: chosen or dropped anywhere on the page; each is sent by itself, and told what became of it.
  const add = async (chosen) => {
    const files = [...chosen], dialog = document.getElementById("adding"), list = document.getElementById("taken");
    if (!dialog || !files.length) return;
    if (!dialog.open) dialog.showModal();
    list.replaceChildren();
    const lines = files.map((file) => {
      const line = document.createElement("li"), name = document.createElement("strong"), says = document.createElement("span");
      name.textContent = file.name;
      says.textContent = "waits";
      line.append(name, says);
      list.append(line);
      return { line, says };
    });
    for (const [place, file] of files.entries()) {
      const { line, says } = lines[place];
      says.textContent = "sending…";
      const body = new FormData();
      body.append("file", file);
      const said = await ask(`/queue/files?more=${place + 1 < files.length}`, { body }, (words) => { says.textContent = words; line.className = "bad"; });
      if (!said) { if (!line.className) says.textContent = "not sent"; continue; }
      line.className = said.outcome === "new" ? "good" : said.outcome === "conflict" ? "warn" : "";
      says.textContent = [said.says, ...said.findings, ...(said.more ? [`and ${said.more} more`] : [])].join(". ");
    }
    dialog.addEventListener("close", refresh, { once: true });
    news();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (event.target.matches("form[data-approves]") && event.submitter?.value === "act") { event.preventDefault(); approve(event.target, event.target.closest("dialog")); return; }
    if (!form || event.submitter?.value !== "act") return;
    event.preventDefault();
    act(form.dataset.act, form, form.closest("dialog"));
  });
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-closes]")) document.getElementById(target.closest("[data-closes]").dataset.closes).close();
    if (target.closest("[data-clear]")) clear();
    if (target.closest("[data-refresh]")) refresh();
    if (target.closest("[data-approve]")) withPicked("approving")();
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
    if (event.target.matches("#add-files")) { add(event.target.files); event.target.value = ""; }
    if (event.target.matches("[name=seen]")) counted(event.target.form);
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
    ["Enter", () => document.querySelector("#queue tr.here .open, #queue tr.here .opens")?.click()],
    ["f", () => document.getElementById("adding")?.showModal()],
    ["r", refresh], ["Escape", clear], ["/", () => document.getElementById("words").focus()],
  ];
  for (const [key, run] of bound) keys.set(key, run);
  commands.push(
    { label: "Approve what is selected", run: withPicked("approving") },
    { label: "Snooze what is selected", run: withPicked("snoozing") },
    { label: "Assign what is selected", run: withPicked("assigning") },
    { label: "Add files: remittances, claims, charts", run: () => document.getElementById("adding")?.showModal() },
    { label: "Show what changed", run: refresh },
    ...[...document.querySelectorAll("#queue .views a")].map((link) => ({ label: `Show: ${link.textContent.trim()}`, more: "view", go: link.href })),
    { label: "Save this view", run: () => document.getElementById("saving").showModal() },
  );

  // Rows that come while a dialog is open would take it away: they are fetched anew once it is closed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const open = document.querySelector("#queue dialog[open]");
    if (event.detail.target.id !== "queue" || !open) return;
    event.detail.shouldSwap = false;
    open.addEventListener("close", refresh, { once: true });
  });
  // After rows are made anew the keys are where they were: at the row, unless somebody is typing.
  document.addEventListener("htmx:afterSwap", (event) => {
    show();
    if (event.detail.target?.id === "news") return;
    const all = rows(), row = at() || (here ? all[Math.min(place, all.length - 1)] : null); // what left the list is followed by the next
    if (row) mark(row, document.activeElement === document.body && !document.querySelector("dialog[open]"));
  });

  const dropped = (event) => [...(event.dataTransfer?.types || [])].includes("Files") && document.getElementById("adding");
  document.addEventListener("dragover", (event) => { if (dropped(event)) { event.preventDefault(); document.body.classList.add("dropping"); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (dropped(event)) { event.preventDefault(); add(event.dataTransfer.files); }
  });
  const narrow = () => { const filters = document.getElementById("filters"); if (filters && matchMedia("(max-width: 64rem)").matches) filters.open = false; };
  narrow();
  document.addEventListener("htmx:load", (event) => { if (event.target.id === "queue") narrow(); });

  const AWAY = 300000; // who is away five minutes is not asked for: else their session would never end
  // News: asked for every 20 seconds while the page is looked at. Rows move only when the biller asks for it.
  const news = () => {
    if (document.hidden || idle() > AWAY || document.querySelector("dialog[open]:not(#adding)") || !root()) return;
    window.htmx.ajax("GET", kept(`/queue/news?since=${root().dataset.number}`), { target: "#news", swap: "innerHTML" });
  };
  setInterval(news, 20000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) news(); });
  if (location.hash) { here = location.hash.slice(1); mark(at(), true); }
  setTimeout(news, 1500);
})();
