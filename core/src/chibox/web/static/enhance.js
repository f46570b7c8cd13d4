// Shortens what already works without it; each behaviour hangs on a form or a data attribute, and every word stands in the page.

const RESTING = 8000; // ms; the act's number makes a second sending harmless, so a form that hangs may be sent again
const PAUSE = 200; // ms after the last key
const LOOK = 2000; // ms between two looks at a long job
const FIRST = 1000; // ms to the first try again after a cut
const LONGEST = 30000; // ms between two tries
const PATIENCE = 120000; // ms for one piece: a weak line carries 10 KB a second
const PIECE = 262144; // bytes

const region = document.createElement("p"); // what changes without a new page is said here, politely
region.className = "sr";
region.setAttribute("role", "status");
document.body.append(region);

const asked = new WeakMap(); // a form that searches -> the address and how to stop asking
let typing; // the pause after the last key

const filled = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const later = (ms) => new Promise((done) => setTimeout(done, ms));

// --- a form is not sent twice; its files go first, in pieces ---

document.addEventListener("submit", (event) => {
  const form = event.target;
  clearTimeout(typing); // the page that comes answers what was typed
  asked.get(form)?.stop.abort();
  if (form.method !== "post") return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  const files = [...form.querySelectorAll("input[data-upload]:enabled")].filter((input) => input.files.length);
  if (files.length && !("whole" in form.dataset)) {
    event.preventDefault();
    upload(form, files, event.submitter);
    return;
  }
  setTimeout(() => delete form.dataset.sent, RESTING);
});

// A page that comes back by the back button may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    delete form.dataset.whole;
    for (const input of form.querySelectorAll("input[data-upload]")) input.disabled = false;
    for (const shown of form.querySelectorAll("[data-sending]")) shown.remove();
  }
});

// --- an upload that goes on after a cut (tus 1.0.0) ---

class Refusal extends Error {} // the box says no, or cannot be asked so: the form itself is sent, and its page says why

const tus = (method, address, headers, body) =>
  fetch(address, { method, headers: { "Tus-Resumable": "1.0.0", ...headers }, body, signal: AbortSignal.timeout(PATIENCE) });

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const checked = (answer) => {
  if (answer.ok) return answer;
  if (answer.status >= 500 || [409, 423, 429].includes(answer.status)) throw new Error(answer.status);
  throw new Refusal(answer.status);
};

const begin = async (file) => {
  const headers = { "Upload-Length": file.size, "Upload-Metadata": `filename ${base64(file.name)}` };
  return checked(await tus("POST", "/uploads", headers)).headers.get("Location");
};

