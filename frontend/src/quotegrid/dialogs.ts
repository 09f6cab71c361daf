// The sheet's dialogs: paste rows, change a selection, put lines in a group, edit one line.
import { h, put } from "../configurator/dom";
import type { Link } from "./link";
import type { Model } from "./model";
import type { Edit, Field, Line, Pasted, Seen } from "./types";
import type { Words } from "./words";

const MOST_ROWS = 15_000;
const SHOWN = 100;

type Run = (edits: Edit[]) => void;

export class Dialogs {
  readonly dialog = h("dialog", { class: "qg-dialog" });

  constructor(private readonly model: Model, private readonly words: Words, private readonly link: Link, private readonly run: Run, private readonly back: () => void) {
    this.dialog.addEventListener("close", () => this.back());
  }

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
    area.value = text;
    const result = h("div", { "aria-live": "polite" });
    const check = () => void this.checkPasted(area.value, result, before);
    this.open(this.words.say("paste_rows"), h("p", {}, this.words.say("paste_help")), h("label", {}, this.words.say("rows"), area), result, h("footer", {}, this.button("cancel", () => this.close()), this.button("check", check)));
    if (text) check();
    else area.focus();
  }

  private async checkPasted(text: string, into: HTMLElement, before: { group_key: string; before_key: string }): Promise<void> {
    const count = text.trimEnd().split("\n").length;
    if (count > MOST_ROWS) {
      put(into, h("p", { class: "bad", role: "alert" }, this.words.say("too_many", { count, most: MOST_ROWS })));
      return;
    }
    try {
      const pasted = await this.link.pasted(text);
      this.showPasted(pasted, into, before);
    } catch (error) {
      put(into, h("p", { class: "bad", role: "alert" }, String(error instanceof Error ? error.message : error)));
    }
  }

  private showPasted(pasted: Pasted, into: HTMLElement, before: { group_key: string; before_key: string }): void {
    const { words } = this;
    const badRows = new Set(pasted.bad.map((one) => one.number)).size;
    const bad = pasted.bad.slice(0, SHOWN).map((one) => h("li", { class: "bad" }, words.say("bad_cell", { row: one.number, column: words.say(one.column), given: one.given, expected: one.expected })));
    const rows = pasted.found.slice(0, SHOWN).map((row) => h("tr", {}, h("td", {}, `${row.sku} ${row.name}`), h("td", { class: "right" }, words.shown("quantity", row.quantity)), h("td", { class: "right" }, words.shown("discount_bps", String(row.discount_bps))), h("td", { class: "right" }, row.net === null ? "" : words.amount(row.net))));
    const head = h("tr", {}, ...["article", "quantity", "discount", "net"].map((name) => h("th", { scope: "col" }, words.say(name))));
    const add = this.button("add_found", () => this.addPasted(pasted, before), true);
    add.textContent = words.say("add_found", { count: pasted.found.length });
    add.disabled = pasted.found.length === 0;
    put(
      into,
      h("p", { class: "qg-said" }, words.say("found", { found: pasted.found.length, all: pasted.found.length + badRows })),
      bad.length ? h("div", { class: "qg-scrolled", tabindex: 0, role: "region", "aria-label": words.say("bad_rows") }, h("ul", {}, ...bad)) : null,
      rows.length ? h("div", { class: "qg-scrolled", tabindex: 0, role: "region", "aria-label": words.say("rows") }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows))) : null,
      h("p", {}, words.say("net_change", { before: words.total(pasted.net_before), after: words.total(pasted.net_after) })),
      add,
    );
    add.focus();
  }

  private addPasted(pasted: Pasted, before: { group_key: string; before_key: string }): void {
    const edits = pasted.found.map((row): Edit => ({ kind: "add", ref: this.model.ref(), product_id: row.product_id, quantity: row.quantity, discount_bps: row.discount_bps, ...before }));
    this.close();
    this.run(edits);
  }

  change(lines: Line[]): void {
    const { words } = this;
    const what = h("select", {}, ...["set_discount", "raise_discount", "set_quantity", "set_alternative"].map((name) => h("option", { value: name }, words.say(name))));
    const value = h("input", { autocomplete: "off" });
    const result = h("div", { "aria-live": "polite" });
    const apply = this.button("apply", () => void this.changed(lines, what.value, value, result, true), true);
    const check = () => void this.changed(lines, what.value, value, result, false);
    this.open(`${words.say("change_selected")}: ${words.say("lines_selected", { count: lines.length })}`, h("label", {}, words.say("what"), what), h("label", {}, words.say("value"), value), result, h("footer", {}, this.button("cancel", () => this.close()), this.button("check", check), apply));
    value.addEventListener("keydown", (event) => {
      if (event.key === "Enter") check();
    });
    value.focus();
  }

  private async changed(lines: Line[], what: string, value: HTMLInputElement, into: HTMLElement, isFinal: boolean): Promise<void> {
    const field: Field = what === "set_quantity" ? "quantity" : what === "set_alternative" ? "alternative_set" : "discount_bps";
    const read = this.words.read(field, value.value);
    if (read === null) {
      value.setAttribute("aria-invalid", "true");
      put(into, h("p", { class: "bad", role: "alert" }, this.words.say("expected", { expected: this.words.say(field === "quantity" ? "expected_quantity" : "expected_percent") })));
      return;
    }
    const wanted = (line: Line) => (what === "raise_discount" ? String(Math.min(10_000, Number(line.discount_bps) + Number(read))) : read);
    const edits = lines.flatMap((line) => this.model.set(line, field, wanted(line)) ?? []);
    if (isFinal) {
      this.close();
      if (edits.length) this.run(edits);
      return;
    }
    try {
      this.showSeen(await this.link.preview(edits), into);
    } catch (error) {
      put(into, h("p", { class: "bad", role: "alert" }, String(error instanceof Error ? error.message : error)));
    }
  }

  private showSeen(seen: Seen, into: HTMLElement): void {
    const { words } = this;
    const rows = seen.changes.slice(0, SHOWN).map((one) => h("tr", {}, h("td", {}, one.name), h("td", { class: "right" }, one.before === null ? "" : words.amount(one.before)), h("td", { class: "right" }, words.amount(one.after))));
    put(into, h("p", { class: "qg-said" }, `${words.say("lines_change", { count: seen.changed })}. ${words.say("net_change", { before: words.total(seen.net_before), after: words.total(seen.net_after) })}`), rows.length ? h("div", { class: "qg-scrolled", tabindex: 0, role: "region", "aria-label": words.say("lines") }, h("table", {}, h("tbody", {}, ...rows))) : null);
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

  line(line: Line, more: { up: () => void; down: () => void; remove: () => void }): void {
    const { words } = this;
    const inputs = new Map<Field, HTMLInputElement | HTMLSelectElement>();
    const labels = (["name", "quantity", "discount_bps"] as Field[]).map((field) => {
      const input = h("input", { inputmode: field === "name" ? "text" : "decimal", autocomplete: "off" });
      input.value = words.shown(field, line[field]);
      inputs.set(field, input);
      return h("label", {}, words.say(field), input);
    });
    const kind = h("select", {}, ...["fixed", "option", "chosen"].map((name) => h("option", { value: name }, words.say(name))));
    kind.value = line.kind;
    inputs.set("kind", kind);
    const act = () => {
      const edits: Edit[] = [];
      for (const [field, input] of inputs) {
        const read = words.read(field, input.value);
        if (read === null) {
          input.setAttribute("aria-invalid", "true");
          return input.focus();
        }
        const edit = this.model.set(line, field, read);
        if (edit) edits.push(edit);
      }
      this.close();
      if (edits.length) this.run(edits);
    };
    const then = (act: () => void) => () => {
      this.close();
      act();
    };
    this.open(line.name, ...labels, h("label", {}, words.say("kind"), kind), h("footer", {}, this.button("up", then(more.up)), this.button("down", then(more.down)), this.button("remove", then(more.remove)), this.button("cancel", () => this.close()), this.button("apply", act, true)));
  }
}

export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
