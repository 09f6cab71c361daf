// The sheet in memory: lines, groups, what is folded, and the edits that undo edits.
import { type Answer, type Conflict, type Edit, type Field, type Group, type Line, lineOf, type News, type Sums, type Whole } from "./types";

export type Item = { type: "line"; line: Line; position: number; depth: number } | { type: "group"; group: Group; depth: number };
interface Step {
  edits: Edit[];
  inverse: Edit[];
}

export interface Fresh {
  by: string;
  was: string | null; // null where the line is new
}

const MOST_MARKS = 1000;
const MARKED: Field[] = ["quantity", "discount_bps", "name", "description", "kind", "alternative_set", "paid", "term", "hand"];
const LONGEST_HISTORY = 200;
const NO_SUMS: Sums = { charges: [], fees: [], net: 0, contract: 0, annual: null, margin: null, margin_bps: null };

export class Model {
  lines: Line[] = [];
  groups: Group[] = [];
  sums: Sums = NO_SUMS;
  items: Item[] = [];
  readonly folded = new Set<string>();
  readonly conflicts = new Map<string, Conflict>();
  /** Who else is at which line, and what others changed lately: by line and field, as it was. */
  here = new Map<string, string[]>();
  readonly fresh = new Map<string, Fresh>();
  private readonly born = new Map<string, Record<string, string>>();
  private byKey = new Map<string, Line>();
  private readonly refs = new Map<string, string>();
  private done: Step[] = [];
  private undone: Step[] = [];
  private nextRef = 1;

  load(whole: Pick<Whole, "rows" | "groups" | "sums">): void {
    this.lines = whole.rows.map(lineOf);
    this.groups = whole.groups;
    this.sums = whole.sums;
    this.rebuild();
  }

  line(key: string): Line | undefined {
    return this.byKey.get(key);
  }

  group(key: string): Group | undefined {
    return this.groups.find((group) => group.key === key);
  }

  rebuild(): void {
    this.byKey = new Map(this.lines.map((line) => [line.key, line]));
    const inside = new Map<string, Line[]>([["", []]]);
    for (const group of this.groups) inside.set(group.key, []);
    for (const line of this.lines) (inside.get(line.group_key) ?? inside.get("")!).push(line);
    const items: Item[] = [];
    let position = 0;
    const add = (lines: Line[], depth: number, isShown: boolean) => {
      for (const line of lines) {
        position += 1;
        if (isShown) items.push({ type: "line", line, position, depth });
      }
    };
    add(inside.get("")!, 0, true);
    let hiddenBelow = Infinity;
    for (const group of this.groups) {
      if (group.depth <= hiddenBelow) hiddenBelow = Infinity;
      const isShown = hiddenBelow === Infinity;
      if (isShown) items.push({ type: "group", group, depth: group.depth });
      if (isShown && this.folded.has(group.key)) hiddenBelow = group.depth;
      add(inside.get(group.key)!, group.depth + 1, hiddenBelow === Infinity);
    }
    this.items = items;
  }

  /** Take over what the server answered. */
  merge(answer: Answer, edits: Edit[]): void {
    for (const [ref, key] of Object.entries(answer.added)) this.refs.set(ref, key);
    this.take(answer);
    for (const [ref, key] of Object.entries(answer.added)) {
      const line = this.byKey.get(key);
      if (line) this.born.set(ref, { quantity: line.quantity, discount_bps: line.discount_bps, name: line.name, term: line.term, hand: line.hand });
    }
    for (const edit of edits) {
      const line = this.byKey.get(String(edit.line_key ?? ""));
      if (line) line.pending = false;
    }
    for (const conflict of answer.conflicts) {
      this.conflicts.set(`${conflict.key} ${conflict.field}`, conflict);
      const line = this.byKey.get(conflict.key);
      if (line && conflict.found !== null && conflict.field in line) (line as unknown as Record<string, string>)[conflict.field] = conflict.found;
    }
    for (const refusal of answer.refused) {
      const edit = edits[refusal.index];
      const line = this.byKey.get(refusal.key);
      if (edit?.kind === "set" && line) (line as unknown as Record<string, unknown>)[String(edit.field)] = edit.was;
    }
  }

  /** Take over rows, order, groups and sums; mark what others changed of what stood here. */
  take(news: News): void {
    const others = news.others ?? [];
    const by = new Map(others.flatMap((one) => one.keys.map((key) => [key, one.by])));
    const before = news.is_whole ? this.byKey : null;
    this.groups = news.groups;
    this.sums = news.sums;
    if (news.is_whole) this.load(news);
    else {
      for (const row of news.rows) {
        const fresh = lineOf(row);
        const known = this.byKey.get(fresh.key);
        const name = by.get(fresh.key);
        if (name !== undefined) this.compare(known, fresh, name);
        if (known) Object.assign(known, fresh, { pending: false });
        else this.byKey.set(fresh.key, fresh);
      }
      if (news.order) this.lines = news.order.flatMap((key) => this.byKey.get(key) ?? []);
      this.rebuild();
    }
    if (before && news.others) for (const line of this.lines) this.compare(before.get(line.key), line, "");
  }

