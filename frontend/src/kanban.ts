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

async function move({ card, to }: Move): Promise<void> {
  const frame = board(card);
  const from = column(card);
  if (!frame || !from || from === to || card.classList.contains("is-moving")) return;
  const next = card.nextElementSibling;
  card.classList.add("is-moving");
  to.querySelector("ol")?.prepend(card);
  const body = new URLSearchParams({
    card: card.dataset["card"] ?? "",
    column: to.dataset["column"] ?? "",
    idempotency_key: freshKey(),
  });
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  const takeBack = (text: string) => {
    from.querySelector("ol")?.insertBefore(card, next);
    card.classList.remove("is-moving");
    say(text, "bad");
  };
  try {
    const answer = await fetch(frame.dataset["moveUrl"] ?? "", {
      method: "POST",
      body,
      headers: { ...token, "HX-Request": "true" },
    });
    const text = await answer.text();
    if (answer.ok) replace(frame, card, text);
    else takeBack(messageOf(text));
  } catch {
    takeBack("");
  }
}

function replace(frame: HTMLElement, card: HTMLElement, text: string): void {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const arrived = parsed.getElementById(frame.id);
  card.classList.remove("is-moving");
  if (!arrived) return;
  const left = frame.scrollLeft;
  const id = card.dataset["card"] ?? "";
  frame.replaceWith(arrived);
  arrived.scrollLeft = left;
  prepare(arrived);
  window.htmx.process(arrived);
  const moved = arrived.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
  moved?.querySelector<HTMLElement>(".kanban-title")?.focus({ preventScroll: true });
  announce(moved);
}

function announce(moved: HTMLElement | null): void {
  const live = document.getElementById("live");
  const title = moved?.querySelector(".kanban-title")?.textContent ?? "";
  if (live && moved) live.textContent = `${title}: ${column(moved)?.dataset["label"] ?? ""}`;
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

prepare(document);
