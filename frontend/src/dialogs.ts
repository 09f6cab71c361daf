// Native dialogs and menus: opened and closed by data attributes, left by Esc and by a click outside.
export function startDialogs(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onEscape);
  document.addEventListener("focusout", closeLeftMenu);
  openArrived(document);
}

/** Open the dialogs that ask for it, after a swap or on load. */
export function openArrived(root: ParentNode): void {
  for (const dialog of root.querySelectorAll<HTMLDialogElement>("dialog[data-open-now]")) {
    if (!dialog.open) show(dialog);
  }
}

/** Open a dialog on its first field; a dialog without fields starts at its first button. */
export function show(dialog: HTMLDialogElement): void {
  dialog.showModal();
  const fields = "[autofocus], input:not([type=hidden]), select, textarea";
  const first = dialog.querySelector<HTMLElement>(`.dialog-body :is(${fields})`);
  (first ?? dialog.querySelector<HTMLElement>(".dialog-body :is(a, button)"))?.focus();
}

/** Ask before something that cannot be undone; the button repeats what will be done. */
export function ask(question: string, doing: string): Promise<boolean> {
  const dialog = document.getElementById("ask") as HTMLDialogElement | null;
  const words = dialog?.querySelector<HTMLElement>("[data-question]");
  const button = dialog?.querySelector<HTMLButtonElement>("[data-do-it]");
  if (!dialog || !words || !button) return Promise.resolve(window.confirm(question));
  words.textContent = question;
  button.textContent = doing || (button.dataset["doIt"] ?? "");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  if (opener) {
    closeMenus();
    const dialog = document.getElementById(opener.dataset["opens"] ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      show(dialog);
    }
    return;
  }
  if (target.closest("[data-closes]")) target.closest("dialog")?.close();
  else if (target instanceof HTMLDialogElement) target.close(); // the backdrop
  target.closest("[data-closes-notice]")?.closest("[data-closable]")?.remove();
  const inside = target.closest("details[data-menu]");
  closeMenus(inside);
  if (inside && target.closest("a, button:not([data-theme-choice])")) (inside as HTMLDetailsElement).open = false;
}

function closeMenus(except: Element | null = null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function onEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  const menu = document.querySelector<HTMLDetailsElement>("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector<HTMLElement>("summary")?.focus();
  event.preventDefault();
}

function closeLeftMenu(event: FocusEvent): void {
  const menu = (event.target as Element).closest<HTMLDetailsElement>("details[data-menu][open]");
  const next = event.relatedTarget as Element | null;
  if (menu && next && !menu.contains(next)) menu.open = false;
}
