// Island: <handsel-quotegrid src="…/sheet/" token="…"/>. Lines of a draft like a spreadsheet. What
// is typed shows at once; the server merges, prices and answers with what changed.
import "./cells"; // for the periods of a line, in a dialog over the sheet
import { h, put } from "./configurator/dom";
import { Adder } from "./quotegrid/adder";
import { type Cell, changes, explained, unexplained, unreadable } from "./quotegrid/cells";
import { keep } from "./quotegrid/columns";
import { Dialogs } from "./quotegrid/dialogs";
import { Finder } from "./quotegrid/finder";
import { Hands } from "./quotegrid/hands";
import { Keys } from "./quotegrid/keys";
import { Link, type Refused } from "./quotegrid/link";
import { Model } from "./quotegrid/model";
import { STYLE } from "./quotegrid/style";
import type { Answer, Conflict, Edit, Field, Line } from "./quotegrid/types";
import { View } from "./quotegrid/view";
import { Words } from "./quotegrid/words";

const AROUND_MS = 400;
const MOST_CONFLICTS = 20;

export class QuoteGrid extends HTMLElement {
  readonly model = new Model();
  words!: Words;
  view!: View;
  link!: Link;
  dialogs!: Dialogs;
  finder!: Finder;
  source = "";
  private failed: { message: string; edits: Edit[] } | null = null;
  mayEdit = false;
  private why = "";
  private fees = "";
  private around = 0;
  private readonly state = h("span", { class: "qg-state", role: "status" });
  private readonly told = h("p", { class: "qg-sr", role: "status" });
  private readonly foot = h("dl", { class: "qg-foot" });
  private readonly conflicts = h("section", { class: "qg-conflicts", hidden: true, role: "alert" });
  private readonly none = h("p", { class: "qg-none", hidden: true });
  private readonly undoButton = h("button", { type: "button", class: "btn", click: () => this.undo() });
  private readonly redoButton = h("button", { type: "button", class: "btn", click: () => this.redo() });

  private readonly wideButton = h("button", { type: "button", class: "btn qg-desk", "aria-pressed": "false", click: () => this.widen() });

