// How the page asks when it stands alone: of the tool itself, which runs in a worker of this page.
// `ask(what, values, data)` gives {html, says}, or {name, blob} for a file to be saved.

const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
let last = 0;

worker.onmessage = ({ data: { id, error, ...reply } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error) reject(new Error(error));
  else resolve(reply.name ? { name: reply.name, blob: new Blob([reply.content], { type: reply.kind }) } : reply);
};

worker.onerror = (event) => {
  for (const { reject } of waiting.values()) reject(new Error(`The tool cannot start here: ${event.message}`));
  waiting.clear();
};

navigator.serviceWorker?.register("offline.js").catch(() => {}); // without it the page needs its host each time

export const starting = "The page is starting: this takes some seconds, and longer the first time …";

export function ask(what, values = {}, data = null) {
  const id = ++last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, what, values, data }, data ? [data] : []);
  });
}
