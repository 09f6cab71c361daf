// What could not be done: edits that were not saved, and those that met somebody else's. Nothing
// of it is lost: it stays here until somebody decides.
import { h, put } from "../configurator/dom";
import type { QuoteGrid } from "../quotegrid";
import type { Batch, Refused } from "./link";
import type { Conflict, Field, Refusal } from "./types";
import { Unsaved } from "./unsaved";

const MOST_CONFLICTS = 20;

export class Trouble {
  readonly element = h("section", { class: "qg-conflicts", hidden: true, role: "alert" });
  private message = "";
  private batches: Batch[] = [];
  private readonly unsaved: Unsaved;

  constructor(private readonly grid: QuoteGrid, person: number) {
    this.unsaved = new Unsaved(grid.source, person);
    window.addEventListener("pagehide", () => this.unsaved.keep([...this.batches, ...grid.link.unanswered()]));
    window.addEventListener("beforeunload", (event) => {
      if (grid.link.isBusy || this.batches.length) event.preventDefault();
    });
    // What was left behind in this tab, as somebody had to sign in again.
    this.batches = this.unsaved.read();
    if (this.batches.length) this.message = grid.words.say("left_unsaved", { count: grid.words.count(this.count) });
  }

  private get count(): number {
    return this.batches.reduce((sum, one) => sum + one.edits.length, 0);
  }

  get isUnsaved(): boolean {
    return this.batches.length > 0;
  }

  /** Keep edits that were refused, behind those that were refused before. */
  refused({ code, message }: Refused, batch: Batch): void {
    const { words } = this.grid;
    this.batches.push(batch);
    this.message = `${words.say("not_saved")}: ${code === "signed_out" ? words.say("signed_out") : message}`;
    this.unsaved.keep(this.batches);
    this.grid.say(this.message);
  }

  /** Say what stays until something else is said; what waits to be saved stays anyway. */
  warn(text: string): void {
    this.message = text;
    this.draw();
  }

  /** Which of what was done the server did not take, and what it expected. */
  tell(refused: Refusal[]): void {
    const { words, model } = this.grid;
    const told = refused.slice(0, 5).map((one) => {
      const line = model.line(one.key);
      const where = [line ? `${words.say("row")} ${model.lines.indexOf(line) + 1}` : "", words.say(one.field)].filter(Boolean).join(", ");
      return `${where}: “${one.given}”. ${words.say("expected", { expected: one.expected })}`;
    });
    if (refused.length > told.length) told.push(words.say("more", { count: refused.length - told.length }));
    this.grid.warn(`${words.say("bad_cells")}: ${told.join(" · ")}`);
  }

  /** Whoever goes on has read what was said; what waits to be saved stays. */
  forget(): void {
    if (!this.batches.length) this.message = "";
  }

  again(): void {
    const batches = this.batches;
    this.clear();
    this.grid.model.show(batches.flatMap((one) => one.edits));
    this.grid.link.again(batches);
    this.grid.redraw();
    this.grid.focus();
  }

  private clear(): void {
    this.message = "";
    this.batches = [];
    this.unsaved.keep([]);
  }

  draw(): void {
    const { words, model } = this.grid;
    const failure = this.failure();
    const items = [...model.conflicts].slice(0, MOST_CONFLICTS).map(([id, one]) => this.conflict(id, one));
    const more = model.conflicts.size - items.length;
    const all = items.length > 1 ? h("li", {}, more > 0 ? words.say("more", { count: more }) : "", this.button("keep_all", () => this.settleAll(false)), this.button("take_all", () => this.settleAll(true))) : null;
    this.element.hidden = items.length === 0 && !failure;
    put(this.element, failure, items.length ? h("strong", {}, words.say("conflicts")) : null, items.length ? h("ul", {}, ...items, all) : null);
  }

  private button(word: string, act: () => void): HTMLButtonElement {
    return h("button", { type: "button", class: "btn", click: act }, this.grid.words.say(word));
  }

  private failure(): HTMLElement | null {
    if (!this.message) return null;
    const done = () => {
      this.clear();
      this.grid.redraw();
      this.grid.focus();
    };
    const again = this.batches.length ? this.button("again", () => this.again()) : null;
    return h("p", { class: "qg-failed" }, h("span", {}, this.message), again, this.button(again ? "discard" : "close", done));
  }

  private conflict(id: string, one: Conflict): HTMLElement {
    const { words, model } = this.grid;
    const line = model.line(one.key);
    const found = one.found === null ? words.say("line_gone") : words.shown(one.field, one.found) || "–";
    const text = words.say("conflict", { line: line?.name ?? "", field: words.say(one.field), wanted: words.shown(one.field, one.wanted) || "–", found });
    const by = one.by ? ` (${words.say("conflict_by", { by: one.by })})` : "";
    const mine = one.found !== null && line ? this.button("take_mine", () => this.settle(id, one)) : null;
    return h("li", {}, text + by, this.button("keep_theirs", () => this.settle(id)), mine);
  }

  private settleAll(isMine: boolean): void {
    const { model } = this.grid;
    const all = [...model.conflicts.values()];
    model.conflicts.clear();
    if (isMine) {
      this.grid.run(
        all.flatMap((one) => {
          const line = model.line(one.key);
          return (line && one.found !== null && model.set(line, one.field as Field, one.wanted)) || [];
        }),
      );
    }
    this.grid.redraw();
    this.grid.focus();
  }

  private settle(id: string, mine?: Conflict): void {
    this.grid.model.conflicts.delete(id);
    const line = mine && this.grid.model.line(mine.key);
    if (line && mine) this.grid.set(line, mine.field as Field, mine.wanted);
    this.grid.redraw();
    this.grid.focus();
  }
}
