// The sheet's dialogs: paste rows, change a selection, put lines in a group, edit one line.
import { h, put } from "../configurator/dom";
import { type Cell, type Change, changes, explained, unexplained, unreadable } from "./cells";
import { ALL, choosable, chosen, type Column, fieldOf, handParts, keep, shownIn } from "./columns";
import type { Link } from "./link";
import type { Model } from "./model";
import type { Edit, Line, Pasted, Seen } from "./types";
import { KINDS, PAID, type Words } from "./words";

const MOST_ROWS = 15_000;
const SHOWN = 100;
// What can be changed of many lines at once: each a column, but for the discount that is raised.
const MANY = { set_discount: "discount_bps", raise_discount: "discount_bps", set_quantity: "quantity", set_own_price: "own_price", set_target_unit: "target_unit", set_target_line: "target_line", set_term: "term", set_paid: "paid", set_kind: "kind", set_alternative: "alternative_set" } as const satisfies Record<string, Column>;
type Many = keyof typeof MANY;

type Run = (edits: Edit[]) => void;

export class Dialogs {
  readonly dialog = h("dialog", { class: "qg-dialog" });
  private seen: number | null = null; // the state a preview was of
  private reason = ""; // the last one that was given, for the next

  constructor(private readonly model: Model, private readonly words: Words, private readonly link: Link, private readonly run: Run, private readonly back: () => void) {
    this.dialog.addEventListener("close", () => this.back());
  }

  /** The columns on screen: so rows that were copied from the sheet can be read again. */
  ownColumns: () => string[] = () => [];

  private open(title: string, ...children: (Node | string)[]): void {
    const id = "qg-dialog-title";
    put(this.dialog, h("h2", { id }, title), ...children);
    this.dialog.setAttribute("aria-labelledby", id);
    if (!this.dialog.open) this.dialog.showModal();
  }

  private close(): void {
    this.dialog.close();
  }

  private button(word: string, act: () => void, isMain = false): HTMLButtonElement {
    return h("button", { type: "button", class: isMain ? "btn btn-primary" : "btn", click: act }, this.words.say(word));
  }

  help(): void {
    const keys = this.words.say("keys_help").split(" · ");
    this.open(this.words.say("keys"), h("ul", {}, ...keys.map((key) => h("li", {}, key))), h("footer", {}, this.button("close", () => this.close(), true)));
  }

