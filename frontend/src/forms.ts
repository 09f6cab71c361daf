import { ask } from "./dialogs";

// Forms: ask before what cannot be undone, send once, show work only when it takes long.
const SHOW_AFTER_MS = 300;

export function startForms(): void {
  document.addEventListener("submit", onSubmit, true);
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) rest(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-sent]");
    if (form) rest(form);
  });
  document.addEventListener("htmx:confirm", (event) => {
    const detail = (event as CustomEvent<{ question: string | null; elt: Element; issueRequest: (skip: boolean) => void }>).detail;
    if (!detail.question) return;
    event.preventDefault();
    void ask(detail.question, detail.elt.textContent?.trim() ?? "").then((yes) => yes && detail.issueRequest(true));
  });
  document.addEventListener("change", (event) => {
    const chosen = event.target as HTMLElement;
    if (chosen.matches("select[data-submits]")) (chosen as HTMLSelectElement).form?.requestSubmit();
  });
}

function onSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const button = event.submitter as HTMLElement | null;
  const question = button?.dataset["confirm"] ?? form.dataset["confirm"];
  const stop = () => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  if (form.method === "post" && form.dataset["sent"]) return stop();
  if (question && form.dataset["confirmed"] !== "yes") {
    stop();
    void ask(question, button?.textContent?.trim() ?? "").then((yes) => {
      if (!yes) return;
      form.dataset["confirmed"] = "yes";
      form.requestSubmit(button);
    });
    return;
  }
  delete form.dataset["confirmed"];
  if (!("busy" in form.dataset)) return;
  form.dataset["sent"] = "yes";
  window.setTimeout(() => {
    if (form.dataset["sent"]) button?.classList.add("is-working");
  }, SHOW_AFTER_MS);
}

function rest(form: HTMLFormElement): void {
  delete form.dataset["sent"];
  for (const button of form.querySelectorAll(".is-working")) button.classList.remove("is-working");
}
