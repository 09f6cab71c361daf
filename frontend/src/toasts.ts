// Short messages. Good ones leave by themselves; bad ones stay until they are closed.
const STAYS_MS = 6000;

export function startToasts(): void {
  document.addEventListener("click", (event) => {
    (event.target as Element).closest("[data-closes-toast]")?.closest("[data-toast]")?.remove();
  });
  document.addEventListener("toast", (event) => {
    const detail = (event as CustomEvent<{ text?: string; value?: string; kind?: string }>).detail;
    toast(detail.text ?? detail.value ?? "", detail.kind);
  });
  for (const shown of document.querySelectorAll<HTMLElement>("#toasts [data-toast]")) leaveLater(shown);
}

/** Show a message; `kind` is one of the kinds of a state. */
export function toast(text: string, kind = "neutral"): void {
  const template = document.getElementById("toast-template") as HTMLTemplateElement | null;
  const shown = template?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!shown || !text) return;
  shown.className = `toast toast-${kind}`;
  const words = shown.querySelector("p");
  if (words) words.textContent = text;
  document.getElementById("toasts")?.append(shown);
  leaveLater(shown);
}

function leaveLater(shown: HTMLElement): void {
  if (/toast-(bad|error|warn|warning)/.test(shown.className)) return;
  const leave = () => {
    if (shown.matches(":hover, :focus-within")) window.setTimeout(leave, 1000);
    else shown.remove();
  };
  window.setTimeout(leave, STAYS_MS);
}
