// The sheet's keyboard and clipboard.
import type { QuoteGrid } from "../quotegrid";
import { fieldOf, shownIn } from "./columns";
import { copied, pastedLines, LINES } from "./clipboard";
import type { Cell } from "./cells";
import type { Item } from "./model";
import type { Line } from "./types";

const CLEARED = new Set(["discount_bps", "own_price", "target_unit", "target_line", "term", "paid", "description", "alternative_set"]);

export class Keys {
  private before = "";
  private edited: Item | null = null; // as it stood when somebody began to edit it
  private isTyped = false; // begun by typing: arrows keep and go on, as in a spreadsheet
  private isInside = false; // Tab goes from cell to cell, until Escape
  private start: number | null = null; // the column Enter goes back to, after a row by Tab

  constructor(private readonly grid: QuoteGrid) {
    const { frame, editor } = grid.view;
    frame.addEventListener("keydown", (event) => this.onKey(event));
    frame.addEventListener("copy", (event) => this.copy(event));
    frame.addEventListener("cut", (event) => this.copy(event, true));
    frame.addEventListener("paste", (event) => this.paste(event));
    editor.addEventListener("keydown", (event) => this.onEditorKey(event));
    editor.addEventListener("blur", () => this.keep());
    frame.addEventListener("quotegrid:edit", () => this.edit());
    frame.addEventListener("pointerdown", () => {
      this.isInside = true;
      this.start = null;
    });
    frame.addEventListener("blur", () => {
      if (editor.hidden) this.isInside = false;
    });
  }

