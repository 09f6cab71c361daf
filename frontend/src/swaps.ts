// Around every htmx swap: errors go where they belong, screen readers hear what changed.
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

// A refused form (422) comes back filled in; other refusals name their place by HX-Retarget.
function allowRefusals(detail: Swap): void {
  const status = detail.xhr.status;
  if (status < 400) return;
  if (status === 422 || detail.xhr.getResponseHeader("HX-Retarget")) {
    detail.shouldSwap = true;
    detail.isError = false;
    document.getElementById("messages")?.scrollIntoView({ block: "nearest" });
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
