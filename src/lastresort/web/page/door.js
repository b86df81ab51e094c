// How the page asks: of the program that serves it, over this computer's loopback.
// `ask(what, values, data)` gives {html, says}, or {name, blob} for a file to be saved.

export const starting = "One moment …";

export async function ask(what, values = {}, data = null) {
  const query = data ? "?" + new URLSearchParams(values) : "";
  const response = await fetch("ask/" + what + query, {
    method: "POST",
    headers: { "Content-Type": data ? "application/octet-stream" : "application/json" },
    body: data ?? JSON.stringify(values),
    credentials: "same-origin",
    redirect: "error",
  }).catch(() => null);
  if (response === null) {
    throw new Error("The program has ended. Start it again, and use the new page.");
  }
  if (!response.ok) {
    throw new Error(await response.text());
  }
  const name = response.headers.get("X-File-Name");
  return name ? { name, blob: await response.blob() } : response.json();
}
