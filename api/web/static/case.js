// A case by keyboard: decide, move on, open what a statement rests on, change the panes' widths. No markup from text.
(() => {
  "use strict";
  const page = document.getElementById("case");
  if (!page) return;
  const { keys, commands, idle } = window.overturn;
  const source = document.getElementById("source");
  let opener = null; // what opened the source: it gets the focus back

  const go = (address) => { if (address) location.assign(address); };
  const press = (key) => {
    const found = document.querySelector(`[data-key="${key}"]`);
    if (found && !found.disabled) found.click();
    else window.overturn.tell(document.querySelector(".actions button:disabled") && key === "a" ? "It cannot be approved by you: the note at the top says why." : "That is not open for this case now.");
  };
  const show = (id) => { const pane = document.getElementById(id); pane.scrollIntoView({ block: "nearest" }); pane.focus(); };

  keys.set("j", () => go(page.dataset.next));
  keys.set("k", () => go(page.dataset.before));
  keys.set("q", () => go(page.dataset.queue));
  for (const key of ["a", "e", "r", "c", "s"]) keys.set(key, () => press(key));
  const toUndo = keys.get("u");
  keys.set("u", () => { const undo = document.getElementById("undo"); if (undo) undo.click(); else toUndo(); });
  keys.set("1", () => show("pane-payer"));
  keys.set("2", () => show("pane-facts"));
  keys.set("3", () => show("pane-work"));
  keys.set("o", () => {
    const here = document.activeElement;
    const near = here.matches?.(".cite") ? here : here.closest?.("li, p, tr")?.querySelector(".cite") || here.closest?.(".pane")?.querySelector("a.cite");
    (near || document.querySelector("#pane-facts a.cite"))?.click();
  });
  commands.push(
    { label: "Approve this case (a)", run: () => press("a") }, { label: "Edit the letter (e)", run: () => press("e") },
    { label: "Reject what is proposed (r)", run: () => press("r") }, { label: "Ask a clinician (c)", run: () => press("c") },
    { label: "Snooze this case (s)", run: () => press("s") }, { label: "Next case (j)", run: () => go(page.dataset.next) },
    { label: "Previous case (k)", run: () => go(page.dataset.before) }, { label: "Back to the queue (q)", run: () => go(page.dataset.queue) },
  );

  document.addEventListener("click", (event) => {
    const dialog = event.target.closest("[data-dialog]");
    if (dialog) document.getElementById(dialog.dataset.dialog).showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    if (event.target.closest("[data-close-source]")) close();
  });
  // A decision sent twice is one decision, but the second would be refused: the form is sent once.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    if (event.target.method === "post") event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  const close = () => {
    source.replaceChildren();
    document.querySelectorAll(".cite.open").forEach((one) => one.classList.remove("open"));
    (opener && opener.isConnected ? opener : document.getElementById("pane-facts")).focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && quoted) { hideQuote(); return; }
    if (event.key === "Escape" && source.firstChild && !document.querySelector("dialog[open]")) close();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const from = event.detail.elt;
    if (event.detail.target === source && !from.closest("#source")) opener = from;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== source) return;
    const named = event.detail.requestConfig.elt.dataset.evidence;
    document.querySelectorAll(".cite").forEach((one) => one.classList.toggle("open", Boolean(named) && one.dataset.evidence === named));
    const mark = source.querySelector("mark, .here");
    const box = source.querySelector(".found");
    document.getElementById("source-title").focus({ preventScroll: true });
    source.scrollIntoView({ block: "nearest" });
    if (mark && box) box.scrollTop = mark.getBoundingClientRect().top - box.getBoundingClientRect().top - 90;
  });

  // The words a citation rests on, shown while it is pointed at or has the focus. Escape hides them; they can be read at.
  const quote = document.getElementById("quote");
  const quotes = new WeakMap(); // taken off the title, else the browser shows it a second time
  const words = (cite) => { if (cite.title) { quotes.set(cite, cite.title); cite.removeAttribute("title"); } return quotes.get(cite); };
  let quoted = null, hiding = 0;
  const hideQuote = () => { quote.hidden = true; quoted?.removeAttribute("aria-describedby"); quoted = null; };
  const showQuote = (cite) => {
    clearTimeout(hiding);
    if (quoted === cite) return;
    hideQuote();
    quoted = cite;
    quote.textContent = words(cite);
    quote.hidden = false;
    cite.setAttribute("aria-describedby", "quote");
    const box = cite.getBoundingClientRect(), own = quote.getBoundingClientRect(), room = document.documentElement;
    const below = box.bottom + own.height + 8 < room.clientHeight;
    quote.style.setProperty("top", `${below ? box.bottom + 4 : Math.max(4, box.top - own.height - 4)}px`);
    quote.style.setProperty("left", `${Math.max(4, Math.min(box.left, room.clientWidth - own.width - 8))}px`);
  };
  const leaveQuote = () => { clearTimeout(hiding); hiding = setTimeout(hideQuote, 200); };
  document.addEventListener("pointerover", (event) => {
    const cite = event.target.closest("a.cite");
    if (cite) showQuote(cite);
    else if (event.target === quote) clearTimeout(hiding);
    else if (quoted && quoted !== document.activeElement) leaveQuote();
  });
  document.addEventListener("focusin", (event) => {
    const cite = event.target.closest("a.cite");
    if (cite?.matches(":focus-visible")) showQuote(cite); else if (quoted) hideQuote();
  });
  document.addEventListener("scroll", () => { if (quoted) hideQuote(); }, { capture: true, passive: true });
  document.addEventListener("click", (event) => { if (event.target.closest("a.cite")) hideQuote(); });

  // Minutes at the desk: seconds in which this case was looked at and somebody moved, over all looks of this tab.
  const BEAT = 5, STILL = 60000, desk = `desk:${page.dataset.denial}`;
  const counted = () => Number(sessionStorage.getItem(desk)) || 0;
  const beat = setInterval(() => { if (!document.hidden && idle() < STILL) sessionStorage.setItem(desk, String(counted() + BEAT)); }, BEAT * 1000);
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("[data-desk]");
    if (!field) return;
    clearInterval(beat);
    field.value = String(counted() + Math.round((performance.now() / 1000) % BEAT));
    sessionStorage.removeItem(desk);
  });

  // Splitters: arrows and Home/End, or dragged. Widths are kept for this browser.
  const panes = document.getElementById("panes");
  const splitters = [...panes.querySelectorAll("[role=separator]")];
  const width = { first: 25, last: 41 };
  try { Object.assign(width, JSON.parse(localStorage.getItem("case-panes") || "{}")); } catch { /* what was kept cannot be read */ }
  const lay = () => {
    for (const one of splitters) {
      const name = one.dataset.split;
      width[name] = Math.min(Number(one.ariaValueMax), Math.max(Number(one.ariaValueMin), Math.round(width[name])));
      one.ariaValueNow = String(width[name]);
      panes.style.setProperty(`--${name}`, `${width[name]}fr`);
    }
    panes.style.setProperty("--middle", `${Math.max(15, 100 - width.first - width.last)}fr`);
    try { localStorage.setItem("case-panes", JSON.stringify(width)); } catch { /* private windows keep nothing */ }
  };
  const side = (name) => (name === "first" ? 1 : -1);
  for (const one of splitters) {
    const name = one.dataset.split;
    one.addEventListener("keydown", (event) => {
      const moved = { ArrowRight: 2, ArrowLeft: -2 }[event.key];
      if (moved) width[name] += moved * side(name);
      else if (event.key === "Home") width[name] = Number(one.ariaValueMin);
      else if (event.key === "End") width[name] = Number(one.ariaValueMax);
      else return;
      event.preventDefault();
      lay();
    });
    one.addEventListener("pointerdown", (event) => { one.setPointerCapture(event.pointerId); event.preventDefault(); });
    one.addEventListener("pointermove", (event) => {
      if (!one.hasPointerCapture(event.pointerId)) return;
      const box = panes.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width) * 100;
      width[name] = name === "first" ? share : 100 - share;
      lay();
    });
  }
  lay();

  // What was just done can be undone for ten seconds here, and later by "take back" on its own page.
  const did = document.getElementById("did");
  if (did) {
    const address = new URL(location.href);
    for (const name of ["did", "of", "was"]) address.searchParams.delete(name);
    history.replaceState(null, "", address);
    const hide = () => { if (did.matches(":hover, :focus-within")) setTimeout(hide, 3000); else did.remove(); };
    setTimeout(hide, 10000);
  }
  const wrong = document.getElementById("wrong");
  (wrong || document.getElementById("case-title")).focus({ preventScroll: !wrong });
})();
