// Keys that work on every page. None of them fires while somebody types.
import { moveRow, toggleRow } from "./lists";
import { openPalette } from "./palette";

const GO_WITHIN_MS = 1200;
let goPressedAt = 0;

export function startKeys(): void {
  document.addEventListener("keydown", onKey);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    if (openPalette()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isInDialog()) return;
  if (press(event.key)) event.preventDefault();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

const isInDialog = () => document.querySelector("dialog[open]") !== null;

function press(key: string): boolean {
  if (performance.now() - goPressedAt < GO_WITHIN_MS) {
    goPressedAt = 0;
    if (goToStage(key)) return true;
  }
  switch (key) {
    case "/":
      return openPalette();
    case "f":
      return focusOn("[data-list-search]");
    case "j":
      return moveRow(1);
    case "k":
      return moveRow(-1);
    case "x":
      return toggleRow();
    case "m":
      return focusOn("[data-main-action]");
    case "g":
      goPressedAt = performance.now();
      return true;
    case "?":
      (document.getElementById("keys") as HTMLDialogElement | null)?.showModal();
      return true;
    default:
      return false;
  }
}

function focusOn(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  if (found instanceof HTMLInputElement) found.select();
  return found !== null;
}

function goToStage(letter: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(`[data-stage-letter="${CSS.escape(letter.toUpperCase())}"] a`);
  if (!link) return false;
  location.assign(link.href);
  return true;
}
