// Nothing typed is lost: while somebody types, and when the page is left, the server keeps what stands in the form until
// it arrives. Of somebody without an account it stays in this tab. Passwords and files are never kept.
"use strict";

const PAUSE = 3000;
const HALF_AN_HOUR = 30 * 60 * 1000;
const PREFIX = "typed ";
const changed = new Set();
const underWay = new Map();
let pause;

const isSignedIn = () => document.querySelector('form[action="/registration/sign-out"]') !== null;
const nameOf = (form) => PREFIX + location.pathname + " " + form.id;
const isTyped = (field) => field.name && !field.name.startsWith("_") && !["hidden", "password", "file", "submit", "button"].includes(field.type)
  && !["one-time-code", "off"].includes(field.autocomplete);

function typedFields(form) {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  for (const field of form.elements) if (field.type === "password") fields.delete(field.name);
  return new URLSearchParams(fields);
}

function keep(form, keepalive) {
  changed.delete(form);
  if (!isSignedIn()) {
    const values = [...form.elements].filter(isTyped).map((field) => [field.name, field.value, field.checked === true]);
    sessionStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), values }));
    return Promise.resolve();
  }
  const stop = new AbortController();
  underWay.set(form, stop);
  return fetch(form.dataset.typed, { method: "POST", body: typedFields(form), credentials: "same-origin", keepalive, signal: stop.signal })
    .catch(() => {}).finally(() => underWay.delete(form));
}

const keepAll = (keepalive) => Promise.all([...changed].map((form) => keep(form, keepalive)));

for (const sign of ["input", "change"]) document.addEventListener(sign, (event) => {
  const form = event.target.form;
  if (!form || !form.dataset.typed) return;
  changed.add(form);
  clearTimeout(pause);
  pause = setTimeout(() => keepAll(false), PAUSE);
});

// What is sent needs no keeping; were it refused, the server keeps it.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  changed.delete(form);
  if (underWay.has(form)) underWay.get(form).abort();
  if (form.dataset.typed) sessionStorage.removeItem(nameOf(form));
});

addEventListener("pagehide", () => keepAll(true));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepAll(true); });

// A link may show a page that asks what is kept, before the page that is left has sent it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !changed.size || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.hasAttribute("download")) return;
  event.preventDefault();
  const go = () => { location.href = link.href; };
  Promise.race([keepAll(true), new Promise((done) => setTimeout(done, 2000))]).then(go);
});

document.addEventListener("DOMContentLoaded", () => {
  if (isSignedIn()) {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
    return;
  }
  for (const form of document.querySelectorAll("form[data-typed]")) {
    const known = JSON.parse(sessionStorage.getItem(nameOf(form)) || "null");
    if (!known || Date.now() - known.at > HALF_AN_HOUR) continue;
    for (const field of [...form.elements].filter(isTyped)) {
      const choice = field.type === "radio" || field.type === "checkbox";
      const value = known.values.find(([name, text]) => name === field.name && (!choice || text === field.value));
      if (!value) continue;
      if (choice) field.checked = value[2];
      else if (!field.value) field.value = value[1];
    }
  }
});
