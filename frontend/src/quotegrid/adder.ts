// The field below the lines: type a number or a name, Enter adds the product.
import { h, put } from "../configurator/dom";
import type { QuoteGrid } from "../quotegrid";

const WAIT_MS = 120;

export class Adder {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly list = h("div", { class: "qg-found", id: "qg-found", role: "listbox" });
  private found: { id: number; sku: string; name: string }[] = [];
  private at = 0;
  private timer = 0;
  private asked = 0;

  constructor(private readonly grid: QuoteGrid) {
    const label = grid.words.say("add");
    this.list.setAttribute("aria-label", label);
    this.input = h("input", { type: "search", id: "qg-add", role: "combobox", autocomplete: "off", placeholder: label, "aria-label": label, "aria-expanded": "false", "aria-controls": "qg-found", "aria-autocomplete": "list" });
    this.element = h("div", { class: "qg-add" }, this.input, this.list);
    this.input.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.search(), WAIT_MS);
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => window.setTimeout(() => this.show([]), 150));
  }

  private async search(): Promise<void> {
    const text = this.input.value.trim();
    this.asked += 1;
    const mine = this.asked;
    const products = text ? (await this.grid.link.products(text)).products : [];
    if (mine === this.asked) this.show(products);
  }

  private show(products: typeof this.found): void {
    this.found = products;
    this.at = 0;
    this.input.setAttribute("aria-expanded", String(products.length > 0));
    this.draw();
  }

  private draw(): void {
    const options = this.found.map((one, index) => h("div", { role: "option", id: `qg-found-${index}`, "aria-selected": String(index === this.at), mousedown: () => this.add(index) }, `${one.sku} · ${one.name}`));
    put(this.list, ...options);
    if (options.length) this.input.setAttribute("aria-activedescendant", `qg-found-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.at = Math.max(0, Math.min(this.found.length - 1, this.at + step));
      this.draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.add(this.at);
    } else if (event.key === "Escape") {
      this.input.value = "";
      this.show([]);
    }
  }

  private add(index: number): void {
    const product = this.found[index];
    if (!product) return;
    const { item } = this.grid.view;
    const group_key = item?.type === "group" ? item.group.key : item?.line.group_key ?? "";
    this.grid.run([{ kind: "add", ref: this.grid.model.ref(), product_id: product.id, quantity: "1", group_key }]);
    this.input.value = "";
    this.show([]);
  }
}
