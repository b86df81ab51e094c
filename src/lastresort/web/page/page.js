// The page: it hands over files and answers, shows the HTML that comes back, and decides nothing.
// Everything is a question to `door.js`; buttons and forms say in data attributes which one.

import { ask, starting } from "./door.js";

const SECONDS = 6; // that a short message is shown

const answer = document.getElementById("answer");
const says = document.getElementById("says");
const drop = document.getElementById("drop");
const choose = document.getElementById("choose");

let working = Promise.resolve();
let fading = 0;

/** Say something: it is read out, and shown at the lower edge; `quiet` is what stands in the page as well. */
function tell(words, { quiet = false, brief = false } = {}) {
  clearTimeout(fading);
  says.textContent = words;
  says.classList.toggle("hidden", quiet || !words);
  if (brief) fading = setTimeout(() => says.classList.add("hidden"), SECONDS * 1000);
}

/** Do one thing after the other; say what is being done, and what went wrong. */
function work(words, job) {
  working = working.then(async () => {
    document.body.setAttribute("aria-busy", "true");
    tell(words);
    try {
      await job();
    } catch (error) {
      tell(error.message);
    }
    document.body.removeAttribute("aria-busy");
  });
  return working;
}

/** Show a reply; what was open stays open, and the keyboard stays where it was, or goes to what is marked. */
function show(reply, place = answer) {
  const open = new Set([...place.querySelectorAll("details[open]")].map(nameOf));
  const focused = nameOf(document.activeElement);
  place.innerHTML = reply.html;
  for (const one of place.querySelectorAll("details")) {
    if (open.has(nameOf(one))) one.open = true;
  }
  if (focused && document.activeElement === document.body) {
    const again = [...place.querySelectorAll("button, input, select, textarea")].find((one) => nameOf(one) === focused);
    again?.focus();
  }
  place.querySelector("[data-focus]")?.focus();
  tell(reply.says, { quiet: true });
}

/** What a reader would call a part of the page: the interview it stands in, and its words. */
function nameOf(element) {
  if (!element || element === document.body) return "";
  const card = element.closest("[id]")?.id ?? "";
  const words = element.matches("details") ? element.querySelector("summary").textContent : element.textContent;
  const field = element.closest("form")?.dataset.field;
  return [card, element.tagName, field, element.getAttribute("name"), words.trim().slice(0, 80)].join("|");
}

function valuesOf(form) {
  return { ...(form.dataset.field && { field: form.dataset.field }), ...Object.fromEntries(new FormData(form)) };
}

async function add(files) {
  for (const file of files) {
    const reading = `Reading ${file.name} …`;
    await work(reading, async () => show(await ask("add", { name: file.name }, await file.arrayBuffer())));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { ask: what, copy, save, ...values } = button.dataset;
  if (what) {
    work("One moment …", async () => show(await ask(what, values)));
  } else if (copy) {
    copyText(document.getElementById(copy));
  } else if (save) {
    work("One moment …", async () => saveFile(await ask("save", { kind: save, ...values })));
  }
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const place = form.dataset.into ? document.getElementById(form.dataset.into) : answer;
  work("One moment …", async () => show(await ask(form.dataset.form, valuesOf(form)), place));
});

document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-now]")) event.target.form.requestSubmit();
});

choose.addEventListener("change", async () => {
  await add(choose.files);
  choose.value = "";
});

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragenter" || name === "dragover");
    if (name === "drop") add(event.dataTransfer.files);
  });
}

async function copyText(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    tell("Copied.", { brief: true });
  } catch {
    getSelection().selectAllChildren(element);
    tell("The text is selected: copy it with Ctrl+C, or ⌘C on a Mac.");
  }
}

function saveFile({ name, blob }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  tell(`${name} is saved.`, { brief: true });
}

work(starting, async () => show(await ask("answer")));
