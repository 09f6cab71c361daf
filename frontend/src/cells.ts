// Island: <handsel-cells data-cells='{columns, heads, faults, words}'> around a text field whose lines
// are rows and whose tabs part cells. It becomes a grid to type in and to paste into; the field stays
// what is posted.
import { h, put } from "./configurator/dom";

interface Told {
  columns: string[];
  heads: number;
  faults: Record<string, string>;
  words: Record<string, string>;
}

const LEAST_ROWS = 4;
const STYLE = `
.cells-scroll { overflow: auto; max-height: 70vh; border: 1px solid var(--line); border-radius: var(--radius-field); }
.cells { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.cells th, .cells td { padding: 0; border: 1px solid var(--line); }
.cells thead th { position: sticky; top: 0; z-index: 1; padding: 6px 8px; text-align: left; font-size: var(--text-small); font-weight: 550; color: var(--muted); background: var(--color-base-200); }
.cells input { width: 100%; min-width: 5.5rem; height: 32px; padding: 0 8px; border: 0; background: transparent; color: inherit; font: inherit; text-align: right; }
.cells .is-head input { min-width: 8rem; text-align: left; font-weight: 550; background: var(--color-base-200); }
.cells input:focus { outline: 2px solid var(--color-primary); outline-offset: -2px; }
.cells input[aria-invalid] { background: var(--bad-tint); box-shadow: inset 0 0 0 1px var(--bad); }
.cells .cells-out { width: 36px; text-align: center; border-color: transparent transparent var(--line); }
.cells-bar { display: flex; flex-wrap: wrap; gap: 8px; padding-top: 8px; }
@media (width < 40rem) { .cells input { min-width: 4.5rem; height: 40px; font-size: 1rem; } .cells .is-head input { min-width: 5.5rem; } }
`;
let isStyled = false;

export class Cells extends HTMLElement {
  private field!: HTMLTextAreaElement;
  private told!: Told;
  private rows: string[][] = [];
  private readonly table = h("table", { class: "cells" });

  connectedCallback(): void {
    const field = this.querySelector("textarea");
    if (!field || this.querySelector("table")) return;
    if (!isStyled) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      isStyled = true;
    }
    this.field = field;
    this.told = JSON.parse(this.dataset.cells ?? "{}") as Told;
    this.rows = field.value.split("\n").map((line) => line.split("\t"));
    const { words, columns } = this.told;
    const button = (text: string, act: () => void) => h("button", { type: "button", class: "btn", click: act }, text);
    const bar = h("div", { class: "cells-bar" }, button(words.row ?? "", () => this.grow(1, 0)), columns.length ? null : button(words.column ?? "", () => this.grow(0, 1)));
    field.hidden = true;
    field.closest(".control")?.after(h("div", { class: "cells-scroll" }, this.table), bar);
    this.querySelector(".optional")?.remove();
    const id = `${field.id}-0-0`;
    this.querySelector(`label[for="${field.id}"]`)?.setAttribute("for", id);
    this.table.addEventListener("input", (event) => this.typed(event.target as HTMLInputElement));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  private get width(): number {
    return this.told.columns.length || Math.max(this.told.heads + 2, ...this.rows.map((row) => row.length));
  }

  private draw(): void {
    while (this.rows.length < LEAST_ROWS || this.rows.at(-1)?.some(Boolean)) this.rows.push([]);
    const { columns, words, faults, heads } = this.told;
    const { width } = this;
    const head = columns.length ? h("thead", {}, h("tr", {}, ...columns.map((title) => h("th", { scope: "col" }, title)), h("th", { class: "cells-out" }))) : null;
    const body = this.rows.map((cells, row) => {
      const inputs = Array.from({ length: width }, (_none, column) => {
        const fault = faults[`${row},${column}`];
        const name = columns[column] ?? "";
        const label = (words.cell ?? "").replace("{row}", String(row + 1)).replace("{column}", name || String(column + 1));
        const input = h("input", { id: `${this.field.id}-${row}-${column}`, value: cells[column] ?? "", autocomplete: "off", "aria-label": label, "data-at": `${row},${column}`, "aria-invalid": fault ? "true" : null, title: fault });
        const isHead = column < heads || (!columns.length && row === 0);
        return h("td", { class: isHead ? "is-head" : null }, input);
      });
      const out = h("button", { type: "button", class: "icon-button", "aria-label": (words.remove ?? "").replace("{row}", String(row + 1)), click: () => this.takeOut(row) }, "×");
      return h("tr", {}, ...inputs, h("td", { class: "cells-out" }, cells.some(Boolean) ? out : null));
    });
    put(this.table, head, h("tbody", {}, ...body));
  }

  private input(row: number, column: number): HTMLInputElement | null {
    return this.table.querySelector(`[data-at="${row},${column}"]`);
  }

  private place(input: HTMLElement): [number, number] {
    const [row = 0, column = 0] = (input.dataset.at ?? "0,0").split(",").map(Number);
    return [row, column];
  }

  private set(row: number, column: number, value: string): void {
    while (this.rows.length <= row) this.rows.push([]);
    const cells = this.rows[row]!;
    while (cells.length <= column) cells.push("");
    cells[column] = value.replace(/[\t\n]/g, " ");
  }

  private typed(input: HTMLInputElement): void {
    const [row, column] = this.place(input);
    this.set(row, column, input.value);
    this.keep();
    if (row === this.rows.length - 1) this.redraw(row, column);
  }

  private keep(): void {
    const rows = [...this.rows];
    while (rows.length && !rows.at(-1)!.some(Boolean)) rows.pop();
    this.field.value = rows.map((row) => row.join("\t").replace(/\t+$/, "")).join("\n");
  }

  private redraw(row: number, column: number): void {
    this.draw();
    const input = this.input(row, column);
    input?.focus();
    input?.setSelectionRange(input.value.length, input.value.length);
  }

  private paste(event: ClipboardEvent): void {
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const input = event.target as HTMLElement;
    if (!/[\t\n]/.test(text) || !input.dataset.at) return;
    event.preventDefault();
    const [row, column] = this.place(input);
    const most = this.told.columns.length || Infinity;
    text.split("\n").forEach((line, down) =>
      line.split("\t").forEach((cell, along) => {
        if (column + along < most) this.set(row + down, column + along, cell.trim());
      }),
    );
    this.told.faults = {};
    this.keep();
    this.redraw(row, column);
  }

  private key(event: KeyboardEvent): void {
    const input = event.target as HTMLElement;
    if (!input.dataset.at) return;
    const [row, column] = this.place(input);
    const step = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey) ? -1 : event.key === "ArrowDown" || event.key === "Enter" ? 1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = this.input(row + step, column);
    next?.focus();
    (next as HTMLInputElement | null)?.select();
  }

  private grow(rows: number, columns: number): void {
    if (rows) this.rows.push([]);
    if (columns) this.set(0, this.width, "");
    this.draw();
    this.input(rows ? this.rows.length - 1 : 0, columns ? this.width - 1 : 0)?.focus();
  }

  private takeOut(row: number): void {
    this.rows.splice(row, 1);
    this.told.faults = {};
    this.keep();
    this.redraw(Math.min(row, this.rows.length - 1), 0);
  }
}

if (!customElements.get("handsel-cells")) customElements.define("handsel-cells", Cells);