  connectedCallback(): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    this.source = this.getAttribute("src") ?? "";
    this.link = new Link(this.source, this.getAttribute("token") ?? "", (state) => this.show(state), (answer, edits) => this.merge(answer, edits), (refused, edits) => this.refused(refused, edits), (edit) => this.model.known(edit));
    window.addEventListener("beforeunload", (event) => {
      if (this.link.isBusy) event.preventDefault();
    });
    void this.open();
  }

  private async open(): Promise<void> {
    const begun = performance.now();
    const whole = await this.link.whole();
    this.words = Words.of(whole);
    this.mayEdit = whole.may_edit;
    this.why = whole.why;
    this.fees = whole.fees;
    this.link.lock = whole.lock;
    this.model.load(whole);
    this.view = new View(this.model, this.words, this.mayEdit);
    this.dialogs = new Dialogs(this.model, this.words, this.link, (edits) => this.run(edits), () => this.view.frame.focus({ preventScroll: true }));
    this.dialogs.ownColumns = () => this.view.columns;
    this.finder = new Finder(this);
    put(this.undoButton, this.words.say("undo"));
    put(this.redoButton, this.words.say("redo"));
    put(this.none, this.words.say("empty"));
    put(this.wideButton, this.words.say("wide"));
    const adder = new Adder(this);
    put(this, this.bar(), this.conflicts, this.view.scroll, this.none, this.mayEdit ? adder.element : null, this.foot, this.told, this.dialogs.dialog);
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
    const block = lines.filter((line) => line.group_key === first.group_key);
    const at = same.indexOf(first);
    const target = step < 0 ? same[at - 1] : same[at + block.length + 1];
    if (step < 0 ? !target : at + block.length >= same.length) return;
    this.put(block, first.group_key, target?.key ?? "");
    const row = this.view.at.row + step;
    const anchor = this.view.anchor.row + step;
    this.view.go(row, this.view.at.column);
    this.view.anchor = { row: anchor, column: this.view.anchor.column };
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
    this.failed = { message: text, edits: [] };
    this.say(text);
    this.showConflicts();
  }

  redraw(): void {
    this.none.hidden = this.model.lines.length > 0;
    this.undoButton.disabled = !this.model.canUndo;
    this.redoButton.disabled = !this.model.canRedo;
    this.view.draw();
    this.showSums();
    this.showConflicts();
  }

  private merge(answer: Answer, edits: Edit[]): void {
    this.model.merge(answer, edits);
    this.model.show(this.link.unsent());
    this.redraw();
    const [refusal] = answer.refused;
    if (refusal) this.say(`${refusal.given}: ${this.words.say("expected", { expected: refusal.expected })}`);
    this.refreshAround(answer);
  }

  // What else on the page shows totals: its state fields at once, its words when nobody types.
  private refreshAround(answer: Answer): void {
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name="lock_no"]')) field.value = String(answer.lock);
    window.clearTimeout(this.around);
    this.around = window.setTimeout(() => {
      if (!this.link.isBusy) void window.htmx.ajax("GET", `${this.getAttribute("src") ?? ""}around/`, { swap: "none", source: this });
    }, AROUND_MS);
  }

  // Nothing that was typed is lost: it can be sent again once what stood in its way is gone.
  private refused({ code, message }: Refused, edits: Edit[]): void {
    const told = code === "signed_out" ? this.words.say("signed_out") : message;
    this.failed = { message: `${this.words.say("not_saved")}: ${told}`, edits };
    this.say(this.failed.message);
    this.state.classList.add("is-lost");
    this.redraw();
    void this.link.whole().then(
      (whole) => {
        this.link.lock = whole.lock;
        this.model.load(whole);
        this.model.show(this.link.unsent());
        this.redraw();
      },
      () => undefined, // what is on screen stays, until it can be sent again
    );
  }

  private failure(): HTMLElement | null {
    const { failed, words } = this;
    if (!failed) return null;
    const done = (act: () => void) => () => {
      this.failed = null;
      act();
      this.redraw();
      this.view.frame.focus({ preventScroll: true });
    };
    const again = failed.edits.length ? h("button", { type: "button", class: "btn", click: done(() => this.send(failed.edits)) }, words.say("again")) : null;
    return h("p", { class: "qg-failed" }, h("span", {}, failed.message), again, h("button", { type: "button", class: "btn", click: done(() => undefined) }, words.say("close")));
  }

  private show(state: "saving" | "saved" | "lost"): void {
    this.state.textContent = this.words.say(state);
    this.state.classList.toggle("is-lost", state === "lost");
    if (state === "saved" && this.failed && !this.failed.edits.length) this.failed = null;
  }

  private showSums(): void {
    const { sums } = this.model;
    const { words } = this;
    const pair = (term: string, text: string) => h("div", {}, h("dt", {}, term), h("dd", {}, text));
    // First what adds up to the net, then the net, then what is only told beside it.
    const within = sums.fees.map((one) => this.fee(one));
    const charges = sums.charges.length > 1 ? sums.charges.map((one) => pair(this.chargeWords(one.charge, one.months), words.total(one.net))) : [];
    const net = pair(words.say("net"), words.total(sums.net));
    net.classList.add("qg-sum");
    const beside = [];
    if (sums.contract !== sums.net) beside.push(pair(words.say("contract"), words.total(sums.contract)));
    if (sums.annual !== null) beside.push(pair(words.say("annual"), words.total(sums.annual)));
    if (sums.margin !== null) beside.push(pair(words.say("margin"), `${words.total(sums.margin)}${sums.margin_bps === null ? "" : ` (${words.percent(sums.margin_bps)})`}`));
    put(this.foot, ...charges, net, ...within, ...beside);
  }

  private fee(one: typeof this.model.sums.fees[number]): HTMLElement {
    const { words } = this;
    const ask = () => void window.htmx.ajax("GET", `${this.fees}?${new URLSearchParams({ fee: one.key })}`, { target: "#dialog-host", swap: "innerHTML" });
    const button = this.fees ? h("button", { type: "button", class: "btn btn-sm", "aria-label": `${words.say(one.waived ? "charge" : "waive")}: ${one.name}`, click: ask }, words.say(one.waived ? "charge" : "waive")) : null;
    return h("div", { title: one.waived }, h("dt", {}, button, button ? " " : null, words.say("of_which", { name: one.name }), one.waived ? ` (${words.say("waived")})` : null), h("dd", {}, words.total(one.net)));
  }

  private chargeWords(charge: string, months: number): string {
    if (charge !== "recurring") return this.words.say(charge);
    if (months === 0) return this.words.say("recurring_periods");
    return this.words.say(months === 1 ? "recurring_month" : months === 12 ? "recurring_year" : "recurring", { months });
  }

  private showConflicts(): void {
    const { words } = this;
    const failure = this.failure();
    const items = [...this.model.conflicts].slice(0, MOST_CONFLICTS).map(([id, one]) => {
      const line = this.model.line(one.key);
      const found = one.found === null ? words.say("line_gone") : words.shown(one.field, one.found) || "–";
      const text = words.say("conflict", { line: line?.name ?? "", field: words.say(one.field), wanted: words.shown(one.field, one.wanted) || "–", found });
      const by = one.by ? ` (${words.say("conflict_by", { by: one.by })})` : "";
      const keep = h("button", { type: "button", class: "btn", click: () => this.settle(id) }, words.say("keep_theirs"));
      const mine = one.found !== null && line ? h("button", { type: "button", class: "btn", click: () => this.settle(id, one) }, words.say("take_mine")) : null;
      return h("li", {}, text + by, keep, mine);
    });
    const more = this.model.conflicts.size - items.length;
    const all = items.length > 1 ? h("li", {}, more > 0 ? words.say("more", { count: more }) : "", h("button", { type: "button", class: "btn", click: () => this.settleAll(false) }, words.say("keep_all")), h("button", { type: "button", class: "btn", click: () => this.settleAll(true) }, words.say("take_all"))) : null;
    this.conflicts.hidden = items.length === 0 && !failure;
    put(this.conflicts, failure, items.length ? h("strong", {}, words.say("conflicts")) : null, items.length ? h("ul", {}, ...items, all) : null);
  }

  private settleAll(isMine: boolean): void {
    const all = [...this.model.conflicts.values()];
    this.model.conflicts.clear();
    if (isMine) {
      this.run(
        all.flatMap((one) => {
          const line = this.model.line(one.key);
          return (line && one.found !== null && this.model.set(line, one.field as Field, one.wanted)) || [];
        }),
      );
    }
    this.redraw();
    this.view.frame.focus({ preventScroll: true });
  }

  private settle(id: string, mine?: Conflict): void {
    this.model.conflicts.delete(id);
    const line = mine && this.model.line(mine.key);
    if (line && mine) this.set(line, mine.field as Field, mine.wanted);
    this.redraw();
    this.view.frame.focus({ preventScroll: true });
  }
}

customElements.define("handsel-quotegrid", QuoteGrid);
