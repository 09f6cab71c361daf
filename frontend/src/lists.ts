// Lists: rows by j and k, selection by x, and the bar of bulk actions.
export function startLists(): void {
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    const frame = box.closest<HTMLElement>("[data-list]");
    if (!frame) return;
    if (box.matches("[data-select-all]")) {
      for (const one of boxes(frame)) if (!one.disabled) one.checked = box.checked;
    }
    if (box.matches("[data-select-all], input[name=ids]")) count(frame);
  });
  document.addEventListener("click", (event) => {
    const frame = (event.target as Element).closest("[data-bulk-clear]")?.closest<HTMLElement>("[data-list]");
    if (!frame) return;
    for (const one of boxes(frame)) one.checked = false;
    count(frame);
  });
}

const boxes = (frame: Element) => [...frame.querySelectorAll<HTMLInputElement>("input[name=ids]")];

function count(frame: HTMLElement): void {
  const all = boxes(frame);
  const chosen = all.filter((one) => one.checked).length;
  const bar = frame.querySelector<HTMLElement>("[data-bulk]");
  if (bar) bar.hidden = chosen === 0;
  const shown = frame.querySelector("[data-bulk-count]");
  if (shown) shown.textContent = String(chosen);
  const every = frame.querySelector<HTMLInputElement>("[data-select-all]");
  if (every) {
    every.checked = chosen > 0 && chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  }
}

/** Move the focus by `step` rows; answers whether there was a list to move in. */
export function moveRow(step: number): boolean {
  const links = [...document.querySelectorAll<HTMLElement>("[data-row] .row-link, .kanban-card .kanban-title")];
  if (!links.length) return false;
  const row = document.activeElement?.closest("[data-row], .kanban-card");
  const now = links.findIndex((link) => row?.contains(link));
  const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, now + step));
  links[next]?.focus();
  links[next]?.scrollIntoView({ block: "nearest" });
  return true;
}

/** Select the row that has the focus, or take the selection back. */
export function toggleRow(): boolean {
  const box = document.activeElement?.closest("[data-row]")?.querySelector<HTMLInputElement>("input[name=ids]");
  if (!box || box.disabled) return false;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}
