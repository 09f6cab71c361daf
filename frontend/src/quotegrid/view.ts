// Draws what is on screen of the sheet, and nothing else.
import { h, put } from "../configurator/dom";
import { initials } from "./follow";
import { chosen, type Column, fieldOf, shownIn, widths } from "./columns";
import type { Item, Model } from "./model";
import { KINDS, PAID, type Words } from "./words";

const HEIGHT = 44;
const HEIGHT_NARROW = 106;
const NARROW = 640;
const MORE = 8; // rows drawn beyond either edge, so that scrolling never shows a gap
const INDENT = 16;
const CHARGES = ["one_time", "recurring", "usage"];

interface Held {
  at: string;
  anchor: string;
  top: string;
  row: number;
}

function keyOf(item: Item | undefined): string {
  return item?.type === "line" ? item.line.key : item?.group.key ?? "";
}

export interface Spot {
  row: number;
  column: number;
}

export class View {
  readonly frame: HTMLElement;
  readonly scroll: HTMLElement;
  readonly editor = h("input", { class: "qg-editor", hidden: true, autocomplete: "off" });
  private readonly head: HTMLElement;
  private readonly body: HTMLElement;
  private readonly mark = h("div", { class: "qg-mark", hidden: true });
  private asked = 0;
  private drawn = new Map<string, HTMLElement>();
  private readonly choices = h("datalist", { id: "qg-choices" });
  private digits = 0;
  columns: Column[];
  isNarrow = false;
  at: Spot = { row: 0, column: 2 };
  anchor: Spot = { row: 0, column: 2 };

