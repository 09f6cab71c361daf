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
    if (!dialog.open) dialog.showModal();
  }
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  if (opener) {
    closeMenus();
    const dialog = document.getElementById(opener.dataset["opens"] ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
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
