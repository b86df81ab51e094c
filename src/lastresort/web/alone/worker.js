// Python in a worker, so that the page stays quick: it unpacks the tool once, and answers one question at a time.

import { loadPyodide } from "./runtime/pyodide.mjs";
import { unpack } from "./tool.mjs";

const ready = start();

async function start() {
  const [python, tool, holidays] = await Promise.all([
    loadPyodide({ indexURL: new URL("runtime/", import.meta.url).href }),
    load("lastresort.zip"),
    load("holidays.zip"),
  ]);
  return unpack(python, tool, holidays, Intl.DateTimeFormat().resolvedOptions().timeZone);
}

async function load(name) {
  return (await fetch(name)).arrayBuffer();
}

let working = Promise.resolve();

self.onmessage = ({ data: { id, what, values, data } }) => {
  working = working.then(async () => {
    try {
      const answer = await ready;
      const proxy = answer(what, JSON.stringify(values), data ? new Uint8Array(data) : new Uint8Array());
      const reply = proxy.toJs({ dict_converter: Object.fromEntries });
      proxy.destroy();
      self.postMessage({ id, ...reply });
    } catch (error) {
      self.postMessage({ id, error: error.message });
    }
  });
};
