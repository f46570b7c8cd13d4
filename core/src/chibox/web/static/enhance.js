// Shortens what already works without it: a form is not sent twice, and the count of picked rows follows the boxes.

const RESTING = 8000; // ms; the act's number makes a second sending harmless, so a form that hangs may be sent again

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, RESTING);
});

// A page that comes back by the back button may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

const recount = (form) => {
  const bar = form?.querySelector("[data-count]");
  if (!bar) return;
  const picked = form.querySelectorAll(".pick input:checked").length;
  bar.textContent = bar.dataset.count.replace("{n}", picked.toLocaleString(document.documentElement.lang));
};

document.addEventListener("change", (event) => {
  if (event.target.closest(".pick")) recount(event.target.form);
});
