// The theme is kept in a cookie, so that the server paints the right one at once.
export function startTheme(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-theme-choice]");
    if (!button) return;
    choose(button.dataset["themeChoice"] ?? "");
  });
}

function choose(theme: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const age = theme ? 31_536_000 : 0;
  document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  if (theme) document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === theme));
  }
}
