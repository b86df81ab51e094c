"use strict";
document.documentElement.classList.add("js");
document.addEventListener("click", (event) => {
  const file = event.target.closest("button[data-save]");
  if (!file) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([decodeURIComponent(file.dataset.file)], { type: "text/calendar" }));
  link.download = file.dataset.save;
  link.click();
  URL.revokeObjectURL(link.href);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  const said = document.getElementById("said");
  const tell = (done) => {
    button.textContent = done ? "Copied" : "Select it below";
    said.textContent = done ? "Copied." : "It could not be copied; select the text.";
    if (!done) getSelection().selectAllChildren(text);
  };
  const words = text.textContent;
  if (navigator.clipboard) navigator.clipboard.writeText(words).then(() => tell(true), () => tell(false));
  else tell(false);
});
