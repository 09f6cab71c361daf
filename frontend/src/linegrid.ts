// Island: the line grid moves like a spreadsheet. Every change posts its row by htmx and the grid
// comes back; what is being typed in the next cell meanwhile is kept.
interface Kept {
  id: string;
  value: string;
  start: number | null;
  end: number | null;
}

const grid = (element: Element | null) => element?.closest<HTMLElement>("[data-linegrid]") ?? null;
const isCell = (element: Element | null): element is HTMLInputElement => element?.matches("[data-cell]") ?? false;
const before = new WeakMap<Element, string>();
let kept: Kept | null = null;
let focusNext: string | null = null;

document.addEventListener("focusin", (event) => {
  const cell = event.target as Element;
  if (!isCell(cell)) return;
  before.set(cell, cell.value);
  if (cell instanceof HTMLInputElement) cell.select();
});

document.addEventListener("keydown", (event) => {
  const cell = event.target as Element;
  if (isCell(cell)) onCellKey(event, cell);
  else if ((cell as HTMLElement).matches?.("[data-suggest]")) onSuggestKey(event, cell as HTMLInputElement);
});

function onCellKey(event: KeyboardEvent, cell: HTMLInputElement): void {
  const isSelect = cell.tagName === "SELECT";
  if (event.key === "Enter" || (event.key === "ArrowDown" && !isSelect)) go(event, cell, event.shiftKey ? -1 : 1);
  else if (event.key === "ArrowUp" && !isSelect) go(event, cell, -1);
  else if (event.key === "Escape") {
    cell.value = before.get(cell) ?? cell.value;
    event.preventDefault();
    event.stopPropagation();
  } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    cell.closest("[data-line]")?.querySelector<HTMLButtonElement>("[data-remove]")?.click();
  }
}

// Up and down keep the column; below the last line waits the field that adds one.
function go(event: KeyboardEvent, cell: HTMLInputElement, step: number): void {
  event.preventDefault();
  const same = [...(grid(cell)?.querySelectorAll<HTMLElement>(`[data-cell][name="${CSS.escape(cell.name)}"]`) ?? [])];
  const next = same[same.indexOf(cell) + step];
  if (next) next.focus();
  else if (step > 0) grid(cell)?.querySelector<HTMLElement>("[data-suggest]")?.focus();
}

function onSuggestKey(event: KeyboardEvent, field: HTMLInputElement): void {
  const options = [...(field.form?.querySelectorAll<HTMLElement>(".suggestion:not(:disabled)") ?? [])];
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    select(field, options, now + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter") {
    event.preventDefault();
    (options[Math.max(now, 0)] as HTMLButtonElement | undefined)?.click();
  } else if (event.key === "Escape") {
    clear(field);
  }
}

function select(field: HTMLElement, options: HTMLElement[], index: number): void {
  const chosen = options[Math.max(0, Math.min(options.length - 1, index))];
  for (const option of options) option.setAttribute("aria-selected", String(option === chosen));
  if (chosen) {
    chosen.id ||= `${field.id}-option-${options.indexOf(chosen)}`;
    field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }
}

function clear(field: HTMLInputElement): void {
  field.value = "";
  field.form?.querySelector(".suggestions")?.replaceChildren();
  field.setAttribute("aria-expanded", "false");
}

document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.target as HTMLElement;
  if (!list.matches(".suggestions")) return;
  const field = list.closest("form")?.querySelector<HTMLElement>("[data-suggest]");
  field?.setAttribute("aria-expanded", String(list.childElementCount > 0));
  if (field) select(field, [...list.querySelectorAll<HTMLElement>(".suggestion:not(:disabled)")], 0);
});

document.addEventListener("focusout", (event) => {
  const form = (event.target as Element).closest<HTMLFormElement>(".linegrid-add");
  const next = event.relatedTarget as Element | null;
  if (form && next && !form.contains(next)) form.querySelector(".suggestions")?.replaceChildren();
});

// Adding a line ends in its first cell; a second key for the same form would be a second line.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = (event as CustomEvent<{ elt: Element }>).detail.elt;
  if (form.matches(".linegrid-add")) focusNext = grid(form)?.id ?? null;
});

document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  kept = null;
  if (!isCell(active) || active.value === before.get(active)) return;
  const text = active.tagName === "INPUT";
  kept = { id: active.id, value: active.value, start: text ? active.selectionStart : null, end: text ? active.selectionEnd : null };
});

document.addEventListener("htmx:afterSettle", () => {
  if (kept) {
    const cell = document.getElementById(kept.id) as HTMLInputElement | null;
    if (cell) {
      before.set(cell, cell.value);
      cell.value = kept.value;
      cell.focus();
      if (kept.start !== null) cell.setSelectionRange(kept.start, kept.end);
    }
    kept = null;
  }
  if (focusNext) {
    const rows = document.getElementById(focusNext)?.querySelectorAll("[data-line]");
    rows?.[rows.length - 1]?.querySelector<HTMLElement>("[data-cell]")?.focus();
    focusNext = null;
  }
});

export {};
