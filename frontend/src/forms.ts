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
  // The browser's own question: it cannot be missed, and it needs no script of ours to be right.
  if (question && !window.confirm(question)) return stop();
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
