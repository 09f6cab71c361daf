// What the server says about a configuration. Numbers travel as text in their real unit.
export interface ValueOfVariable {
  value: string;
  title: string;
}

export interface Variable {
  key: string;
  title: string;
  help: string;
  group: string;
  kind: "enumeration" | "boolean" | "integer" | "decimal";
  unit: string;
  is_question: boolean;
  values: ValueOfVariable[];
}

export interface Group {
  key: string;
  title: string;
  parent: string;
}

// One character a value: 0 can be had, 1 is so, 2 cannot be had.
export interface Answer {
  states: string;
  value: number | null;
  origin: "you" | "default" | "implied" | "";
  bounds: string;
}

export interface Reason {
  kind: "choice" | "law";
  key: string;
  text: string;
}

export interface GiveUp {
  variable: string;
  text: string;
}

export interface Repair {
  give_up: GiveUp[];
  price_change: string;
}

export interface Why {
  title: string;
  possible: boolean;
  reasons: Reason[];
  // Whether it is known that no fewer reasons are enough.
  is_fewest?: boolean;
  repairs: Repair[];
}

export interface PriceRow {
  label: string;
  shown: string;
}

export interface Price {
  title: string;
  shown: string;
  list: string;
  note: string;
  rows: PriceRow[];
}

export interface Fact {
  label: string;
  value: string;
}

// Sent after every decision: only what changed of the answers, all of the rest.
export interface Delta {
  lock: number;
  answers: Record<string, Answer>;
  remaining: number;
  removed: number;
  facts: Fact[];
  price: Price | null;
  lead_time: string;
  // Variables of parts that nobody asked for so far.
  hidden: string[];
  can_undo: boolean;
  is_complete: boolean;
  // What there is to say of the command: whether a completion is proved the least.
  note?: string;
}

// Counted when nobody decides any more; busy means to ask again a little later.
export interface Variants {
  text: string;
  is_busy: boolean;
}

export interface State extends Delta {
  title: string;
  is_open: boolean;
  may_decide: boolean;
  groups: Group[];
  variables: Variable[];
  texts: Record<string, string>;
  finish_label: string;
}

export interface Alternative {
  title: string;
  price: string;
  facts: Fact[];
  differences: Record<string, string>;
  choices: Record<string, string>;
}

export interface Problem {
  code: string;
  detail: string;
  why?: Why;
}
