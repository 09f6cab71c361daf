// The palette: one field that finds records, pages and actions. Arrows move, Enter opens, Esc leaves.
import type htmxType from "htmx.org/dist/htmx.esm.js";

let tell: typeof htmxType;

const dialog = () => document.getElementById("palette") as HTMLDialogElement | null;
const field = () => document.getElementById("palette-input") as HTMLInputElement | null;
const hits = () => [...(dialog()?.querySelectorAll<HTMLElement>(".palette-hit") ?? [])];

export function startPalette(htmx: typeof htmxType): void {
  tell = htmx;
  document.addEventListener("click", (event) => {
    const opener = (event.target as Element).closest("[data-palette]");
    const click = event as MouseEvent;
    if (!opener || click.metaKey || click.ctrlKey || click.shiftKey) return;
    if (openPalette()) event.preventDefault();
  });
  dialog()?.addEventListener("keydown", onKey);
  dialog()?.addEventListener("submit", (event) => {
    const chosen = selected();
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if ((event.target as Element).id === "palette-results") select(0);
  });
}

/** Open the palette with what was typed last, selected; answers whether this page has one. */
export function openPalette(): boolean {
  const shown = dialog();
  const input = field();
  if (!shown || !input) return false;
  if (!shown.open) shown.showModal();
  input.select();
  tell.trigger(input, "palette:open");
  return true;
}

const selected = () => hits().find((hit) => hit.getAttribute("aria-selected") === "true");

function select(index: number): void {
  const all = hits();
  const chosen = all[(index + all.length) % (all.length || 1)];
  for (const hit of all) hit.setAttribute("aria-selected", String(hit === chosen));
  if (chosen) {
    field()?.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  } else {
    field()?.removeAttribute("aria-activedescendant");
  }
}

function onKey(event: KeyboardEvent): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const chosen = selected();
  select(chosen ? hits().indexOf(chosen) + step : 0);
}
