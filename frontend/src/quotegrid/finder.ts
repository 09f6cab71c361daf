// Finds lines by number, name or description: a browser finds only what is drawn.
import { h } from "../configurator/dom";
import type { QuoteGrid } from "../quotegrid";

export class Finder {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly count = h("span", { class: "qg-count", role: "status" });
  private at = -1;

  constructor(private readonly grid: QuoteGrid) {
    const label = grid.words.say("find");
    this.input = h("input", { type: "search", class: "qg-find", autocomplete: "off", placeholder: label, "aria-label": label });
    this.element = h("div", { class: "qg-finder", role: "search" }, this.input, this.count);
    this.input.addEventListener("input", () => {
      this.at = -1;
      this.step(1);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.step(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
    });
  }

  open(): void {
    this.input.focus();
    this.input.select();
  }

  private close(): void {
    this.input.value = "";
    this.count.textContent = "";
    this.grid.view.frame.focus({ preventScroll: true });
  }

  private step(step: 1 | -1): void {
    const text = this.input.value.trim().toLowerCase();
    const { model, view, words } = this.grid;
    if (!text) {
      this.count.textContent = "";
      return;
    }
    const isIn = (...words: string[]) => words.some((word) => word.toLowerCase().includes(text));
    const found = model.lines.filter((line) => isIn(line.sku, line.name, line.description, line.note, line.alternative_set));
    const titles = model.groups.filter((group) => isIn(group.title)).map((group) => group.key);
    const all = [...found.map((line) => line.key), ...titles];
    if (!all.length) {
      this.at = -1;
      this.count.textContent = words.say("found_none");
      return;
    }
    if (found.some((line) => line.group_key) && model.folded.size) {
      model.folded.clear();
      model.rebuild();
    }
    const rows = all.map((key) => model.items.findIndex((item) => (item.type === "line" ? item.line.key : item.group.key) === key)).sort((a, b) => a - b);
    this.at = this.at < 0 && step > 0 ? 0 : (this.at + step + rows.length) % rows.length;
    this.count.textContent = words.say("found_at", { at: this.at + 1, all: rows.length });
    view.go(rows[this.at]!, Math.max(view.at.column, 1));
  }
}
