// Island: the board. Cards move by dragging, by Shift and arrows on a focused card, or by a dialog.
import { freshKey } from "./key";

interface Move {
  card: HTMLElement;
  to: HTMLElement;
}

let dragged: HTMLElement | null = null;

const column = (element: Element) => element.closest<HTMLElement>("[data-column]");
const board = (element: Element) => element.closest<HTMLElement>("[data-kanban]");

function prepare(root: ParentNode): void {
  for (const card of root.querySelectorAll<HTMLElement>("[data-card]:not([data-pinned])")) card.draggable = true;
}

// Moves go to the server one after the other; the board it answers with is shown when the last is
// answered and no card or dialog is in somebody's hand, so that nothing jumps under it.
let moves: Promise<void> = Promise.resolve();
let underway = 0;
let arrived: { frame: HTMLElement; text: string } | null = null;

function move({ card, to }: Move): Promise<void> {
  const frame = board(card);
  const from = column(card);
  if (!frame || !from || from === to || card.classList.contains("is-moving")) return moves;
  const next = card.nextElementSibling;
  const focused = card.contains(document.activeElement) ? (document.activeElement as HTMLElement) : titleOf(card);
  card.classList.add("is-moving");
  to.querySelector("ol")?.prepend(card);
  focused?.focus({ preventScroll: true });
  const body = new URLSearchParams({
    card: card.dataset["card"] ?? "",
    column: to.dataset["column"] ?? "",
    idempotency_key: freshKey(),
  });
  underway += 1;
  moves = moves.then(async () => {
    const refusal = await send(frame, body);
    underway -= 1;
    card.classList.remove("is-moving");
    if (refusal === null) {
      announce(card);
    } else {
      from.querySelector("ol")?.insertBefore(card, next?.parentElement === from.querySelector("ol") ? next : null);
      say(refusal, "bad");
    }
    settle();
  });
  return moves;
}

/** Null when it was moved, else the words of the refusal. */
async function send(frame: HTMLElement, body: URLSearchParams): Promise<string | null> {
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  try {
    const answer = await fetch(frame.dataset["moveUrl"] ?? "", {
      method: "POST",
      body,
      headers: { ...token, "HX-Request": "true" },
    });
    const text = await answer.text();
    if (!answer.ok) return messageOf(text);
    arrived = { frame, text };
    return null;
  } catch {
    return "";
  }
}

function settle(): void {
  if (underway || !arrived) return;
  const { frame, text } = arrived;
  if (dragged || frame.querySelector("dialog[open]")) return;
  arrived = null;
  replace(frame, text);
}

function replace(frame: HTMLElement, text: string): void {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const fresh = parsed.getElementById(frame.id);
  if (!fresh) return;
  const left = frame.scrollLeft;
  const held = document.activeElement?.closest<HTMLElement>("[data-card]");
  const id = held && frame.contains(held) ? (held.dataset["card"] ?? "") : "";
  frame.replaceWith(fresh);
  fresh.scrollLeft = left;
  prepare(fresh);
  window.htmx.process(fresh);
  if (id) titleOf(fresh.querySelector(`[data-card="${CSS.escape(id)}"]`))?.focus({ preventScroll: true });
}

function titleOf(card: Element | null): HTMLElement | null {
  return card?.querySelector<HTMLElement>(".kanban-title") ?? null;
}

function announce(moved: HTMLElement): void {
  const live = document.getElementById("live");
  const title = titleOf(moved)?.textContent ?? "";
  if (live) live.textContent = `${title}: ${column(moved)?.dataset["label"] ?? ""}`;
}

function messageOf(text: string): string {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  return (parsed.querySelector(".notice p:not(.notice-title), .problem dd")?.textContent ?? "").trim();
}

function say(text: string, kind: string): void {
  const live = document.getElementById("live");
  const words = text || live?.dataset["failed"] || "This did not work. Nothing was changed.";
  document.dispatchEvent(new CustomEvent("toast", { detail: { text: words, kind } }));
}

document.addEventListener("dragstart", (event) => {
  dragged = (event.target as Element).closest?.<HTMLElement>("[data-card]") ?? null;
  dragged?.classList.add("is-dragged");
  if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const over = dragged && column(event.target as Element);
  for (const marked of document.querySelectorAll(".is-target")) if (marked !== over) marked.classList.remove("is-target");
  if (!over || !dragged || board(over) !== board(dragged)) return;
  event.preventDefault();
  over.classList.toggle("is-target", over !== column(dragged));
});

document.addEventListener("drop", (event) => {
  const to = column(event.target as Element);
  if (!dragged || !to) return;
  event.preventDefault();
  void move({ card: dragged, to });
});

document.addEventListener("dragend", () => {
  for (const marked of document.querySelectorAll(".is-target")) marked.classList.remove("is-target");
  dragged?.classList.remove("is-dragged");
  dragged = null;
  settle();
});

document.addEventListener("keydown", (event) => {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
  const step = event.shiftKey ? steps[event.key] : undefined;
  const card = (event.target as Element).closest<HTMLElement>("[data-card]");
  const frame = card && board(card);
  if (!step || !card || !frame || "pinned" in card.dataset) return;
  const columns = [...frame.querySelectorAll<HTMLElement>("[data-column]")];
  const here = column(card);
  const to = here && columns[columns.indexOf(here) + step];
  if (!to) return;
  event.preventDefault();
  void move({ card, to });
});

document.addEventListener("click", (event) => {
  const card = (event.target as Element).closest("[data-move]")?.closest<HTMLElement>("[data-card]");
  const frame = card && board(card);
  const dialog = frame?.querySelector<HTMLDialogElement>("dialog");
  if (!card || !dialog) return;
  const hidden = dialog.querySelector<HTMLInputElement>("input[name=card]");
  if (hidden) hidden.value = card.dataset["card"] ?? "";
  for (const button of dialog.querySelectorAll<HTMLButtonElement>("button[name=column]")) {
    button.disabled = button.value === column(card)?.dataset["column"];
  }
  dialog.showModal();
});

document.addEventListener("submit", (event) => {
  const form = (event.target as Element).closest<HTMLFormElement>("[data-move-form]");
  const frame = form && board(form);
  if (!form || !frame) return;
  event.preventDefault();
  form.closest("dialog")?.close();
  const id = form.querySelector<HTMLInputElement>("input[name=card]")?.value ?? "";
  const value = (event.submitter as HTMLButtonElement | null)?.value ?? "";
  const card = frame.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
  const to = frame.querySelector<HTMLElement>(`[data-column="${CSS.escape(value)}"]`);
  if (card && to) void move({ card, to });
});

// A dialog's closing does not bubble.
document.addEventListener("close", () => settle(), true);

prepare(document);
