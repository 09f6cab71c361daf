// Around every htmx swap: errors go where they belong, screen readers hear what changed.
import { freshKey } from "./key";
import { openArrived } from "./dialogs";
import { centreThreads } from "./threads";
import { toast } from "./toasts";

interface Swap {
  xhr: XMLHttpRequest;
  target: Element;
  shouldSwap: boolean;
  isError: boolean;
  parameters: Record<string, unknown>;
  verb: string;
  elt: Element;
  path: string;
}

const on = (name: string, listen: (detail: Swap) => void): void =>
  document.addEventListener(name, (event) => listen((event as CustomEvent<Swap>).detail));

export function startHtmx(): void {
  on("htmx:configRequest", dropEmpty);
  on("htmx:configRequest", addKey);
  on("htmx:afterRequest", closeDone);
  on("htmx:beforeSwap", allowRefusals);
  on("htmx:afterSwap", (detail) => {
    if (detail.target.id === "dialog-host") openArrived(detail.target);
  });
  on("htmx:afterSettle", (detail) => {
    const shown = detail.elt.isConnected ? detail.elt : document.getElementById(detail.elt.id);
    announce(shown ?? detail.target);
    centreThreads(shown ?? document);
  });
  on("htmx:sendError", () => toast(word("offline", "No connection. Nothing was sent; try again."), "bad"));
}

// A search without words or filter leaves no trace in the address bar.
function dropEmpty(detail: Swap): void {
  if (detail.verb !== "get") return;
  const values = detail.parameters as unknown as FormData;
  if (typeof values.entries !== "function") return;
  for (const [name, value] of [...values.entries()]) if (value === "") values.delete(name);
}

// What changes something carries a key, also where no form wrote one (a cell of the line grid).
function addKey(detail: Swap): void {
  if (detail.verb === "get") return;
  const values = detail.parameters as unknown as FormData;
  if (!values.has("idempotency_key")) values.set("idempotency_key", freshKey());
}

// A dialog closes by itself when what it asked for was done.
function closeDone(detail: Swap & { requestConfig?: { verb: string } }): void {
  const dialog = detail.elt.closest<HTMLDialogElement>("dialog[open]");
  const done = detail.xhr.status >= 200 && detail.xhr.status < 400;
  if (dialog && done && detail.requestConfig?.verb !== "get" && !dialog.contains(detail.target)) dialog.close();
}

// A refused form (422) comes back filled in; other refusals name their place by HX-Retarget.
function allowRefusals(detail: Swap): void {
  const status = detail.xhr.status;
  if (status < 400) return;
  if (status === 422 || detail.xhr.getResponseHeader("HX-Retarget")) {
    detail.shouldSwap = true;
    detail.isError = false;
    if (detail.target.id !== "messages") return;
    // Behind an open dialog nobody would see it.
    const open = [...document.querySelectorAll("dialog[open]")].at(-1);
    detail.target = open?.querySelector(".dialog-messages") ?? detail.target;
    detail.target.scrollIntoView({ block: "nearest" });
  } else {
    toast(word("failed", "This did not work. Nothing was changed."), "bad");
  }
}

function word(name: string, fallback: string): string {
  return document.getElementById("live")?.dataset[name] ?? fallback;
}

/** Read out what a swap changed: the nearest `data-announce`, else that something did. */
function announce(shown: Element): void {
  const live = document.getElementById("live");
  if (!live || shown.closest("#palette, .suggestions, #dialog-host")) return;
  const said = shown.closest<HTMLElement>("[data-announce]") ?? shown.querySelector<HTMLElement>("[data-announce]");
  live.textContent = said?.dataset["announce"] || live.dataset["updated"] || "";
}
