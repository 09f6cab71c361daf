// What a gesture does to cells, as edits of fields: typed texts, or another line's cells.
import { type Column, fieldOf, handParts, lacksReason, shownIn, wantedOf } from "./columns";
import type { Field, Line } from "./types";
import type { Words } from "./words";

export interface Cell {
  line: Line;
  column: Column;
  typed?: string;
  like?: Line; // the line whose cell is wanted
}

export interface Change {
  line: Line;
  field: Field;
  value: string;
}

/** What is expected of a cell, where what is typed into it is none of that. */
export function unreadable(words: Words, { line, column, typed = "" }: Cell): string {
  const field = fieldOf(column);
  if (!field || wantedOf(words, column, typed, line[field]) !== null) return "";
  const expected: Partial<Record<Column, string>> = {
    quantity: "expected_quantity",
    discount_bps: "expected_percent",
    term: "expected_term",
    own_price: "expected_amount",
    target_unit: "expected_amount",
    target_line: "expected_amount",
    reason: line.hand ? "expected_reason" : "expected_price_first",
  };
  const isNumber = column === "quantity" || column === "discount_bps" || column in { own_price: 1, target_unit: 1, target_line: 1 };
  if (isNumber && words.isAmbiguous(typed.trim())) return words.say("expected_unambiguous", { mark: words.mark });
  if (column === "kind") return ["fixed", "option", "chosen"].map((kind) => words.say(kind)).join(" / ");
  if (column === "paid") return ["one_time", "recurring_month", "recurring_year", "usage"].map((name) => words.say(name)).join(" / ");
  return words.say(expected[column] ?? "expected_text");
}

/** The fields that cells change, each once: two columns can be of one field. */
export function changes(words: Words, cells: Cell[]): Change[] {
  const found = new Map<string, Change>();
  for (const { line, column, typed, like } of cells) {
    const field = fieldOf(column);
    if (!field) continue;
    const key = `${line.key} ${field}`;
    const current = found.get(key)?.value ?? line[field];
    const value = like ? likeThat(words, column, field, current, like) : wantedOf(words, column, typed ?? "", current);
    if (value !== null) found.set(key, { line, field, value });
  }
  return [...found.values()].filter(({ line, field, value }) => line[field] !== value);
}

function likeThat(words: Words, column: Column, field: Field, current: string, like: Line): string | null {
  // For how many months the list price is, is each product's own.
  if (field === "term") return like.term.replace(/^(\d{4}-\d\d-\d\d\/\d{4}-\d\d-\d\d)(\/.*)?\/\d+$/, "$1$2").replace(/\/$/, "");
  if (field !== "hand") return like[field];
  const isSaid = shownIn(words, column, like) !== "";
  if (column === "reason" || !isSaid) return wantedOf(words, column, shownIn(words, column, like), current);
  return like.hand;
}

/** The changes that set a price by hand without saying why. */
export function unexplained(found: Change[]): Change[] {
  return found.filter(({ field, value }) => field === "hand" && lacksReason(value));
}

export function explained(found: Change[], reason: string): Change[] {
  const why = reason.replace(/\s+/g, " ").trim().slice(0, 300);
  return found.map((one) => {
    if (one.field !== "hand" || !lacksReason(one.value)) return one;
    const [way, amount] = handParts(one.value);
    return { ...one, value: `${way} ${amount} ${why}` };
  });
}
