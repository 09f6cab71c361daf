// The columns of the sheet: how wide, which field of a line they are of, what they show, and what
// a text typed or pasted into them means.
import type { Field, Line } from "./types";
import type { Words } from "./words";

interface Look {
  width: string;
  least: number; // px, for what the whole sheet needs
  field?: Field; // where it can be edited
  isUsual?: boolean; // shown when nobody chose
}

// In their order on the screen; the name is always the second, the amount the last.
const LOOKS = {
  position: { width: "40px", least: 40, isUsual: true },
  name: { width: "minmax(10rem, 1fr)", least: 160, field: "name", isUsual: true },
  description: { width: "minmax(9rem, 0.6fr)", least: 144, field: "description" },
  quantity: { width: "66px", least: 66, field: "quantity", isUsual: true },
  list_price: { width: "94px", least: 94, isUsual: true },
  own_price: { width: "104px", least: 104, field: "hand" },
  discount_bps: { width: "76px", least: 76, field: "discount_bps", isUsual: true },
  target_unit: { width: "104px", least: 104, field: "hand" },
  target_line: { width: "112px", least: 112, field: "hand" },
  reason: { width: "minmax(8rem, 0.5fr)", least: 128, field: "hand" },
  term: { width: "92px", least: 92, field: "term" },
  paid: { width: "124px", least: 124, field: "paid" },
  kind: { width: "74px", least: 74, field: "kind", isUsual: true },
  alternative_set: { width: "96px", least: 96, field: "alternative_set" },
  amount: { width: "100px", least: 100, isUsual: true },
} as const satisfies Record<string, Look>;

export type Column = keyof typeof LOOKS;
export const ALL = Object.keys(LOOKS) as Column[];
const ALWAYS = new Set<Column>(["position", "name", "amount"]);
const WAYS: Partial<Record<Column, string>> = { own_price: "override", target_unit: "target_unit", target_line: "target_line" };
const KEPT = "handsel-sheet-columns";

export function fieldOf(column: Column): Field | undefined {
  return (LOOKS[column] as Look).field;
}

/** Columns a reader may show or hide. */
export function choosable(): Column[] {
  return ALL.filter((name) => !ALWAYS.has(name));
}

export function widths(columns: Column[], count: number): { template: string; least: number } {
  const position = `${[40, 48, 56, 64][Math.max(String(count).length - 2, 0)] ?? 64}px`;
  const width = (name: Column) => (name === "position" ? position : LOOKS[name].width);
  return { template: columns.map(width).join(" "), least: columns.reduce((sum, name) => sum + LOOKS[name].least, 0) };
}

/** What the reader chose last time; else the usual ones, and those in which a line says something. */
export function chosen(lines: Line[]): Column[] {
  const kept = read();
  if (kept) return ALL.filter((name) => ALWAYS.has(name) || kept.includes(name));
  const said = new Set<Column>();
  for (const line of lines) {
    if (line.term) said.add("term");
    const way = ALL.find((name) => WAYS[name] && WAYS[name] === wayOf(line.hand));
    if (way) said.add(way);
  }
  return ALL.filter((name) => (LOOKS[name] as Look).isUsual || said.has(name));
}

export function keep(columns: Column[] | null): void {
  try {
    if (columns) localStorage.setItem(KEPT, JSON.stringify(columns));
    else localStorage.removeItem(KEPT);
  } catch {
    // a browser that keeps nothing shows the usual ones next time
  }
}

function read(): string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    return Array.isArray(kept) ? kept.map(String) : null;
  } catch {
    return null;
  }
}

export function wayOf(hand: string): string {
  return hand.slice(0, Math.max(hand.indexOf(" "), 0));
}

/** Way, amount and reason of a price by hand. */
export function handParts(hand: string): [string, string, string] {
  const [way = "", amount = "", ...reason] = hand.split(" ");
  return [way, amount, reason.join(" ")];
}

export function lacksReason(hand: string): boolean {
  return hand !== "" && !handParts(hand)[2];
}

/** A cell as it is shown, copied and edited. */
export function shownIn(words: Words, column: Column, line: Line): string {
  if (column in WAYS) return wayOf(line.hand) === WAYS[column] ? words.price(handParts(line.hand)[1]) : "";
  if (column === "reason") return handParts(line.hand)[2];
  if (column === "position") return line.sku;
  if (column === "amount") return words.amount(line.net);
  if (column === "list_price") return words.price(line.list_price);
  return words.shown(column, line[column as Field]);
}

/** What a text in a cell makes of its field, whose value is `current`; null where it is unreadable. */
export function wantedOf(words: Words, column: Column, typed: string, current: string): string | null {
  const text = typed.trim();
  const [way, amount, reason] = handParts(current);
  if (column === "reason") {
    if (!way) return text ? null : current;
    const tidy = text.replace(/\s+/g, " ");
    return tidy && tidy.length <= 300 ? `${way} ${amount} ${tidy}` : null;
  }
  const mine = WAYS[column];
  if (mine) {
    if (!text) return way === mine ? "" : current;
    const plain = words.plain(text, 6);
    return plain === null ? null : `${mine} ${plain} ${reason}`.trim();
  }
  if (column === "term") return words.terms.read(text, current);
  return words.read(column, typed);
}