  constructor(private readonly model: Model, private readonly words: Words, private readonly mayEdit: boolean) {
    this.columns = chosen(model.lines);
    this.head = h("div", { role: "rowgroup", class: "qg-head" });
    this.body = h("div", { role: "rowgroup", class: "qg-body" });
    this.frame = h("div", { role: "treegrid", class: "qg-frame", tabindex: 0, "aria-label": words.say("lines"), "aria-multiselectable": "true", "aria-readonly": String(!mayEdit) }, this.head, this.body);
    this.scroll = h("div", { class: "qg-scroll" }, this.frame, this.mark, this.editor, this.choices);
    this.setColumns(this.columns);
    this.scroll.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => {
      this.isNarrow = this.scroll.clientWidth < NARROW;
      this.scroll.classList.toggle("is-narrow", this.isNarrow);
      this.scroll.parentElement?.classList.toggle("is-small", this.isNarrow);
      this.draw();
    }).observe(this.scroll);
  }

  /** Show these columns; what is active stays where it was, as far as it is still there. */
  setColumns(columns: Column[]): void {
    const active = this.column;
    this.columns = columns;
    this.setWidths();
    this.frame.setAttribute("aria-colcount", String(columns.length));
    const titles = columns.map((name, column) => h("div", { role: "columnheader", class: `qg-${name}`, "aria-colindex": column + 1 }, this.words.say(name)));
    put(this.head, h("div", { role: "row", class: "qg-row", "aria-rowindex": 1 }, ...titles));
    this.at = this.anchor = { row: this.at.row, column: Math.max(columns.indexOf(active), 1) };
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
  }

  private setWidths(): void {
    const { template, least } = widths(this.columns, this.model.lines.length);
    this.frame.style.setProperty("--qg-columns", template);
    this.frame.style.setProperty("--qg-least", `${least}px`);
  }

  get height(): number {
    return this.isNarrow ? HEIGHT_NARROW : HEIGHT;
  }

  get item(): Item | undefined {
    return this.model.items[this.at.row];
  }

  get column(): Column {
    return this.columns[this.at.column] ?? "quantity";
  }

  range(): { top: number; bottom: number; left: number; right: number } {
    const [top, bottom] = [Math.min(this.at.row, this.anchor.row), Math.max(this.at.row, this.anchor.row)];
    const [left, right] = [Math.min(this.at.column, this.anchor.column), Math.max(this.at.column, this.anchor.column)];
    return { top, bottom, left, right };
  }

  go(row: number, column: number, isSelecting = false): void {
    const last = Math.max(this.model.items.length - 1, 0);
    this.at = { row: Math.max(0, Math.min(last, row)), column: Math.max(0, Math.min(this.columns.length - 1, column)) };
    if (!isSelecting) this.anchor = this.at;
    this.show(this.at.row);
    this.draw();
    this.showColumn();
  }

  // Between the item and the amount, which stay where they are when the sheet is moved sideways.
  private showColumn(): void {
    const cell = this.at.column > 1 ? document.getElementById(`qg-${this.at.row}-${this.at.column}`) : null;
    const name = document.getElementById(`qg-${this.at.row}-1`);
    const amount = cell?.parentElement?.querySelector(":scope > .qg-amount");
    if (!cell || !name || !amount || cell === amount || this.isNarrow) return;
    const [inner, first, last] = [cell.getBoundingClientRect(), name.getBoundingClientRect(), amount.getBoundingClientRect()];
    if (inner.right > last.left) this.scroll.scrollLeft += inner.right - last.left;
    else if (inner.left < first.right) this.scroll.scrollLeft -= first.right - inner.left;
  }

  /** How many rows are on screen. */
  get page(): number {
    return Math.max(1, Math.floor((this.scroll.clientHeight - this.head.offsetHeight) / this.height) - 1);
  }

  /** From one column to another, in the rows that are selected. */
  choose(left: number, right: number): void {
    this.anchor = { row: this.anchor.row, column: left };
    this.at = { row: this.at.row, column: right };
    this.draw();
  }

  show(row: number): void {
    const top = row * this.height;
    const shown = this.scroll.clientHeight - this.head.offsetHeight - 4;
    if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
    else if (top + this.height > this.scroll.scrollTop + shown) this.scroll.scrollTop = top + this.height - shown;
  }

  later(): void {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  draw(): void {
    const { items } = this.model;
    const last = Math.max(items.length - 1, 0);
    this.at.row = Math.min(this.at.row, last);
    this.anchor.row = Math.min(this.anchor.row, last);
    const digits = String(this.model.lines.length).length;
    if (digits !== this.digits) this.setWidths();
    this.digits = digits;
    this.frame.setAttribute("aria-rowcount", String(items.length + 1));
    this.body.style.height = `${items.length * this.height}px`;
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / this.height) - MORE);
    const until = Math.min(items.length, first + Math.ceil((this.scroll.clientHeight || 600) / this.height) + 2 * MORE);
    const selected = this.range();
    const drawn = new Map<string, HTMLElement>();
    for (let index = first; index < until; index += 1) {
      const item = items[index]!;
      const sign = this.sign(item, index, selected);
      drawn.set(sign, this.drawn.get(sign) ?? this.row(item, index, selected));
    }
    this.take(drawn);
    const id = `qg-${this.at.row}-${this.at.column}`;
    if (items.length && this.at.row >= first && this.at.row < until) this.frame.setAttribute("aria-activedescendant", this.cellId(id));
    else this.frame.removeAttribute("aria-activedescendant");
  }

  // Only rows that look different are made anew: laying rows out costs more than all the rest.
  private take(drawn: Map<string, HTMLElement>): void {
    for (const [sign, row] of this.drawn) if (drawn.get(sign) !== row) row.remove();
    let at = this.body.firstChild;
    for (const row of drawn.values()) {
      if (row === at) at = at.nextSibling;
      else this.body.insertBefore(row, at);
    }
    this.drawn = drawn;
  }

  private sign(item: Item, index: number, selected: ReturnType<View["range"]>): string {
    const isIn = index >= selected.top && index <= selected.bottom;
    const active = this.at.row === index ? this.at.column : "";
    const place = [index, this.height, item.depth, active, isIn ? selected.left : "", isIn ? selected.right : ""];
    if (item.type === "group") return JSON.stringify([place, item.group, this.model.folded.has(item.group.key)]);
    const conflicts = this.columns.map((name) => this.model.conflicts.get(`${item.line.key} ${fieldOf(name) ?? ""}`) ?? 0);
    const { fresh, here } = this.model;
    const marks = fresh.size ? this.columns.map((name) => fresh.get(`${item.line.key} ${fieldOf(name) ?? ""}`) ?? 0) : 0;
    return JSON.stringify([place, item.position, item.line, conflicts, marks, here.get(item.line.key) ?? 0]);
  }

  private cellId(id: string): string {
    return document.getElementById(id) ? id : `qg-${this.at.row}-1`;
  }

  private row(item: Item, index: number, selected: ReturnType<View["range"]>): HTMLElement {
    const isIn = index >= selected.top && index <= selected.bottom;
    const row = h("div", { role: "row", class: `qg-row qg-${item.type}`, "aria-rowindex": index + 2, "aria-level": item.depth + 1, "data-index": index });
    row.style.transform = `translateY(${index * this.height}px)`;
    if (item.type === "group") this.groupCells(row, item, index, isIn);
    else this.lineCells(row, item, index, isIn ? selected : null);
    return row;
  }

  private groupCells(row: HTMLElement, item: Extract<Item, { type: "group" }>, index: number, isIn: boolean): void {
    const isFolded = this.model.folded.has(item.group.key);
    const last = this.columns.length - 1;
    row.setAttribute("aria-expanded", String(!isFolded));
    const fold = h("span", { class: "qg-fold", "aria-hidden": "true", "data-fold": item.group.key }, isFolded ? "▸" : "▾");
    const name = h("div", { role: "rowheader", class: "qg-name", id: `qg-${index}-1`, "aria-colindex": 2, "data-column": 1, "aria-selected": String(isIn) }, this.mayEdit ? h("span", { class: "qg-handle", "aria-hidden": "true", title: this.words.say("drag") }, "⋮") : null, fold, item.group.title);
    name.style.paddingInlineStart = `${8 + item.depth * INDENT}px`;
    const sums = Object.entries(item.group.sums).sort(([one], [other]) => CHARGES.indexOf(one) - CHARGES.indexOf(other));
    const isPlain = sums.every(([charge]) => charge === "one_time");
    const words = sums.map(([charge, minor]) => (isPlain ? this.words.amount(minor) : `${this.words.say(charge === "recurring" ? "recurring_short" : charge)} ${this.words.amount(minor)}`));
    const sum = h("div", { role: "gridcell", class: "qg-amount", id: `qg-${index}-${last}`, "aria-colindex": last + 1, "data-column": last, "aria-selected": String(isIn) }, words.join(" · ") || this.words.amount(0));
    row.append(name, sum);
    const at = this.at.row === index;
    if (at) (this.at.column === last ? sum : name).classList.add("is-active");
  }

  private lineCells(row: HTMLElement, item: Extract<Item, { type: "line" }>, index: number, selected: ReturnType<View["range"]> | null): void {
    const { line } = item;
    const isOut = line.kind === "option";
    row.classList.toggle("is-out", isOut);
    row.classList.toggle("is-pending", line.pending ?? false);
    row.classList.toggle("is-here", this.model.here.has(line.key));
    this.columns.forEach((name, column) => {
      const isSelected = selected !== null && column >= selected.left && column <= selected.right;
      const cell = h("div", { role: name === "name" ? "rowheader" : "gridcell", class: `qg-${name}`, id: `qg-${index}-${column}`, "aria-colindex": column + 1, "data-column": column, "aria-selected": String(isSelected) });
      if (!fieldOf(name) || !this.mayEdit) cell.setAttribute("aria-readonly", "true");
      if (this.at.row === index && this.at.column === column) cell.classList.add("is-active");
      this.fill(cell, name, item);
      row.append(cell);
    });
  }

  private fill(cell: HTMLElement, name: Column, item: Extract<Item, { type: "line" }>): void {
    const { line } = item;
    const { words } = this;
    const field = fieldOf(name);
    const conflict = field && this.model.conflicts.get(`${line.key} ${field}`);
    if (name === "position") {
      if (this.mayEdit) cell.append(h("span", { class: "qg-handle", "aria-hidden": "true", title: words.say("drag") }, "⋮"));
      cell.append(String(item.position));
    } else if (name === "name") {
      cell.style.paddingInlineStart = `${8 + item.depth * INDENT}px`;
      const tag = line.alternative_set ? h("span", { class: "qg-tag" }, `⇄ ${line.alternative_set}`) : "";
      const under = [line.note, line.sku].filter(Boolean).join(" · ");
      for (const who of this.model.here.get(line.key) ?? []) cell.append(h("span", { class: "qg-who qg-at", title: words.say("here_at", { name: who, line: line.name }) }, initials(who)));
      cell.append(h("span", { class: "qg-title", title: line.name }, line.name), h("span", { class: "qg-under", title: under }, tag, under));
    } else if (name === "list_price") {
      cell.append(h("span", { class: "qg-sign", "aria-hidden": "true" }, "×"), words.price(line.list_price), h("span", { class: "qg-under" }, ` / ${line.unit}`));
    } else if (name === "amount") {
      cell.append(h("span", { class: "qg-net", "data-why": line.key, title: words.say("why") }, words.amount(line.net)));
      if (line.list > line.net) cell.append(" ", h("s", { class: "qg-list" }, words.amount(line.list)));
    } else {
      const bps = name === "discount_bps" ? Number(line.discount_bps) : 0;
      if (bps) cell.append(h("span", { class: "qg-sign", "aria-hidden": "true" }, "−"), words.percent(bps));
      else cell.append(shownIn(words, name, line));
      // What the price list takes off besides: the discount alone does not lead to the amount.
      const off = name === "discount_bps" && line.list > 0 ? Math.round(((line.list - line.net) * 10_000) / line.list) : bps;
      if (off > 0 && Math.abs(off - bps) > 1) cell.append(h("span", { class: "qg-under", title: words.say("off_in_all") }, ` Σ ${words.percent(off)}`));
    }
    const fresh = field && this.model.fresh.get(`${line.key} ${field}`);
    if (fresh && !conflict) {
      cell.classList.add("is-fresh");
      const change = fresh.was === null ? words.say("new_line") : `${words.shown(field, fresh.was) || "–"} → ${words.shown(field, line[field]) || "–"}`;
      cell.title = fresh.by ? `${fresh.by}: ${change}` : change;
    }
    if (conflict) {
      cell.classList.add("is-conflict");
      cell.append(h("s", { class: "qg-mine" }, words.shown(conflict.field, conflict.wanted)));
    }
  }

  /** Where everything is, by what stands there: rows come and go while somebody works on one. */
  hold(): Held {
    const top = Math.floor(this.scroll.scrollTop / this.height);
    const key = (row: number) => keyOf(this.model.items[row]);
    return { at: key(this.at.row), anchor: key(this.anchor.row), top: key(top), row: top };
  }

  /** Put all of it back where it stands now; what is gone leaves its place to what follows. */
  restore(held: Held): void {
    const rows = new Map(this.model.items.map((item, row) => [keyOf(item), row]));
    const at = rows.get(held.at);
    const anchor = rows.get(held.anchor);
    this.at = { row: at ?? this.at.row, column: this.at.column };
    this.anchor = { row: anchor ?? this.at.row, column: this.anchor.column };
    const shift = (rows.get(held.top) ?? held.row) - held.row;
    this.body.style.height = `${this.model.items.length * this.height}px`;
    if (shift) this.scroll.scrollTop += shift * this.height;
    this.draw();
    if (!this.editor.hidden && at !== undefined) this.placeEditor();
  }

  private placeEditor(): boolean {
    const cell = document.getElementById(`qg-${this.at.row}-${this.at.column}`) ?? document.getElementById(`qg-${this.at.row}-1`);
    if (!cell) return false;
    const inner = cell.getBoundingClientRect();
    const outer = this.scroll.getBoundingClientRect();
    const { style } = this.editor;
    style.left = `${inner.left - outer.left + this.scroll.scrollLeft}px`;
    style.top = `${inner.top - outer.top + this.scroll.scrollTop}px`;
    style.width = `${inner.width}px`;
    style.height = `${inner.height}px`;
    return true;
  }

  /** Put the editor over a cell. */
  edit(value: string): void {
    if (!this.placeEditor()) return;
    this.editor.value = value;
    this.editor.removeAttribute("aria-invalid");
    this.editor.setAttribute("aria-label", this.words.say(this.column));
    this.offer();
    this.editor.hidden = false;
    this.editor.focus();
  }

  // What a cell can be, where it is one of few: the browser completes what is typed.
  private offer(): void {
    const { words } = this;
    const sets = [...new Set(this.model.lines.map((line) => line.alternative_set))].filter(Boolean);
    const offered: Partial<Record<Column, string[]>> = { kind: KINDS.map((kind) => words.say(kind)), paid: PAID.map((paid) => words.paid(paid) || words.say("one_time")), alternative_set: sets };
    const values = offered[this.column];
    if (values) {
      put(this.choices, ...values.map((value) => h("option", { value })));
      this.editor.setAttribute("list", this.choices.id);
    } else this.editor.removeAttribute("list");
  }

  endEdit(): void {
    this.editor.hidden = true;
    this.frame.focus({ preventScroll: true });
  }

  rowAt(clientY: number): number {
    const top = this.body.getBoundingClientRect().top;
    return Math.max(0, Math.min(this.model.items.length, Math.round((clientY - top) / this.height)));
  }

  markAt(row: number | null): void {
    this.mark.hidden = row === null;
    if (row !== null) this.mark.style.transform = `translateY(${this.head.offsetHeight + row * this.height}px)`;
  }
}