// Sends a file from where it stands, and gives its id. `show(bytes, cut)` is told of every step.
const send = async (file, show) => {
  const key = `upload ${file.name} ${file.size} ${file.lastModified}`;
  let address = sessionStorage.getItem(key);
  let [offset, pause] = [undefined, FIRST];
  for (;;) {
    try {
      if (address && offset === undefined) {
        const found = await tus("HEAD", address);
        if ([403, 404, 410].includes(found.status)) address = null;
        else offset = Number(checked(found).headers.get("Upload-Offset"));
      }
      if (!address) {
        address = await begin(file);
        sessionStorage.setItem(key, address);
        offset = 0;
      }
      show(offset, false);
      if (offset >= file.size) return address.split("/").pop();
      const piece = await file.slice(offset, offset + PIECE).arrayBuffer().catch(() => { throw new Refusal("unreadable"); });
      const headers = { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
      offset = Number(checked(await tus("PATCH", address, headers, piece)).headers.get("Upload-Offset"));
      pause = FIRST;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      show(offset, true);
      offset = undefined;
      await Promise.race([later(pause), new Promise((done) => addEventListener("online", done, { once: true }))]);
      pause = Math.min(pause * 2, LONGEST);
    }
  }
};

// A bar and a line below the field; `show` keeps them true.
const bar = (input, file) => {
  const box = document.createElement("div");
  const line = document.createElement("p");
  const progress = document.createElement("progress");
  box.dataset.sending = "";
  line.id = `u-${input.name}`;
  progress.max = file.size || 1;
  progress.setAttribute("aria-labelledby", line.id);
  box.append(line, progress);
  input.after(box);
  let [reached, was] = [0, null];
  return (bytes, cut) => {
    reached = bytes ?? reached;
    progress.value = file.size ? reached : 1;
    const share = `${Math.floor((100 * progress.value) / progress.max)}%`;
    line.textContent = filled(cut ? input.dataset.cut : input.dataset.upload, { name: file.name, share });
    if (cut !== was) region.textContent = line.textContent;
    was = cut;
  };
};

const upload = async (form, inputs, submitter) => {
  for (const input of inputs) input.disabled = true; // what is being sent cannot be exchanged, and is not sent twice
  try {
    for (const input of inputs) {
      const [file] = input.files;
      form.elements[`${input.name}_upload`].value = await send(file, bar(input, file));
    }
  } catch {
    form.dataset.whole = "";
    for (const input of inputs) input.disabled = false;
  }
  delete form.dataset.sent;
  form.requestSubmit(submitter);
};

// --- the count of picked rows follows the boxes ---

const recount = (form) => {
  const line = form?.querySelector("[data-count]");
  if (!line) return;
  const picked = form.querySelectorAll(".pick input:checked").length;
  line.textContent = filled(line.dataset.count, { n: picked.toLocaleString(document.documentElement.lang) });
};

document.addEventListener("change", (event) => {
  if (event.target.closest(".pick")) recount(event.target.form);
});

// --- parts of a page change in their place ---

const ask = async (address, signal) => {
  const answer = await fetch(address, { headers: { Accept: "text/html", "X-Part": "1" }, signal });
  if (answer.status >= 500) throw new Error(answer.status);
  return [new DOMParser().parseFromString(await answer.text(), "text/html"), answer.redirected];
};

const stops = (element) => [...element.querySelectorAll("a[href],button,input,select,textarea,summary")];

const folds = (element) => [...element.querySelectorAll("details")];

// What an answer has under an id takes the place of what stands there; ticks and what was opened stay, and so does the focus.
const swap = (old, fresh) => {
  const at = stops(old).indexOf(document.activeElement);
  const shown = folds(fresh);
  folds(old).forEach((fold, place) => { if (fold.open && shown[place]) shown[place].open = true; });
  for (const box of old.querySelectorAll(".pick :checked")) {
    const same = [...fresh.querySelectorAll(".pick input")].find((one) => one.name === box.name && one.value === box.value);
    if (same) same.checked = true;
  }
  old.replaceWith(fresh);
  if (at >= 0) (stops(fresh)[at] ?? document.querySelector("main")).focus();
  for (const line of fresh.querySelectorAll("[data-count]")) recount(line.closest("form"));
};

// --- a search as one types: <form method="get" data-live="#id, #other" data-cut="words"> ---

const failed = (form) => {
  asked.delete(form);
  if (!form.dataset.cut || form.nextElementSibling?.dataset.failed === "") return;
  const line = document.createElement("p");
  line.className = "err";
  line.dataset.failed = "";
  line.textContent = region.textContent = form.dataset.cut;
  form.after(line);
};

const search = async (form) => {
  const address = `${form.getAttribute("action") ?? location.pathname}?${new URLSearchParams(new FormData(form))}`;
  if (asked.get(form)?.address === address) return;
  asked.get(form)?.stop.abort();
  const stop = new AbortController();
  asked.set(form, { address, stop });
  try {
    const [answer, moved] = await ask(address, stop.signal);
    if (moved) {
      location.assign(address); // to the door: the session has ended
      return;
    }
    const parts = [...document.querySelectorAll(`${form.dataset.live}, #foot`)];
    const pairs = parts.map((old) => [old, answer.getElementById(old.id)]).filter(([, fresh]) => fresh);
    if (!pairs.some(([old]) => old.matches(form.dataset.live))) throw new Error("no such part");
    for (const [old, fresh] of pairs) swap(old, fresh);
    history.replaceState(history.state, "", address);
    document.title = answer.title;
    if (form.nextElementSibling?.dataset.failed === "") form.nextElementSibling.remove();
    region.textContent = document.querySelector(form.dataset.live)?.querySelector("[data-tell]")?.textContent ?? answer.title;
  } catch {
    if (!stop.signal.aborted) failed(form);
  }
};

const soon = (event, pause) => {
  const form = event.target.form;
  if (!form?.matches("form[data-live]") || event.isComposing) return; // a syllable that is still being put together
  clearTimeout(typing);
  typing = setTimeout(search, pause, form);
};
document.addEventListener("input", (event) => soon(event, PAUSE));
document.addEventListener("compositionend", (event) => soon(event, PAUSE));
document.addEventListener("change", (event) => soon(event, 0));

// --- a long job: <div id="…" data-live>; without data-live in the answer it is over, and the page is opened anew ---

const follow = async (element, pause = LOOK) => {
  await later(pause);
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => follow(element, 0), { once: true });
    return;
  }
  try {
    const [answer] = await ask(location.href);
    const fresh = answer.getElementById(element.id);
    if (!fresh?.hasAttribute("data-live")) {
      location.reload();
      return;
    }
    swap(element, fresh);
    follow(fresh);
  } catch {
    follow(element, Math.min(Math.max(pause, LOOK) * 2, LONGEST));
  }
};
for (const element of document.querySelectorAll("[id][data-live]:not(form)")) follow(element);
