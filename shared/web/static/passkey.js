// Passkeys: the server says what to ask the browser for, its answer goes into the form. Without scripts a code serves.
"use strict";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function say(form, words) {
  const place = form.querySelector("[data-passkey-words]");
  place.textContent = place.dataset[words] || words;
  place.hidden = false;
}

// A token that ran out while the page was open is renewed once, as kompeten.js does for who is working.
async function fetchOptions(form, field, again = true) {
  const headers = { Accept: "application/json", "X-CSRF-Token": form.elements.csrf_token.value };
  const answer = await fetch(field.dataset.challenge, { method: "POST", headers, credentials: "same-origin" });
  if (answer.ok) return answer.json();
  if (answer.status === 401 && again) {
    await fetch("/registration/session/renew", { method: "POST", headers, credentials: "same-origin" });
    return fetchOptions(form, field, false);
  }
  throw new Error((await answer.json()).detail);
}

function decodeOptions(options) {
  const decoded = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) decoded.user = { ...options.user, id: toBytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"])
    if (options[list]) decoded[list] = options[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  return decoded;
}

function encodeAnswer(credential) {
  const { response } = credential;
  const answer = { id: toText(credential.rawId), clientDataJSON: toText(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = toText(response.attestationObject);
    answer.transports = response.getTransports ? response.getTransports() : [];
  } else {
    answer.authenticatorData = toText(response.authenticatorData);
    answer.signature = toText(response.signature);
    if (response.userHandle) answer.userHandle = toText(response.userHandle);
  }
  return JSON.stringify(answer);
}

async function askBrowser(form, field) {
  say(form, "wait");
  try {
    const publicKey = decodeOptions(await fetchOptions(form, field));
    field.value = encodeAnswer(await navigator.credentials[field.dataset.passkey]({ publicKey }));
  } catch (error) {
    const known = { NotAllowedError: "stopped", AbortError: "stopped", InvalidStateError: "known", Error: error.message };
    say(form, known[error.name] || "failed");
    return;
  }
  form.requestSubmit();
}

// Where a code may be given, too: the button was pressed, or Enter with no code in the form.
function meansPasskey(form, submitter) {
  if (!submitter) return false;
  return submitter.value === "passkey" || (submitter.classList.contains("first") && !form.elements.code.value);
}

// A passkey cannot be taken back: what else the form must hold comes first, and the server says what is missing.
const isIncomplete = (form) => [...form.elements].some((one) => one.required && one.name !== "code" && !one.value.trim());

// This file is loaded before the page, so that nobody is faster. In the capturing phase, before kompeten.js takes the form for one that is on its way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const field = form.querySelector("input[data-passkey]");
  if (!field || field.value) return;
  if (!("only" in field.dataset) && !meansPasskey(form, event.submitter)) return;
  if (isIncomplete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!window.PublicKeyCredential) return say(form, "none");
  if (form.dataset.asking) return;
  form.dataset.asking = "yes";
  askBrowser(form, field).finally(() => delete form.dataset.asking);
}, true);

// An answer is good once: who comes back to the page makes another.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("input[data-passkey]").forEach((field) => { field.value = ""; });
});

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-passkey-button]").forEach((button) => { button.disabled = false; });
});
