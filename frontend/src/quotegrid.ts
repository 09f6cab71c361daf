// Island: <handsel-quotegrid src="…/sheet/" token="…"/>. Lines of a draft like a spreadsheet. What
// is typed shows at once; the server merges, prices and answers with what changed.
import "./cells"; // for the periods of a line, in a dialog over the sheet
import { h, put } from "./configurator/dom";
import { Adder } from "./quotegrid/adder";
import { type Cell, changes, explained, unexplained, unreadable } from "./quotegrid/cells";
import { keep } from "./quotegrid/columns";
import { Dialogs } from "./quotegrid/dialogs";
import { Finder } from "./quotegrid/finder";
import { Follow } from "./quotegrid/follow";
import { Foot } from "./quotegrid/foot";
import { Hands } from "./quotegrid/hands";
import { Keys } from "./quotegrid/keys";
import { type Batch, Link, type Refused } from "./quotegrid/link";
import { Model } from "./quotegrid/model";
import { STYLE } from "./quotegrid/style";
import { Trouble } from "./quotegrid/trouble";
import type { Answer, Edit, Field, Group, Line, News } from "./quotegrid/types";
import { View } from "./quotegrid/view";
import { Words } from "./quotegrid/words";

const AROUND_MS = 400;
const AROUND_OTHERS_MS = 2500; // nobody waits for what somebody else did

export class QuoteGrid extends HTMLElement {
  readonly model = new Model();
  words!: Words;
  view!: View;
  link!: Link;
  dialogs!: Dialogs;
  finder!: Finder;
  follower!: Follow;
  trouble!: Trouble;
  source = "";
  private foot!: Foot;
  mayEdit = false;
  private why = "";
  private around = 0;
  private readonly state = h("span", { class: "qg-state", role: "status" });
  private readonly told = h("p", { class: "qg-sr", role: "status" });
  private readonly none = h("p", { class: "qg-none", hidden: true });
  private readonly undoButton = h("button", { type: "button", class: "btn", click: () => this.undo() });
  private readonly redoButton = h("button", { type: "button", class: "btn", click: () => this.redo() });

  private readonly wideButton = h("button", { type: "button", class: "btn qg-desk", "aria-pressed": "false", click: () => this.widen() });