  private compare(known: Line | undefined, fresh: Line, by: string): void {
    if (this.fresh.size >= MOST_MARKS) return;
    if (!known) this.fresh.set(`${fresh.key} name`, { by, was: null });
    else for (const field of MARKED) if (known[field] !== fresh[field]) this.fresh.set(`${fresh.key} ${field}`, { by, was: known[field] });
  }

  set(line: Line, field: Field, now: string): Edit | null {
    const was = line[field];
    if (was === now) return null;
    return { kind: "set", line_key: line.key, field, was, now };
  }

  /** Show edits of fields at once, before the server has answered. */
  show(edits: Edit[]): void {
    for (const edit of edits) {
      if (edit.kind !== "set") continue;
      const line = this.byKey.get(String(edit.line_key));
      if (!line) continue;
      (line as unknown as Record<string, unknown>)[String(edit.field)] = edit.now;
      line.pending = true;
      this.conflicts.delete(`${line.key} ${String(edit.field)}`);
    }
  }

  ref(): string {
    this.nextRef += 1;
    return `${Date.now().toString(36)}-${this.nextRef}`;
  }

  record(edits: Edit[]): void {
    this.done.push({ edits, inverse: edits.map((edit) => this.inverse(edit)).flat().reverse() });
    if (this.done.length > LONGEST_HISTORY) this.done.shift();
    this.undone = [];
  }

  undo(): Edit[] | null {
    const step = this.done.pop();
    if (!step) return null;
    this.undone.push(step);
    return step.inverse.map((edit) => this.known(edit));
  }

  redo(): Edit[] | null {
    const step = this.undone.pop();
    if (!step) return null;
    this.done.push(step);
    return step.edits.map((edit) => this.known(edit));
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  after(key: string): string {
    const line = this.byKey.get(key);
    const same = this.lines.filter((other) => other.group_key === line?.group_key);
    return same[same.findIndex((other) => other.key === key) + 1]?.key ?? "";
  }

  // A line that was added is known by its reference until the server has named it.
  known(edit: Edit): Edit {
    const ref = String(edit.ref ?? "");
    const key = this.refs.get(ref);
    if (!key) return edit;
    // A line that somebody worked on since it was added is not taken out unseen.
    return edit.kind === "remove" ? { ...edit, line_key: key, was: this.born.get(ref) ?? {} } : { ...edit, line_key: key };
  }

  private inverse(edit: Edit): Edit[] {
    const key = String(edit.line_key ?? "");
    const line = this.byKey.get(key);
    switch (edit.kind) {
      case "set":
        return [{ ...edit, was: edit.now, now: edit.was }];
      case "add":
        return [{ kind: "remove", ref: edit.ref, line_key: "" }];
      case "move":
        return line ? [{ kind: "move", line_key: key, group_key: line.group_key, before_key: this.after(key) }] : [];
      case "remove":
        return line ? [this.again(line)] : [];
      default:
        return this.inverseOfGroup(edit);
    }
  }

  private again(line: Line): Edit {
    return {
      kind: "add",
      ref: this.ref(),
      line_key: line.key,
      product_id: line.product,
      configuration_id: line.configuration,
      quantity: line.quantity,
      discount_bps: Number(line.discount_bps),
      name: line.name,
      description: line.description,
      line_kind: line.kind,
      charge: line.charge,
      asked: line.asked,
      alternative_set: line.alternative_set,
      group_key: line.group_key,
      before_key: this.after(line.key),
    };
  }

  private inverseOfGroup(edit: Edit): Edit[] {
    const key = String(edit.group_key);
    const group = this.group(key);
    if (edit.kind === "group_add") return [{ kind: "group_remove", group_key: key }];
    if (edit.kind === "group_rename") return [{ ...edit, was: edit.now, now: edit.was }];
    if (!group) return [];
    const siblings = this.groups.filter((one) => one.parent === group.parent);
    const before_key = siblings[siblings.indexOf(group) + 1]?.key ?? "";
    const place = { group_key: key, parent_key: group.parent, before_key };
    if (edit.kind === "group_move") return [{ kind: "group_move", ...place }];
    const lines = this.lines.filter((line) => line.group_key === key);
    const groups = this.groups.filter((one) => one.parent === key);
    // Undone in reverse order: the group comes first, then what lay in it.
    return [
      ...lines.map((line): Edit => ({ kind: "set", line_key: line.key, field: "group_key", was: group.parent, now: key })),
      ...groups.map((one): Edit => ({ kind: "group_move", group_key: one.key, parent_key: key })),
      { kind: "group_add", title: group.title, ...place },
    ];
  }
}