  paste(text: string, before: { group_key: string; before_key: string }): void {
    const area = h("textarea", { spellcheck: "false" });
    const result = h("div", { "aria-live": "polite" });
    const isTooMuch = this.isTooMuch(text, result);
    area.value = isTooMuch ? "" : text; // so many rows would only make the page slow
    area.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      event.preventDefault(); // typing thousands of rows in, as a browser does, takes it minutes
      if (!this.isTooMuch(pasted, result)) area.setRangeText(pasted, area.selectionStart, area.selectionEnd, "end");
    });
    const check = () => void this.checkPasted(area.value, result, before);
    this.open(this.words.say("paste_rows"), h("p", {}, this.words.say("paste_help")), h("label", {}, this.words.say("rows"), area), result, h("footer", {}, this.button("cancel", () => this.close()), this.button("check", check)));
    if (text && !isTooMuch) check();
    else area.focus();
  }

  private isTooMuch(text: string, into: HTMLElement): boolean {
    let count = 1;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += at < text.length - 1 ? 1 : 0;
    const isMore = count > MOST_ROWS;
    if (isMore) put(into, h("p", { class: "bad", role: "alert" }, this.words.say("too_many", { count: this.words.count(count), most: this.words.count(MOST_ROWS) })));
    return isMore;
  }

  private async checkPasted(text: string, into: HTMLElement, before: { group_key: string; before_key: string }): Promise<void> {
    if (this.isTooMuch(text, into)) return;
    try {
      const pasted = await this.link.pasted(text, this.ownColumns());
      this.showPasted(pasted, into, before);
    } catch (error) {
      put(into, h("p", { class: "bad", role: "alert" }, String(error instanceof Error ? error.message : error)));
    }
  }

  private showPasted(pasted: Pasted, into: HTMLElement, before: { group_key: string; before_key: string }): void {
    const { words } = this;
    const badRows = new Set(pasted.bad.map((one) => one.number)).size;
    const bad = pasted.bad.slice(0, SHOWN).map((one) => h("li", { class: "bad" }, words.say("bad_cell", { row: one.number, column: words.say(one.column), given: one.given, expected: one.expected })));
    const rows = pasted.found.slice(0, SHOWN).map((row) => h("tr", {}, h("td", {}, [`${row.sku} ${row.other_name || row.name}`, row.note].filter(Boolean).join(" · ")), h("td", { class: "right" }, words.shown("quantity", row.quantity)), h("td", { class: "right" }, words.shown("discount_bps", String(row.discount_bps))), h("td", { class: "right" }, row.net === null ? "" : words.amount(row.net))));
    const head = h("tr", {}, ...["article", "quantity", "discount", "net"].map((name) => h("th", { scope: "col", class: name === "article" ? "" : "right" }, words.say(name))));
    const why = pasted.found.some((row) => row.lacks_reason) ? this.reasonInput() : null;
    const add = this.button("add_found", () => this.addPasted(pasted, before, why), true);
    add.textContent = words.say("add_found", { count: pasted.found.length });
    add.disabled = pasted.found.length === 0;
    put(
      into,
      h("p", { class: "qg-said" }, words.say("found", { found: pasted.found.length, all: pasted.found.length + badRows })),
      bad.length ? h("div", { class: "qg-scrolled", tabindex: 0, role: "region", "aria-label": words.say("bad_rows") }, h("ul", {}, ...bad)) : null,
      rows.length ? h("div", { class: "qg-scrolled", tabindex: 0, role: "region", "aria-label": words.say("rows") }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows))) : null,
      h("p", {}, words.say("net_change", { before: words.total(pasted.net_before), after: words.total(pasted.net_after) })),
      why ? h("label", {}, words.say("why_by_hand"), why) : null,
      add,
    );
    (why ?? add).focus();
  }

  private addPasted(pasted: Pasted, before: { group_key: string; before_key: string }, why: HTMLInputElement | null): void {
    if (why && !this.said(why)) return;
    const asked = (row: Pasted["found"][number]) => (row.lacks_reason ? { ...row.asked, reason: this.reason } : row.asked);
    const edits = pasted.found.map((row): Edit => ({ kind: "add", ref: this.model.ref(), product_id: row.product_id, quantity: row.quantity, discount_bps: row.discount_bps, name: row.other_name, asked: asked(row), ...before }));
    this.close();
    this.run(edits);
  }

  private reasonInput(): HTMLInputElement {
    const input = h("input", { maxlength: 300, autocomplete: "off", required: true });
    input.value = this.reason;
    return input;
  }

  private said(input: HTMLInputElement): boolean {
    this.reason = input.value.replace(/\s+/g, " ").trim();
    if (!this.reason) {
      input.setAttribute("aria-invalid", "true");
      input.focus();
    }
    return this.reason !== "";
  }

  /** Ask why prices are set by hand; without an answer they are not. */
  why(found: Change[], then: (reason: string) => void): void {
    const { words } = this;
    const input = this.reasonInput();
    const act = () => {
      if (!this.said(input)) return;
      this.close();
      then(this.reason);
    };
    const told = found.slice(0, 5).map((one) => h("li", {}, `${one.line.name}: ${words.shown("hand", one.value)}`));
    if (found.length > told.length) told.push(h("li", {}, words.say("more", { count: found.length - told.length })));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      act();
    });
    this.open(words.say("why_by_hand"), h("ul", {}, ...told), h("label", {}, words.say("reason"), input), h("p", { class: "qg-help" }, words.say("why_help")), h("footer", {}, this.button("cancel", () => this.close()), this.button("apply", act, true)));
    input.focus();
    input.select();
  }

  /** Which columns are shown; kept in this browser. */
  columns(shown: Column[], then: (columns: Column[]) => void): void {
    const boxes = choosable().map((name) => {
      const box = h("input", { type: "checkbox", checked: shown.includes(name) });
      box.addEventListener("change", follow);
      return { name, box };
    });
    function follow(): void {
      const wanted = new Set(boxes.filter(({ box }) => box.checked).map(({ name }) => name));
      then(ALL.filter((name) => wanted.has(name) || !choosable().includes(name)));
    }
    const usual = () => {
      keep(null);
      const columns = chosen(this.model.lines);
      then(columns);
      keep(null);
      for (const { name, box } of boxes) box.checked = columns.includes(name);
    };
    this.open(this.words.say("columns"), h("div", { class: "qg-checks" }, ...boxes.map(({ name, box }) => h("label", {}, box, this.words.say(name)))), h("footer", {}, this.button("usual_columns", usual), this.button("close", () => this.close(), true)));
  }

  change(chosen: Line[]): void {
    const { words } = this;
    const lines = chosen.map((line) => ({ ...line })); // as they are seen now
    this.seen = null;
    const what = h("select", {}, ...Object.keys(MANY).map((name) => h("option", { value: name }, words.say(name))));
    const value = h("input", { autocomplete: "off" });
    const named = h("select", { hidden: true });
    const why = this.reasonInput();
    const because = h("label", { hidden: true }, words.say("reason"), why);
    const help = h("p", { class: "qg-help", hidden: true }, words.say("term_help"));
    const result = h("div", { "aria-live": "polite" });
    const follow = () => {
      const column = MANY[what.value as Many];
      const values = column === "kind" ? KINDS.map((one) => words.say(one)) : column === "paid" ? PAID.map((one) => words.paid(one) || words.say("one_time")) : [];
      put(named, ...values.map((one) => h("option", {}, one)));
      named.hidden = !values.length;
      value.hidden = !named.hidden;
      because.hidden = fieldOf(column) !== "hand";
      help.hidden = column !== "term";
      this.seen = null;
      put(result);
    };
    const typed = () => (named.hidden ? value : named);
    const act = (isFinal: boolean) => () => void this.changed(lines, what.value as Many, typed(), because.hidden ? null : why, result, isFinal);
    what.addEventListener("change", follow);
    const apply = this.button("apply", act(true), true);
    this.open(`${words.say("change_selected")}: ${words.say("lines_selected", { count: lines.length })}`, h("label", {}, words.say("what"), what), h("label", {}, words.say("value"), value, named), help, because, result, h("footer", {}, this.button("cancel", () => this.close()), this.button("check", act(false)), apply));
    value.addEventListener("keydown", (event) => {
      if (event.key === "Enter") act(false)();
    });
    value.focus();
  }

  // What was looked at and is no longer so is looked at again first, as the lines are now.
  private async changed(lines: Line[], what: Many, input: HTMLInputElement | HTMLSelectElement, why: HTMLInputElement | null, into: HTMLElement, isFinal: boolean): Promise<void> {
    const column = MANY[what];
    const isStale = this.seen !== null && this.seen < this.link.lock;
    if (isStale || !isFinal) lines.splice(0, lines.length, ...lines.flatMap(({ key }) => this.model.line(key) ?? []).map((line) => ({ ...line })));
    const typed = (line: Line) => (what === "raise_discount" ? this.raised(line, input.value) : input.value);
    const cells = lines.map((line): Cell => ({ line, column, typed: typed(line) }));
    const bad = cells.map((cell) => unreadable(this.words, cell)).find(Boolean);
    if (bad) {
      input.setAttribute("aria-invalid", "true");
      put(into, h("p", { class: "bad", role: "alert" }, this.words.say("expected", { expected: bad })));
      return;
    }
    input.removeAttribute("aria-invalid");
    const wanted = changes(this.words, cells);
    if (why && unexplained(wanted).length && !this.said(why)) return;
    const edits = explained(wanted, this.reason).flatMap(({ line, field, value }) => this.model.set(line, field, value) ?? []);
    if (isFinal && !isStale) {
      this.close();
      this.run(edits);
      return;
    }
    try {
      const seen = await this.link.preview(edits);
      this.seen = Math.max(seen.lock, this.link.lock);
      this.showSeen(seen, into, isStale && isFinal);
    } catch (error) {
      put(into, h("p", { class: "bad", role: "alert" }, String(error instanceof Error ? error.message : error)));
    }
  }

  private raised(line: Line, by: string): string {
    const read = this.words.read("discount_bps", by);
    return read === null ? by : this.words.shown("discount_bps", String(Math.min(10_000, Number(line.discount_bps) + Number(read))));
  }

  private showSeen(seen: Seen, into: HTMLElement, isStale: boolean): void {
    const { words } = this;
    const rows = seen.changes.slice(0, SHOWN).map((one) => h("tr", {}, h("td", {}, one.name), h("td", { class: "right" }, one.before === null ? "" : words.amount(one.before)), h("td", { class: "right" }, words.amount(one.after))));
    const refused = seen.refused.slice(0, SHOWN).map((one) => h("li", { class: "bad" }, `${this.model.line(one.key)?.name ?? ""}: ${words.say("expected", { expected: one.expected })}`));
    const others = seen.conflicts.slice(0, SHOWN).map((one) => h("li", {}, words.say("conflict", { line: this.model.line(one.key)?.name ?? "", field: words.say(one.field), wanted: words.shown(one.field, one.wanted) || "–", found: one.found === null ? words.say("line_gone") : words.shown(one.field, one.found) || "–" })));
    put(into, isStale ? h("p", { role: "alert" }, words.say("changed_meanwhile")) : null, others.length ? h("p", {}, words.say("conflicts")) : null, others.length ? h("ul", {}, ...others) : null, refused.length ? h("ul", { role: "alert" }, ...refused) : null, h("p", { class: "qg-said" }, `${words.say("lines_change", { count: seen.changed })}. ${words.say("net_change", { before: words.total(seen.net_before), after: words.total(seen.net_after) })}`), rows.length ? h("div", { class: "qg-scrolled", tabindex: 0, role: "region", "aria-label": words.say("lines") }, h("table", {}, h("tbody", {}, ...rows))) : null);
  }

  group(lines: Line[]): void {
    const { words } = this;
    const choice = h("select", {}, h("option", { value: "new" }, words.say("new_group")), h("option", { value: "" }, words.say("no_group")), ...this.model.groups.map((group) => h("option", { value: group.key }, `${"– ".repeat(group.depth)}${group.title}`)));
    const parent = h("select", {}, h("option", { value: "" }, words.say("no_group")), ...this.model.groups.map((group) => h("option", { value: group.key }, `${"– ".repeat(group.depth)}${group.title}`)));
    const title = h("input", { maxlength: 200, autocomplete: "off" });
    const inside = h("label", {}, `${words.say("new_group")} → ${words.say("group_key")}`, parent);
    const named = h("label", {}, words.say("group_title"), title);
    const follow = () => {
      named.hidden = inside.hidden = choice.value !== "new";
    };
    choice.addEventListener("change", follow);
    const act = () => {
      const edits: Edit[] = [];
      let key = choice.value;
      if (key === "new") {
        if (!title.value.trim()) return title.focus();
        key = uuid();
        edits.push({ kind: "group_add", group_key: key, title: title.value.trim(), parent_key: parent.value });
      }
      for (const line of lines) {
        const edit = this.model.set(line, "group_key", key);
        if (edit) edits.push(edit);
      }
      this.close();
      if (edits.length) this.run(edits);
    };
    title.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // focus returns to the button, which this key would press again
      act();
    });
    this.open(`${words.say("put_in_group")}: ${words.say("lines_selected", { count: lines.length })}`, h("label", {}, words.say("group_key"), choice), named, inside, h("footer", {}, this.button("cancel", () => this.close()), this.button("apply", act, true)));
    title.focus();
  }

  line(chosen: Line, more: { up: () => void; down: () => void; remove: () => void }): void {
    const { words } = this;
    const line = { ...chosen }; // as it is seen now
    const inputs: [Column, HTMLInputElement | HTMLSelectElement][] = [];
    const typed = (column: Column) => {
      const input = h("input", { inputmode: ["quantity", "discount_bps", "own_price", "target_unit", "target_line"].includes(column) ? "decimal" : "text", autocomplete: "off" });
      input.value = shownIn(words, column, line);
      inputs.push([column, input]);
      return h("label", {}, words.say(column), input);
    };
    const picked = (column: Column, values: string[]) => {
      const select = h("select", {}, ...values.map((value) => h("option", {}, value)));
      const current = shownIn(words, column, line) || words.say("one_time");
      if (!values.includes(current)) select.append(h("option", {}, current));
      select.value = current;
      inputs.push([column, select]);
      return h("label", {}, words.say(column), select);
    };
    const why = this.reasonInput();
    why.value = handParts(line.hand)[2];
    inputs.push(["reason", why]);
    const first = (["name", "quantity", "discount_bps"] as Column[]).map(typed);
    first.push(picked("kind", KINDS.map((one) => words.say(one))));
    const group = h("select", {}, h("option", { value: "" }, words.say("no_group")), ...this.model.groups.map((one) => h("option", { value: one.key }, `${"– ".repeat(one.depth)}${one.title}`)));
    group.value = line.group_key;
    if (this.model.groups.length) first.push(h("label", {}, words.say("group_key"), group));
    const prices = (["own_price", "target_unit", "target_line"] as Column[]).map(typed);
    const times = [typed("term"), picked("paid", PAID.map((one) => words.paid(one) || words.say("one_time")))];
    const act = () => {
      const before = new Map(inputs.map(([column]) => [column, shownIn(words, column, line)]));
      const cells: Cell[] = [];
      for (const [column, input] of inputs) {
        if (input.value.trim() === before.get(column) || (column === "reason" && !line.hand)) continue;
        const cell = { line, column, typed: input.value };
        if (unreadable(words, cell)) {
          input.setAttribute("aria-invalid", "true");
          input.closest("details")?.setAttribute("open", "");
          return input.focus();
        }
        cells.push(cell);
      }
      // Whatever was there before gives way to the price that is typed now.
      cells.sort((a, b) => Number(a.typed !== "") - Number(b.typed !== ""));
      const wanted = changes(words, cells);
      if (unexplained(wanted).length && !this.said(why)) {
        why.closest("details")?.setAttribute("open", "");
        return why.focus();
      }
      const edits = explained(wanted, why.value).flatMap((one) => this.model.set(one.line, one.field, one.value) ?? []);
      const regrouped = this.model.set(line, "group_key", group.value);
      if (regrouped) edits.push(regrouped);
      this.close();
      if (edits.length) this.run(edits);
    };
    const then = (act: () => void) => () => {
      this.close();
      act();
    };
    const hidden = h("details", { open: Boolean(line.hand || line.term) }, h("summary", {}, words.say("term_and_price")), ...times, h("p", { class: "qg-help" }, words.say("term_help")), ...prices, h("label", {}, words.say("reason"), why));
    this.open(line.name, ...first, hidden, h("footer", {}, this.button("up", then(more.up)), this.button("down", then(more.down)), this.button("remove", then(more.remove)), this.button("cancel", () => this.close()), this.button("apply", act, true)));
  }
}

export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