  connectedCallback(): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    this.source = this.getAttribute("src") ?? "";
    this.link = new Link(this.source, this.getAttribute("token") ?? "", (state) => this.show(state), (answer, edits) => this.merge(answer, edits), (refused, batch) => this.refused(refused, batch), (edit) => this.model.known(edit));
    void this.open();
  }

  private async open(): Promise<void> {
    const begun = performance.now();
    const whole = await this.link.whole();
    this.words = Words.of(whole);
    this.mayEdit = whole.may_edit;
    this.why = whole.why;
    this.foot = new Foot(this.words, whole.fees);
    this.link.lock = whole.lock;
    this.link.version = whole.version;
    this.link.person = whole.person;
    this.model.load(whole);
    this.view = new View(this.model, this.words, this.mayEdit);
    this.dialogs = new Dialogs(this.model, this.words, this.link, (edits) => this.run(edits), () => this.view.frame.focus({ preventScroll: true }));
    this.dialogs.ownColumns = () => this.view.columns;
    this.finder = new Finder(this);
    this.trouble = new Trouble(this, whole.person);
    if (whole.is_draft) this.follower = new Follow(this);
    put(this.undoButton, this.words.say("undo"));
    put(this.redoButton, this.words.say("redo"));
    put(this.none, this.words.say("empty"));
    put(this.wideButton, this.words.say("wide"));
    const adder = new Adder(this);
    put(this, this.bar(), this.trouble.element, this.view.scroll, this.none, this.mayEdit ? adder.element : null, this.foot.element, this.told, this.dialogs.dialog);
    new Keys(this);
    new Hands(this);
    this.redraw();
    performance.measure("quotegrid:painted", { start: begun });
    this.dispatchEvent(new CustomEvent("quotegrid:ready", { bubbles: true }));
  }

  private bar(): HTMLElement {
    const button = (word: string, act: () => void, more = "qg-desk") => h("button", { type: "button", class: `btn ${more}`, click: act }, this.words.say(word));
    const edits = [
      button("paste_rows", () => this.dialogs.paste("", this.here()), ""),
      button("change_selected", () => this.selected().length && this.dialogs.change(this.selected())),
      button("put_in_group", () => this.dialogs.group(this.selected()), ""),
      button("remove", () => this.takeOut(this.selected())),
      this.undoButton,
      this.redoButton,
    ];
    return h(
      "div",
      { class: "qg-bar" },
      ...(this.mayEdit ? edits : []),
      button("columns", () => this.dialogs.columns(this.view.columns, (columns) => this.showColumns(columns))),
      this.wideButton,
      this.mayEdit ? button("keys", () => this.dialogs.help()) : null,
      this.finder.element,
      this.follower?.element,
      this.state,
    );
  }

  /** The sheet over the whole window, and back. */
  private widen(): void {
    const isWide = this.classList.toggle("is-wide");
    this.wideButton.setAttribute("aria-pressed", String(isWide));
    put(this.wideButton, this.words.say(isWide ? "narrow" : "wide"));
    this.view.frame.focus({ preventScroll: true });
    this.redraw();
  }

  private showColumns(columns: typeof this.view.columns): void {
    keep(columns);
    this.view.setColumns(columns);
    this.redraw();
  }

  /** What is expected of a cell, where what is typed is none of that. */
  unreadable(cell: Cell): string {
    return unreadable(this.words, cell);
  }

  /** Set cells as one step; of prices by hand it is asked once why, where nobody said it. */
  fill(cells: Cell[]): void {
    const wanted = changes(this.words, cells);
    const apply = (found: typeof wanted) => this.run(found.flatMap(({ line, field, value }) => this.model.set(line, field, value) ?? []));
    const silent = unexplained(wanted);
    if (silent.length) this.dialogs.why(silent, (reason) => apply(explained(wanted, reason)));
    else apply(wanted);
  }

  /** Where something new goes: before the line that is active. */
  here(): { group_key: string; before_key: string } {
    const { item } = this.view;
    const last = this.model.items.length - 1;
    if (item?.type === "group") return { group_key: item.group.key, before_key: "" };
    if (item?.type === "line") return { group_key: item.line.group_key, before_key: this.view.at.row === last || this.view.at.row === 0 ? "" : item.line.key };
    return { group_key: "", before_key: "" };
  }

  selected(): Line[] {
    const { top, bottom } = this.view.range();
    return this.model.items.slice(top, bottom + 1).flatMap((item) => (item.type === "line" ? [item.line] : []));
  }

  /** Do what can be undone: show it at once and send it. */
  run(edits: Edit[]): void {
    if (!edits.length) return;
    this.trouble.forget();
    this.model.record(edits);
    this.send(edits);
  }

  undo(): void {
    const edits = this.model.undo();
    if (edits?.length) this.send(edits);
  }

  redo(): void {
    const edits = this.model.redo();
    if (edits?.length) this.send(edits);
  }

  private send(edits: Edit[]): void {
    this.model.show(edits);
    this.link.send(edits);
    this.redraw();
  }

  set(line: Line, field: Field, value: string): void {
    const edit = this.model.set(line, field, value);
    if (edit) this.run([edit]);
  }

  takeOut(lines: Line[]): void {
    this.run(lines.map((line): Edit => ({ kind: "remove", line_key: line.key, was: { quantity: line.quantity, discount_bps: line.discount_bps, name: line.name, term: line.term, hand: line.hand } })));
  }

  /** Move lines of one group up or down among their neighbours. */
  move(lines: Line[], step: -1 | 1): void {
    const [first] = lines;
    if (!first) return;
    const same = this.model.lines.filter((line) => line.group_key === first.group_key);
    const keys = new Set(lines.map((line) => line.key));
    const block = same.filter((line) => keys.has(line.key));
    const at = same.findIndex((line) => line.key === first.key);
    if (at < 0) return;
    const target = step < 0 ? same[at - 1] : same[at + block.length + 1];
    if (step < 0 ? !target : at + block.length >= same.length) return;
    this.put(block, first.group_key, target?.key ?? "");
    const row = this.view.at.row + step;
    const anchor = this.view.anchor.row + step;
    this.view.go(row, this.view.at.column);
    this.view.anchor = { row: anchor, column: this.view.anchor.column };
  }

  /** Move a group, with all that lies in it, up or down among those beside it. */
  moveGroup(group: Group, step: -1 | 1): void {
    const beside = this.model.groups.filter((one) => one.parent === group.parent);
    const at = beside.findIndex((one) => one.key === group.key);
    if (at + step < 0 || at + step >= beside.length) return;
    this.putGroup(group, group.parent, beside[step < 0 ? at - 1 : at + 2]?.key ?? "");
  }

  putGroup(group: Group, parent_key: string, before_key: string): void {
    this.run([{ kind: "group_move", group_key: group.key, parent_key, before_key }]);
  }

  /** Put lines before another line of a group; shown at once. */
  put(lines: Line[], group_key: string, before_key: string): void {
    const edits = lines.map((line): Edit => ({ kind: "move", line_key: line.key, group_key, before_key }));
    this.model.record(edits);
    const keys = new Set(lines.map((line) => line.key));
    const rest = this.model.lines.filter((line) => !keys.has(line.key));
    for (const line of lines) line.group_key = group_key;
    const at = before_key ? rest.findIndex((line) => line.key === before_key) : rest.length;
    rest.splice(at < 0 ? rest.length : at, 0, ...lines);
    this.model.lines = rest;
    this.model.rebuild();
    this.send(edits);
  }

  /** Make lines the selection, wherever they stand now. */
  select(lines: Line[]): void {
    const keys = new Set(lines.map((line) => line.key));
    const rows = this.model.items.flatMap((item, row) => (item.type === "line" && keys.has(item.line.key) ? [row] : []));
    if (!rows.length) return;
    this.view.go(rows[0]!, this.view.at.column);
    this.view.go(rows[rows.length - 1]!, this.view.at.column, true);
  }

  fold(key: string): void {
    if (!this.model.folded.delete(key)) this.model.folded.add(key);
    this.model.rebuild();
    this.redraw();
  }

  explain(key: string): void {
    const url = this.why.replace("00000000-0000-8000-8000-000000000000", key);
    void window.htmx.ajax("GET", url, { target: "#dialog-host", swap: "innerHTML" });
  }

  say(text: string): void {
    this.told.textContent = text;
    this.state.textContent = text;
  }

  /** Say what stays until something else is said. */
  warn(text: string): void {
    this.say(text);
    this.trouble.warn(text);
  }

  override focus(): void {
    this.view.frame.focus({ preventScroll: true });
  }

  /** To a line, wherever it is, out of a folded group too. */
  jump(key: string): void {
    const row = () => this.model.items.findIndex((item) => item.type === "line" && item.line.key === key);
    if (row() < 0 && this.model.line(key)) {
      this.model.folded.clear();
      this.model.rebuild();
    }
    if (row() >= 0) this.view.go(row(), Math.max(this.view.at.column, 1));
    this.focus();
  }

  /** Take over what others did; what is being typed stays where it is. */
  follow(news: News): void {
    const held = this.view.hold();
    this.link.lock = news.lock;
    this.model.take(news);
    this.view.restore(held);
    this.redraw();
    this.follower.tell(news.others ?? []);
    this.refreshAround(news, AROUND_OTHERS_MS, true);
  }

  redraw(): void {
    this.none.hidden = this.model.lines.length > 0;
    this.undoButton.disabled = !this.model.canUndo;
    this.redoButton.disabled = !this.model.canRedo;
    this.view.draw();
    this.foot.draw(this.model.sums);
    this.trouble.draw();
  }

  private merge(answer: Answer, edits: Edit[]): void {
    const others = answer.others ?? [];
    const isMoving = Boolean(answer.is_whole || edits.some((edit) => edit.kind === "group_move") || (answer.order && (others.length || !this.view.editor.hidden)));
    const held = isMoving ? this.view.hold() : null;
    this.model.merge(answer, edits);
    this.model.show(this.link.unsent());
    if (held) this.view.restore(held);
    this.redraw();
    if (others.length) this.follower?.tell(others);
    if (answer.refused.length) this.trouble.tell(answer.refused);
    this.refreshAround(answer, AROUND_MS, false);
  }

  // What else on the page shows totals: its state fields at once, its words when nobody types. What
  // is open in a dialog was filled in over an older state: it goes on to say so.
  private refreshAround(answer: News, wait: number, isOfOthers: boolean): void {
    const opened = isOfOthers ? new Set(document.querySelectorAll('#dialog-host input[name="lock_no"]')) : null;
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name="lock_no"]')) if (!opened?.has(field)) field.value = String(answer.lock);
    window.clearTimeout(this.around);
    this.around = window.setTimeout(() => {
      if (!this.link.isBusy) void window.htmx.ajax("GET", `${this.getAttribute("src") ?? ""}around/`, { swap: "none", source: this });
    }, wait);
  }

  // Nothing that was typed is lost: it can be sent again once what stood in its way is gone.
  private refused(refused: Refused, batch: Batch): void {
    this.trouble.refused(refused, batch);
    this.state.classList.add("is-lost");
    this.redraw();
    if (refused.code === "signed_out") this.follower?.pause();
    else void this.reload();
  }

  private async reload(): Promise<void> {
    try {
      const whole = await this.link.whole();
      this.link.lock = whole.lock;
      this.model.load(whole);
      this.model.show(this.link.unsent());
      this.redraw();
    } catch {
      // what is on screen stays, until it can be sent again
    }
  }

  private show(state: "saving" | "saved" | "lost"): void {
    this.state.textContent = this.words.say(state);
    this.state.classList.toggle("is-lost", state === "lost");
  }
}

customElements.define("handsel-quotegrid", QuoteGrid);
