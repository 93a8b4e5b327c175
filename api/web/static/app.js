// What every page shares: dialogs, the command palette, keys, messages. No markup is made from text; no eval.
(() => {
  "use strict";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable=true]") !== null;
  const pages = [...document.querySelectorAll(".bar nav a")].map((a) => ({ label: `Go to ${a.textContent.trim()}`, go: a.href }));

  // Say something at the foot of the page: `overturn.tell("Approved", { label: "Undo", run })`.
  const tell = (words, action) => {
    const line = document.createElement("div");
    const text = document.createElement("span");
    text.textContent = words;
    line.append(text);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = action.label;
      button.addEventListener("click", () => { line.remove(); action.run(); });
      line.append(button);
    }
    document.getElementById("told").append(line);
    setTimeout(() => line.remove(), action ? 10000 : 5000);
  };

  // Commands a page adds: { label, run }. Keys a page adds: key -> function.
  const commands = [];
  const keys = new Map();
  const pageToken = document.querySelector("meta[name=page-token]").content; // every change a script sends carries it
  window.overturn = { tell, commands, keys, typing, pageToken };

  const open = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };
  keys.set("?", () => open("keys"));
  keys.set("/", () => open("palette"));
  // g and a letter goes to a page of the bar that is there for whoever is signed in.
  const places = { q: "/queue", d: "/dashboard", s: "/series", r: "/rules", o: "/outbox", u: "/users", c: "/clients" };
  let going = false;
  const goTo = (path) => { if (pages.some((each) => new URL(each.go).pathname === path)) location.assign(path); };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open("palette"); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (going) { going = false; const to = places[event.key]; if (to) { event.preventDefault(); goTo(to); } return; }
    if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1500); return; }
    const run = keys.get(event.key);
    if (run) { event.preventDefault(); run(event); }
  });

  // The palette: commands by their words, then denials by patient, claim or authorization (asked of the server).
  const words = document.getElementById("palette-words");
  const found = document.getElementById("palette-found");
  let choices = [], chosen = 0, asked = 0;
  const show = () => {
    found.replaceChildren(...choices.map((choice, at) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.id = `palette-${at}`;
      item.setAttribute("aria-selected", String(at === chosen));
      item.textContent = choice.label;
      item.addEventListener("click", () => take(choice));
      return item;
    }));
    if (choices.length) words.setAttribute("aria-activedescendant", `palette-${chosen}`);
    else words.removeAttribute("aria-activedescendant");
    found.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const take = (choice) => { document.getElementById("palette").close(); if (choice.go) location.assign(choice.go); else choice.run(); };
  const look = async () => {
    const text = words.value.trim().toLowerCase();
    choices = [...commands, ...pages].filter((c) => c.label.toLowerCase().includes(text));
    chosen = 0; show();
    if (text.length < 2) return;
    const turn = ++asked;
    // The words go in the body: an address is logged, and may not hold a name.
    const answer = await fetch("/queue/find", { method: "POST", headers: { "content-type": "application/json", "x-page-token": pageToken }, body: JSON.stringify({ words: words.value }) });
    if (!answer.ok || turn !== asked) return;
    const items = (await answer.json()).items;
    choices = [...choices, ...items.map((i) => ({ label: i.label, go: i.address }))];
    show();
  };
  if (words) {
    words.addEventListener("input", look);
    document.getElementById("palette").addEventListener("close", () => { words.value = ""; });
    words.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : choices.length - 1)) % Math.max(choices.length, 1); show();
      } else if (event.key === "Enter") { event.preventDefault(); if (choices[chosen]) take(choices[chosen]); }
    });
    new MutationObserver(() => { if (document.getElementById("palette").open) look(); }).observe(document.getElementById("palette"), { attributes: true, attributeFilter: ["open"] });
  }

  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const says = { 401: "You were signed out. Sign in again; nothing was lost.", 403: "Your role may not do this.", 412: "Somebody changed this meanwhile. Reload to see it.", 429: "Too many requests. Wait a moment.", 503: "Cases are being worked. Try again shortly." };
    tell(says[status] || `That did not work (${status}). Nothing was changed.`);
  });
  document.addEventListener("htmx:sendError", () => tell("The server does not answer. Nothing was changed."));
})();
