// What the sheet of a quote is told and tells; amounts in minor units.
export type Texts = Record<string, string>;
export type Field = "quantity" | "discount_bps" | "name" | "description" | "kind" | "alternative_set" | "group_key" | "paid" | "term" | "hand";
export type Edit = { kind: string; [field: string]: unknown };

export interface Line {
  key: string;
  sku: string;
  name: string;
  description: string;
  quantity: string;
  unit: string;
  list_price: string;
  discount_bps: string;
  kind: string;
  alternative_set: string;
  group_key: string;
  list: number;
  net: number;
  charge: string;
  product: number;
  configuration: number;
  note: string;
  asked: Record<string, unknown>;
  paid: string; // one_time, usage, recurring/3
  term: string; // 2026-04-01/2029-03-31
  hand: string; // override 120 why
  pending?: boolean;
}

export type WireRow = [string, string, string, string, string, string, string, number, string, string, string, number, number, string, number, number, string, Record<string, unknown>, string, string, string];

export interface Group {
  key: string;
  title: string;
  parent: string;
  depth: number;
  sums: Record<string, number>;
}

export interface ChargeSum {
  charge: string;
  months: number;
  list: number;
  net: number;
  contract: number;
}

export interface Sums {
  charges: ChargeSum[];
  fees: { key: string; name: string; net: number; waived: string; worth: number }[];
  net: number;
  contract: number;
  annual: number | null;
  margin: number | null;
  margin_bps: number | null;
}

export interface Around {
  lock: number;
  groups: Group[];
  sums: Sums;
  net: number;
  gross: number;
}

export interface Whole extends Around {
  version: number;
  person: number;
  is_draft: boolean;
  may_edit: boolean;
  currency: string;
  exponent: number;
  decimal_mark: string;
  language: string;
  texts: Texts;
  why: string;
  fees: string;
  rows: WireRow[];
}

export interface Conflict {
  index: number;
  key: string;
  field: string;
  was: string;
  wanted: string;
  found: string | null;
  by: string;
}

export interface Refusal {
  index: number;
  key: string;
  field: string;
  given: string;
  expected: string;
}

/** What somebody did for one state of the sheet: the lines he edited, the first of them by key. */
export interface Told {
  by: string;
  count: number;
  keys: string[];
}

/** The sheet as it is now: all of it, or the rows that are another than they were. */
export interface News extends Around {
  is_whole: boolean;
  rows: WireRow[];
  order?: string[] | null;
  others?: Told[];
}

export interface Answer extends News {
  applied: number[];
  conflicts: Conflict[];
  refused: Refusal[];
  added: Record<string, string>;
}

/** Somebody else in the quote, and the line he is at. */
export interface Person {
  name: string;
  line: string;
}

export interface Followed {
  person: number;
  version: number;
  is_draft: boolean;
  here: Person[];
  lock: number;
  news?: News;
}

export interface Seen {
  refused: Refusal[];
  conflicts: Conflict[];
  lock: number;
  net_before: number;
  net_after: number;
  changed: number;
  changes: { name: string; before: number | null; after: number }[];
}

export interface PastedRow {
  number: number;
  product_id: number;
  sku: string;
  name: string;
  quantity: string;
  discount_bps: number;
  other_name: string;
  asked: Record<string, unknown>;
  lacks_reason: boolean;
  note: string;
  net: number | null;
}

export interface Pasted {
  found: PastedRow[];
  bad: { number: number; column: string; given: string; expected: string }[];
  net_before: number;
  net_after: number;
}

export function lineOf(row: WireRow): Line {
  const [key, sku, name, description, quantity, unit, list_price, discount, kind, set, group, list, net, charge, product, configuration, note, asked, paid, term, hand] = row;
  return { key, sku, name, description, quantity, unit, list_price, discount_bps: String(discount), kind, alternative_set: set, group_key: group, list, net, charge, product, configuration, note, asked, paid, term, hand };
}