  private onKey(event: KeyboardEvent): void {
    const { view } = this.grid;
    const { row, column } = view.at;
    const isCommand = event.ctrlKey || event.metaKey;
    const page = view.page;
    if (event.key === "Tab" && !isCommand && !event.altKey) {
      if (!this.tab(event.shiftKey ? -1 : 1)) return;
      event.preventDefault();
      return;
    }
    if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) this.isInside = event.key !== "Escape";
    if (/^(Arrow|Page|Home|End|Escape)/.test(event.key)) this.start = null;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const step = event.key === "ArrowUp" ? -1 : 1;
      const { item } = view;
      if (!this.grid.mayEdit) return;
      if (item?.type === "group") this.grid.moveGroup(item.group, step);
      else this.grid.move(this.grid.selected(), step);
    } else if (isCommand && !this.onCommand(event)) return;
    else if (isCommand) {
      // done
    } else if (event.key === "ArrowUp") view.go(row - 1, column, event.shiftKey);
    else if (event.key === "ArrowDown") view.go(row + 1, column, event.shiftKey);
    else if (event.key === "ArrowLeft") view.go(row, column - 1, event.shiftKey);
    else if (event.key === "ArrowRight") view.go(row, column + 1, event.shiftKey);
    else if (event.key === "PageUp") view.go(row - page, column, event.shiftKey);
    else if (event.key === "PageDown") view.go(row + page, column, event.shiftKey);
    else if (event.key === "Home") view.go(row, 0, event.shiftKey);
    else if (event.key === "End") view.go(row, view.columns.length - 1, event.shiftKey);
    else if (event.key === "Escape") view.go(row, column);
    else if (event.key === " " && event.shiftKey) view.choose(0, view.columns.length - 1);
    else if (event.key === " ") this.onSpace();
    else if (event.key === "Enter" || event.key === "F2") this.edit();
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (event.key.length === 1 && !event.altKey) this.edit(event.key);
    else return;
    event.preventDefault();
  }

  private onCommand(event: KeyboardEvent): boolean {
    const { view, model, mayEdit } = this.grid;
    const key = event.key.toLowerCase();
    if (key === "home") view.go(0, 1, event.shiftKey);
    else if (key === "end") view.go(model.items.length, view.columns.length - 1, event.shiftKey);
    else if (key === "arrowup") view.go(0, view.at.column, event.shiftKey);
    else if (key === "arrowdown") view.go(model.items.length, view.at.column, event.shiftKey);
    else if (key === "arrowleft") view.go(view.at.row, 0, event.shiftKey);
    else if (key === "arrowright") view.go(view.at.row, view.columns.length - 1, event.shiftKey);
    else if (key === "f") this.grid.finder.open();
    else if (key === "a") {
      view.go(model.items.length, view.columns.length - 1);
      view.anchor = { row: 0, column: 0 };
      view.draw();
    } else if (!mayEdit) return false;
    else if (key === "z" && !event.shiftKey) this.grid.undo();
    else if (key === "y" || key === "z") this.grid.redo();
    else if (key === "d") this.fillDown();
    else return false;
    return true;
  }

  // From cell to cell, once somebody works in the sheet; who only passes by is not held.
  private tab(step: -1 | 1): boolean {
    const { view } = this.grid;
    if (!this.isInside) return false;
    const column = this.nextColumn(step);
    if (column === view.at.column) return false;
    this.start ??= view.at.column;
    view.go(view.at.row, column);
    return true;
  }

  private onSpace(): void {
    const { item, column } = this.grid.view;
    if (item?.type === "group") this.grid.fold(item.group.key);
    else if (item?.type === "line" && column === "kind") this.edit();
  }

  /** Begin to edit the active cell, with what was typed or with what stands there. */
  private edit(typed?: string): void {
    const { item, column, at } = this.grid.view;
    if (item?.type === "line" && column === "amount" && typed === undefined) return this.grid.explain(item.line.key);
    if (!this.grid.mayEdit || !item) return;
    this.edited = item.type === "line" ? { ...item, line: { ...item.line } } : item;
    this.isTyped = typed !== undefined;
    if (item.type === "group") {
      this.grid.view.at = { row: at.row, column: 1 };
      this.before = item.group.title;
    } else if (fieldOf(column)) this.before = shownIn(this.grid.words, column, item.line);
    else return;
    this.grid.view.show(at.row);
    this.grid.view.draw();
    this.grid.view.edit(typed ?? this.before);
    if (typed === undefined) this.grid.view.editor.select();
  }

  private onEditorKey(event: KeyboardEvent): void {
    const { view } = this.grid;
    if (event.key === "Escape") {
      view.editor.value = this.before;
      view.endEdit();
    } else if (event.key === "Enter" || event.key === "Tab" || this.isLeaving(event)) {
      const all = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (!this.keep(all)) {
        event.preventDefault();
        return;
      }
      const back = event.shiftKey || event.key === "ArrowUp" ? -1 : 1;
      if (event.key === "Tab") this.tab(back);
      else if (!all) view.go(view.at.row + back, event.key === "Enter" ? this.start ?? view.at.column : view.at.column);
      if (event.key !== "Tab") this.start = null;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private isLeaving(event: KeyboardEvent): boolean {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    return this.isTyped && isPlain && (event.key === "ArrowUp" || event.key === "ArrowDown") && !this.grid.view.editor.hasAttribute("list");
  }

  private nextColumn(step: number): number {
    const { at, columns } = this.grid.view;
    let column = at.column + step;
    while (column > 0 && column < columns.length && !fieldOf(columns[column]!)) column += step;
    return column >= columns.length || column < 1 ? at.column : column;
  }

  /** Keep what was typed, of all that is selected if wanted; false where it cannot be read, and
   * the editor stays open. It is compared with what stood there when the editor was opened: what
   * others do meanwhile is no less theirs. */
  private keep(isForAll = false): boolean {
    const { view, words } = this.grid;
    const { editor, column } = view;
    const item = this.edited;
    if (editor.hidden || !item) return true;
    if (editor.value === this.before && !isForAll) {
      view.endEdit();
      return true;
    }
    if (item.type === "group") {
      const title = editor.value.trim();
      view.endEdit();
      if (title && title !== item.group.title) this.grid.run([{ kind: "group_rename", group_key: item.group.key, was: item.group.title, now: title }]);
      return true;
    }
    const typed = editor.value;
    const lines = isForAll ? this.grid.selected().map((line) => (line.key === item.line.key ? item.line : line)) : [item.line];
    const bad = this.grid.unreadable({ line: item.line, column, typed });
    if (bad) {
      editor.setAttribute("aria-invalid", "true");
      this.grid.say(words.say("expected", { expected: bad }));
      return false;
    }
    view.endEdit();
    this.grid.fill(lines.map((line) => ({ line, column, typed })));
    return true;
  }

  private clear(): void {
    if (!this.grid.mayEdit) return;
    const { item, column, columns } = this.grid.view;
    const { left, right } = this.grid.view.range();
    if (item?.type === "group") this.grid.run([{ kind: "group_remove", group_key: item.group.key }]);
    else if (column === "name" || column === "position") this.grid.takeOut(this.grid.selected());
    else {
      const names = columns.slice(left, right + 1).filter((name) => CLEARED.has(name));
      this.grid.fill(this.grid.selected().flatMap((line) => names.map((name) => ({ line, column: name, typed: "" }))));
    }
  }

  /** The first line of the selection into the others; a line by itself takes that above it. */
  private fillDown(): void {
    const { columns } = this.grid.view;
    const { top, left, right } = this.grid.view.range();
    const lines = this.grid.selected();
    if (lines.length === 1) {
      const above = this.grid.model.items[top - 1];
      if (above?.type === "line") lines.unshift(above.line);
    }
    const [first, ...rest] = lines;
    if (!first) return;
    const names = columns.slice(left, right + 1).filter((one) => fieldOf(one) && one !== "name");
    this.grid.fill(rest.flatMap((line) => names.map((column) => ({ line, column, like: first }))));
  }

  // Cells as text for a spreadsheet; whole lines too, for this sheet or that of another quote.
  private copy(event: ClipboardEvent, isCut = false): void {
    const { view, words, mayEdit } = this.grid;
    const { left, right } = view.range();
    const lines = this.grid.selected();
    const cells = (line: Line) => view.columns.slice(left, right + 1).map((name) => shownIn(words, name, line));
    const text = lines.map((line) => cells(line).map(quoted).join("\t"));
    event.clipboardData?.setData("text/plain", text.join("\n"));
    if (left <= 1) event.clipboardData?.setData(LINES, copied(this.grid.source, lines));
    event.preventDefault();
    if (isCut && mayEdit && left <= 1) this.grid.takeOut(lines);
    else if (isCut && mayEdit) this.clear();
  }

  // Onto a cell that can be edited a range is pasted cell by cell; onto the item rows become lines.
  private paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const whole = event.clipboardData?.getData(LINES) ?? "";
    event.preventDefault();
    if (!this.grid.mayEdit || !text.trim()) return;
    const { column, item } = this.grid.view;
    if (item?.type === "line" && fieldOf(column) && column !== "name") return this.pasteRange(rowsOf(text));
    const { edits, left } = pastedLines(whole, this.grid);
    if (!edits.length) return this.grid.dialogs.paste(text, this.grid.here());
    this.grid.run(edits);
    if (left) this.grid.say(this.grid.words.say("left_out", { count: left }));
  }

  private pasteRange(rows: string[][]): void {
    const { view, model, words } = this.grid;
    const { top, left, bottom } = view.range();
    const targets = model.items.slice(top).flatMap((one) => (one.type === "line" ? [one.line] : []));
    const count = rows.length === 1 ? this.grid.selected().length : rows.length;
    const cells: Cell[] = [];
    const bad: string[] = [];
    targets.slice(0, count).forEach((line, index) => {
      (rows[rows.length === 1 ? 0 : index] ?? []).forEach((typed, offset) => {
        const column = view.columns[left + offset];
        // What stands there as it was copied is no news; anything else would be lost unseen.
        if (!column || !fieldOf(column) || column === "name") {
          const isNews = typed.trim() !== "" && (!column || typed.trim() !== shownIn(words, column, line));
          if (isNews) bad.push(`${words.say("row")} ${index + 1}, ${column ? words.say(column) : words.say("beyond")}: ${typed}`);
          return;
        }
        const cell = { line, column, typed };
        if (this.grid.unreadable(cell)) bad.push(`${words.say("row")} ${index + 1}, ${words.say(column)}: ${typed}`);
        else cells.push(cell);
      });
    });
    if (rows.length > targets.length) bad.push(words.say("too_few", { count: rows.length - targets.length }));
    this.grid.fill(cells);
    if (bad.length) this.grid.warn(`${words.say("bad_cells")}: ${bad.slice(0, 5).join("; ")}${bad.length > 5 ? " …" : ""}`);
    view.go(Math.max(bottom, top + Math.min(count, targets.length) - 1), view.at.column, true);
  }
}

/** A cell as a spreadsheet writes it: one that begins with a quote would be read as quoted. */
export function quoted(cell: string): string {
  const flat = cell.replace(/[\t\r\n]+/g, " ");
  return flat.startsWith('"') ? `"${flat.replaceAll('"', '""')}"` : flat;
}

/** A text from a spreadsheet as cells; a cell with line breaks in it stands in quotes. */
export function rowsOf(text: string): string[][] {
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/(^|[\t\n])"/.test(plain)) return plain.split("\n").map((row) => row.split("\t"));
  const rows: string[][] = [[]];
  for (const found of plain.matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/g)) {
    rows[rows.length - 1]!.push(found[1]?.replaceAll('""', '"').replace(/\n+/g, " ") ?? found[2] ?? "");
    if (found[3] === "\n") rows.push([]);
    if (!found[3]) break;
  }
  return rows;
}
