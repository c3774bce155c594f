// Comfort only: every page works without this file.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector(".summary");
  if (summary) summary.focus();
});

// A second click on a form that is on its way would send it twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Rows are added and removed by the server either way; here only their group is exchanged, so files chosen elsewhere stay.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[name=_add], button[name=_remove]");
  if (!button) return;
  const form = button.form;
  const group = button.closest("[data-rows]");
  event.preventDefault();
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  fields.append(button.name, button.value);
  const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: fields, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(group.id);
  if (!fresh) {
    form.requestSubmit(button);
    return;
  }
  group.replaceWith(fresh);
  const rows = fresh.querySelectorAll(":scope > .row");
  const last = rows[rows.length - 1];
  const next = button.name === "_add" && last ? last.querySelector("input, select, textarea") : fresh.querySelector("button[name=_add]");
  if (next) next.focus();
});

// What is on its way is shown as it comes along; without scripts such a page loads itself anew.
function follow(part) {
  setTimeout(async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page && page.getElementById(part.id);
    if (!fresh) return follow(part);
    if (!fresh.dataset.refresh) return location.reload();
    const focused = part.contains(document.activeElement);
    part.replaceWith(fresh);
    if (focused) (fresh.querySelector("button") || fresh).focus();
    return follow(fresh);
  }, Number(part.dataset.refresh) * 1000);
}
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-refresh]").forEach(follow));

// Whoever is working stays signed in; a page left alone does not. Without this, the next request renews by redirection.
let working = false;
for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, () => { working = true; }, { passive: true });
setInterval(() => {
  if (!working || !document.querySelector('form[action="/registration/sign-out"]')) return;
  working = false;
  fetch("/registration/session/renew", { method: "POST", headers: { Accept: "application/json" }, credentials: "same-origin" })
    .catch(() => { working = true; });
}, 4 * 60 * 1000);
