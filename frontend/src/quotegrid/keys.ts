// The sheet's keyboard and clipboard.
import type { QuoteGrid } from "../quotegrid";
import type { Edit, Field, Line } from "./types";
import { COLUMNS, EDITABLE } from "./view";

const PAGE = 15;

export class Keys {
  private before = "";

  constructor(private readonly grid: QuoteGrid) {
    const { frame, editor } = grid.view;
    frame.addEventListener("keydown", (event) => this.onKey(event));
    frame.addEventListener("copy", (event) => this.copy(event));
    frame.addEventListener("cut", (event) => this.copy(event));
    frame.addEventListener("paste", (event) => this.paste(event));
    editor.addEventListener("keydown", (event) => this.onEditorKey(event));
    editor.addEventListener("blur", () => this.keep());
    frame.addEventListener("quotegrid:edit", () => this.edit());
  }

  private onKey(event: KeyboardEvent): void {
    const { view } = this.grid;
    const { row, column } = view.at;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      if (this.grid.mayEdit) this.grid.move(this.grid.selected(), event.key === "ArrowUp" ? -1 : 1);
    } else if (isCommand && !this.onCommand(event)) return;
    else if (isCommand) {
      // done
    } else if (event.key === "ArrowUp") view.go(row - 1, column, event.shiftKey);
    else if (event.key === "ArrowDown") view.go(row + 1, column, event.shiftKey);
    else if (event.key === "ArrowLeft") view.go(row, column - 1, event.shiftKey);
    else if (event.key === "ArrowRight") view.go(row, column + 1, event.shiftKey);
    else if (event.key === "PageUp") view.go(row - PAGE, column, event.shiftKey);
    else if (event.key === "PageDown") view.go(row + PAGE, column, event.shiftKey);
    else if (event.key === "Home") view.go(row, 0, event.shiftKey);
    else if (event.key === "End") view.go(row, COLUMNS.length - 1, event.shiftKey);
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
    if (key === "home") view.go(0, view.at.column, event.shiftKey);
    else if (key === "end") view.go(model.items.length, view.at.column, event.shiftKey);
    else if (key === "a") {
      view.go(model.items.length, COLUMNS.length - 1);
      view.anchor = { row: 0, column: 0 };
      view.draw();
    } else if (!mayEdit) return false;
    else if (key === "z" && !event.shiftKey) this.grid.undo();
    else if (key === "y" || key === "z") this.grid.redo();
    else if (key === "d") this.fillDown();
    else return false;
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
    if (item.type === "group") {
      this.grid.view.at = { row: at.row, column: 1 };
      this.before = item.group.title;
    } else if (EDITABLE.has(column)) this.before = this.grid.words.shown(column, item.line[column as Field]);
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
    } else if (event.key === "Enter" || event.key === "Tab") {
      if (!this.keep()) {
        event.preventDefault();
        return;
      }
      const back = event.shiftKey ? -1 : 1;
      if (event.key === "Enter") view.go(view.at.row + back, view.at.column);
      else view.go(view.at.row, this.nextColumn(back));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private nextColumn(step: number): number {
    let column = this.grid.view.at.column + step;
    while (column > 0 && column < COLUMNS.length && !EDITABLE.has(COLUMNS[column]!)) column += step;
    return column >= COLUMNS.length || column < 1 ? this.grid.view.at.column : column;
  }

  /** Keep what was typed; false where it cannot be read, and the editor stays open. */
  private keep(): boolean {
    const { view, words } = this.grid;
    const { editor, item, column } = view;
    if (editor.hidden || !item) return true;
    if (editor.value === this.before) {
      view.endEdit();
      return true;
    }
    if (item.type === "group") {
      const title = editor.value.trim();
      view.endEdit();
      if (title) this.grid.run([{ kind: "group_rename", group_key: item.group.key, was: item.group.title, now: title }]);
      return true;
    }
    const read = words.read(column, editor.value);
    if (read === null) {
      editor.setAttribute("aria-invalid", "true");
      const expected = column === "discount_bps" ? "expected_percent" : column === "kind" ? "kind" : "expected_quantity";
      this.grid.say(words.say("expected", { expected: column === "kind" ? ["fixed", "option", "chosen"].map((kind) => words.say(kind)).join(" / ") : words.say(expected) }));
      return false;
    }
    view.endEdit();
    this.grid.set(item.line, column as Field, read);
    return true;
  }

  private clear(): void {
    if (!this.grid.mayEdit) return;
    const { item, column } = this.grid.view;
    if (item?.type === "group") this.grid.run([{ kind: "group_remove", group_key: item.group.key }]);
    else if (column === "discount_bps") this.grid.run(this.grid.selected().flatMap((line) => this.grid.model.set(line, "discount_bps", "0") ?? []));
    else if (column === "name" || column === "position") this.grid.takeOut(this.grid.selected());
  }

  private fillDown(): void {
    const { left, right } = this.grid.view.range();
    const [first, ...rest] = this.grid.selected();
    if (!first) return;
    const edits: Edit[] = [];
    for (const name of COLUMNS.slice(left, right + 1).filter((one) => EDITABLE.has(one) && one !== "name")) {
      for (const line of rest) edits.push(...this.edits(line, name as Field, first[name as Field]));
    }
    this.grid.run(edits);
  }

  private edits(line: Line, field: Field, value: string): Edit[] {
    const edit = this.grid.model.set(line, field, value);
    return edit ? [edit] : [];
  }

  private copy(event: ClipboardEvent): void {
    const { view, words } = this.grid;
    const { left, right } = view.range();
    const cells = (line: Line) =>
      COLUMNS.slice(left, right + 1).map((name) => {
        if (name === "position") return line.sku;
        if (name === "amount") return words.amount(line.net);
        if (name === "list_price") return words.price(line.list_price);
        return words.shown(name, line[name]);
      });
    const text = this.grid.selected().map((line) => cells(line).map((cell) => cell.replace(/[\t\n]/g, " ")).join("\t"));
    event.clipboardData?.setData("text/plain", text.join("\n"));
    event.preventDefault();
  }

  // Into quantity and discount a range is pasted cell by cell; anywhere else rows become lines.
  private paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    event.preventDefault();
    if (!this.grid.mayEdit || !text.trim()) return;
    const { column, item } = this.grid.view;
    if (item?.type !== "line" || !["quantity", "discount_bps", "kind"].includes(column)) {
      this.grid.dialogs.paste(text, this.grid.here());
      return;
    }
    this.pasteRange(text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((row) => row.split("\t")));
  }

  private pasteRange(rows: string[][]): void {
    const { view, model, words } = this.grid;
    const { top, left, bottom } = view.range();
    const targets = model.items.slice(top).flatMap((one) => (one.type === "line" ? [one.line] : []));
    const count = rows.length === 1 ? this.grid.selected().length : rows.length;
    const edits: Edit[] = [];
    const bad: string[] = [];
    targets.slice(0, count).forEach((line, index) => {
      const cells = rows[rows.length === 1 ? 0 : index] ?? [];
      cells.forEach((cell, offset) => {
        const name = COLUMNS[left + offset];
        if (!name || !EDITABLE.has(name) || name === "name") return;
        const read = words.read(name, cell);
        if (read === null) bad.push(`${words.say("row")} ${index + 1}, ${words.say(name)}: ${cell}`);
        else edits.push(...this.edits(line, name as Field, read));
      });
    });
    this.grid.run(edits);
    if (bad.length) this.grid.say(`${words.say("bad_rows")}: ${bad.slice(0, 5).join("; ")}`);
    view.go(Math.max(bottom, top + count - 1), view.at.column, true);
  }
}
