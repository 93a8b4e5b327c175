// What every page shares: dialogs, the command palette, keys, messages, requests. No markup is made from text; no eval.
(() => {
  "use strict";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable=true]") !== null;
  const pages = [...document.querySelectorAll(".bar nav a, .bar .who")].map((a) => ({ label: a.matches(".who") ? "Go to your account" : `Go to ${a.textContent.trim()}`, go: a.href }));

  // Say something at the foot of the page: `overturn.tell("Approved", { label: "Undo", run })`. It stays while one is at it.
  let action = null; // what `u` undoes
  const tell = (words, what) => {
    const line = document.createElement("div");
    const text = document.createElement("span");
    text.textContent = words;
    line.append(text);
    const gone = () => { line.remove(); if (action?.line === line) action = null; };
    if (what) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = what.label;
      if (what.key) { const key = document.createElement("kbd"); key.textContent = what.key; button.append(" ", key); button.setAttribute("aria-keyshortcuts", what.key); }
      button.addEventListener("click", () => { gone(); what.run(); });
      line.append(button);
      action?.line.remove();
      action = { line, key: what.key, run: () => button.click() };
    }
    document.getElementById("told").append(line);
    const hide = () => { if (line.matches(":hover, :focus-within")) setTimeout(hide, 3000); else gone(); };
    setTimeout(hide, what ? 20000 : 6000);
  };

  // Commands a page adds: { label, run }. Keys a page adds: key -> function.
  const commands = [];
  const keys = new Map();

  // Requests. `at` keeps to the practice the address names; `send` posts with the page's token, and reads the token anew
  // when its owner has signed in again in another tab meanwhile.
  const at = (address) => {
    const practice = new URLSearchParams(location.search).get("practice");
    if (!practice || /[?&]practice=/.test(address)) return address;
    return `${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams({ practice })}`;
  };
  const meta = (name, page = document) => page.querySelector(`meta[name=${name}]`)?.content || "";
  const renewed = async () => {
    const answer = await fetch("/account", { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!meta("who") || meta("who", page) !== meta("who")) return false;
    const token = meta("page-token", page);
    document.querySelector("meta[name=page-token]").content = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-Page-Token": token }));
    for (const field of document.querySelectorAll("input[name=page_token]")) field.value = token;
    return true;
  };
  const send = async (address, { json, body, headers = {} } = {}, again = true) => {
    const sent = { accept: "application/json", "x-page-token": meta("page-token"), ...headers };
    if (json !== undefined) sent["content-type"] = "application/json";
    const answer = await fetch(at(address), { method: "POST", headers: sent, body: json === undefined ? body : JSON.stringify(json) });
    if (answer.status === 403 && again) {
      const said = await answer.clone().json().catch(() => ({}));
      if (String(said.type).endsWith(":page-outdated") && await renewed().catch(() => false)) return send(address, { json, body, headers }, false);
    }
    return answer;
  };
  // The session is over: to the door, and back here. What is typed and not saved keeps the page; the door opens beside it.
  const door = () => `/sign-in?next=${encodeURIComponent((location.pathname + location.search).slice(0, 250))}`;
  const signIn = () => {
    if (window.overturn.unsaved()) tell("You were signed out. Nothing is lost: sign in beside this page, then go on here.", { label: "Sign in", run: () => window.open(door(), "_blank", "noopener") });
    else location.assign(door());
  };
  const REFUSED = { 403: "Your role may not do this.", 404: "It is not there any more. Reload to see what is.", 409: "It does not stand as it did: reload to see it.", 412: "Somebody changed this meanwhile. Reload to see it.", 413: "The file is too large.", 429: "Too many requests. Wait a moment.", 503: "Cases are being worked. Nothing was changed; try again shortly." };
  // Say of a refusal what the server says of it, in one sentence.
  const refusal = (status, text) => {
    let said = {};
    try { said = JSON.parse(text); } catch { /* no document: the status must do */ }
    if (status >= 500 && status !== 503) return `Something failed here, and nothing was changed.${said.request_id ? ` Report ${said.request_id}.` : ""}`;
    const detail = said.detail ? `${said.detail[0].toUpperCase()}${said.detail.slice(1)}.` : "";
    return (status === 403 ? "" : detail) || REFUSED[status] || `That did not work (${status}). Nothing was changed.`;
  };
  // How long nobody has been at this page, in milliseconds: an idle page asks for nothing, so that a session can end.
  let lastSeen = Date.now();
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "focus"]) window.addEventListener(kind, () => { lastSeen = Date.now(); }, { passive: true, capture: true });
  const idle = () => Date.now() - lastSeen;
  window.overturn = { tell, commands, keys, typing, at, send, signIn, refusal, idle, unsaved: () => false };

  const open = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };
  keys.set("?", () => open("keys"));
  keys.set("/", () => open("palette"));
  keys.set("u", () => { if (action?.key === "u") action.run(); });
  // g and a letter goes to a page of the bar that is there for whoever is signed in.
  const places = { q: "/queue", d: "/dashboard", s: "/series", r: "/rules", o: "/outbox", u: "/users", c: "/clients" };
  let going = false;
  const goTo = (path) => { const found = pages.find((each) => new URL(each.go).pathname === path); if (found) location.assign(found.go); };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
    const menu = document.querySelector("details.practice-menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) open("palette");
      return;
    }
    if (event.key === "Escape" && event.target.matches?.("#words")) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (going) { going = false; const to = places[event.key]; if (to) { event.preventDefault(); goTo(to); } return; }
    if (event.key === "g") { going = true; setTimeout(() => { going = false; }, 1500); return; }
    if (event.key === "Enter" && event.target !== document.body) return; // a link or a button answers it by itself
    const run = keys.get(event.key);
    if (run) { event.preventDefault(); run(event); }
  });

  // The palette: commands by their words, then denials by patient, claim or authorization (asked of the server).
  const words = document.getElementById("palette-words");
  const found = document.getElementById("palette-found");
  const status = document.getElementById("palette-says");
  let choices = [], chosen = 0, asked = 0;
  const show = (says = "") => {
    found.replaceChildren(...choices.map((choice, at) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.id = `palette-${at}`;
      item.setAttribute("aria-selected", String(at === chosen));
      const label = document.createElement("span");
      label.textContent = choice.label;
      const kind = document.createElement("span");
      kind.className = "soft";
      kind.textContent = choice.more || (choice.go ? "page" : "command");
      item.append(label, kind);
      item.addEventListener("click", () => take(choice));
      return item;
    }));
    if (choices.length) words.setAttribute("aria-activedescendant", `palette-${chosen}`);
    else words.removeAttribute("aria-activedescendant");
    status.textContent = says;
    found.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const take = (choice) => { document.getElementById("palette").close(); if (choice.go) location.assign(choice.go); else choice.run(); };
  const fits = (label, text) => text.split(/\s+/).every((word) => label.toLowerCase().includes(word));
  const look = async () => {
    const text = words.value.trim().toLowerCase(), turn = ++asked;
    const own = [...commands, ...pages].filter((choice) => fits(choice.label, text));
    choices = own; chosen = 0;
    if (text.length < 2) { show(); return; }
    show(own.length ? "" : "Looking…");
    // The words go in the body: an address is logged, and may not hold a name.
    const answer = await send("/queue/find", { json: { words: words.value } }).catch(() => null);
    if (turn !== asked) return;
    if (!answer) { show("The server does not answer."); return; }
    if (answer.status === 401) { signIn(); return; }
    const items = answer.ok ? (await answer.json()).items : [];
    if (turn !== asked) return;
    choices = [...own, ...items.map((item) => ({ label: item.label, more: "case", go: at(item.address) }))];
    chosen = Math.min(chosen, Math.max(choices.length - 1, 0));
    show(choices.length ? "" : "Nothing is found by these words.");
  };
  if (words) {
    words.addEventListener("input", look);
    document.getElementById("palette").addEventListener("close", () => { words.value = ""; asked += 1; });
    words.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : choices.length - 1)) % Math.max(choices.length, 1); show();
      } else if (event.key === "Escape") {
        event.preventDefault(); // else a search field takes the first Escape to empty itself
        document.getElementById("palette").close();
      } else if (event.key === "Enter") { event.preventDefault(); if (choices[chosen]) take(choices[chosen]); }
    });
    new MutationObserver(() => { if (document.getElementById("palette").open) look(); }).observe(document.getElementById("palette"), { attributes: true, attributeFilter: ["open"] });
  }

  document.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    if (status === 401) signIn();
    else tell(refusal(status, responseText));
  });
  document.addEventListener("htmx:sendError", () => tell("The server does not answer. Nothing was changed."));
})();
