// The letter edited in place: on every pause the server says what does not stand by the evidence, and why.
(() => {
  "use strict";
  const pane = document.getElementById("pane-work");
  if (!pane) return;
  const PAUSE = 450, AGAIN = 5000;
  let form = null, timer = 0, turn = 0, stands = false, last = null, typed = false;
  // What is typed stays on the page whatever becomes of the server or the session; it is kept nowhere else.
  const unsaved = () => Boolean(form?.isConnected && typed);
  window.overturn.unsaved = unsaved;

  const parts = () => ({
    subject: form.elements.subject.value, request: form.elements.request.value, closing: form.elements.closing.value,
    paragraphs: [...form.querySelectorAll("[data-paragraph]")].map((box) => ({ heading: box.querySelector("input").value, text: box.querySelector("textarea").value })),
  });
  const sent = (address, json, headers) => window.overturn.send(address, { json, headers });
  const verdict = (words, kind) => { const line = form.querySelector(".verdict"); line.textContent = words; line.className = `verdict ${kind}`; };

  const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
  const mirror = (area, wrong) => {
    const behind = area.parentElement.querySelector(".mirror");
    behind.replaceChildren();
    let rest = area.value;
    const words = [...new Set(wrong)].filter(Boolean).sort((a, b) => b.length - a.length);
    while (rest) {
      const hits = words.map((word) => [rest.indexOf(word), word]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0] || b[1].length - a[1].length);
      if (!hits.length) break;
      const [at, word] = hits[0];
      behind.append(rest.slice(0, at));
      const mark = document.createElement("mark");
      mark.textContent = word;
      behind.append(mark);
      rest = rest.slice(at + word.length);
    }
    behind.append(`${rest}\n`);
  };
  const said = (list, sentences) => {
    list.replaceChildren(...sentences.map((one) => {
      const item = document.createElement("li");
      item.textContent = one.says.join("; ");
      if (one.advice) { const advice = document.createElement("span"); advice.className = "advice"; advice.textContent = one.advice; item.append(advice); }
      return item;
    }));
  };
  const show = (answer) => {
    const where = new Map([["subject", ["subject"]], ["request", ["request"]], ["closing", ["closing"]]]);
    answer.places.forEach((number, at) => { if (number) where.set(`p${at}`, [`paragraph ${number}`, `paragraph ${number}, heading`]); });
    for (const box of form.querySelectorAll("[data-part]")) {
      const places = where.get(box.dataset.part) || [];
      const faults = answer.faults.filter((fault) => places.includes(fault.where));
      const sentences = answer.sentences.filter((one) => places.includes(one.where));
      const area = box.querySelector("textarea");
      area.setAttribute("aria-invalid", String(faults.length > 0));
      mirror(area, faults.map((fault) => fault.text));
      said(box.querySelector(".faults"), sentences);
    }
    const named = new Set([...where.values()].flat());
    said(form.querySelector(".faults.other"), answer.sentences.filter((one) => !named.has(one.where)));
    stands = answer.stands;
    last = answer;
    typed = answer.changed;
    const count = answer.sentences.length;
    if (!answer.changed) verdict("Nothing is changed yet. Every word of the letter stands by its evidence.", "");
    else if (answer.stands) verdict("Every word stands by the evidence: it can be saved.", "good");
    else verdict(`${count} ${count === 1 ? "sentence does" : "sentences do"} not stand by the evidence. Mend or take out, then it can be saved.`, "bad");
    form.elements.save.setAttribute("aria-disabled", String(!(answer.stands && answer.changed)));
  };
  const check = async () => {
    const mine = ++turn;
    const answer = await sent(form.dataset.check, { letter: form.dataset.letter, parts: parts() }).catch(() => null);
    if (mine !== turn || !form?.isConnected) return;
    if (!answer) { verdict("The server does not answer. Your words are here; they are checked again once it does.", "bad"); timer = setTimeout(check, AGAIN); return; }
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) show(told);
    else { stands = false; refused(answer.status, told, "It could not be checked."); form.elements.save.setAttribute("aria-disabled", "true"); }
  };
  const refused = (status, told, otherwise) => {
    if (status !== 401) { verdict(told.detail ? `${told.detail[0].toUpperCase()}${told.detail.slice(1)}.` : otherwise, "bad"); return; }
    verdict("You were signed out. Your words are here: sign in beside this page, then save again.", "bad");
    window.overturn.signIn();
  };
  const later = () => { stands = false; clearTimeout(timer); timer = setTimeout(check, PAUSE); verdict("Checking…", ""); };

  const save = async () => {
    clearTimeout(timer);
    if (!stands) await check();
    if (!stands) { form.querySelector("[aria-invalid=true]")?.focus(); return; }
    if (!last.changed) { window.overturn.tell("No word of the letter has been changed."); return; }
    if (!form.elements.reason.reportValidity()) return;
    verdict("Saving…", "");
    const answer = await sent(form.dataset.save, { parts: parts(), reason: form.elements.reason.value }, { "if-match": form.dataset.tag }).catch(() => null);
    if (!answer) { stands = false; verdict("The server does not answer: nothing was saved. Your words are here; save again once it does.", "bad"); return; }
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) { form = null; location.assign(told.address); return; }
    refused(answer.status, told, "It was not saved.");
    if (told.sentences) await check();
  };

  const begin = () => {
    form = document.getElementById("letter-form");
    if (!form) return;
    const areas = [...form.querySelectorAll("textarea")];
    let at = areas[1] || areas[0];
    areas.forEach((area) => { grow(area); mirror(area, []); });
    form.addEventListener("input", (event) => {
      if (event.target.matches("textarea")) { grow(event.target); mirror(event.target, []); }
      if (event.target.matches("textarea, [data-paragraph] input")) { typed = true; later(); }
    });
    form.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) at = event.target; });
    form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
    form.elements.insert.addEventListener("change", (event) => {
      if (!event.target.value) return;
      at.setRangeText(` [${event.target.value}]`, at.selectionStart, at.selectionEnd, "end");
      event.target.value = "";
      at.focus(); grow(at); typed = true; later();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); }
    });
    (form.querySelector("[data-paragraph] textarea") || areas[0]).focus();
    check();
  };
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target === pane) begin(); });
  window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
  window.addEventListener("online", () => { if (form?.isConnected) check(); });
  begin();
})();
