// Island: the text of a product model. Tab indents, Enter keeps the indent, a finding leads to its
// line.
const area = document.querySelector<HTMLTextAreaElement>("[data-modeltext]");

area?.addEventListener("keydown", (event) => {
  if (event.key === "Tab" && !event.ctrlKey && !event.metaKey) {
    // Escape first, then Tab, leaves the field: a text must not be a trap for the keyboard.
    if (area.dataset.leaving) return;
    event.preventDefault();
    area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (event.key === "Enter") {
    const before = area.value.slice(0, area.selectionStart);
    const indent = /[ ]*/.exec(before.slice(before.lastIndexOf("\n") + 1))?.[0] ?? "";
    if (!indent) return;
    event.preventDefault();
    area.setRangeText(`\n${indent}`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (event.key === "Escape") area.dataset.leaving = "yes";
  else delete area.dataset.leaving;
});

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-goes-to-line]");
  if (!button || !area) return;
  const lines = area.value.split("\n");
  const line = Number(button.dataset.goesToLine) - 1;
  const start = lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line]?.length ?? 0));
  const height = area.scrollHeight / Math.max(1, lines.length);
  area.scrollTop = Math.max(0, height * (line - 5));
});

// What is not kept is not lost without a question.
window.addEventListener("beforeunload", (event) => {
  if (area && area.value !== area.defaultValue && !area.form?.dataset.sent) event.preventDefault();
});
area?.form?.addEventListener("submit", () => {
  if (area.form) area.form.dataset.sent = "yes";
});

export {};
