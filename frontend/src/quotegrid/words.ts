// Numbers as they are shown and typed in the reader's language; on the wire they are plain text.
import { handParts } from "./columns";
import { Terms } from "./terms";
import type { Texts, Whole } from "./types";

export const PAID = ["one_time", "recurring/1", "recurring/3", "recurring/6", "recurring/12", "usage"];
export const KINDS = ["fixed", "option", "chosen"];

export class Words {
  private readonly number: Intl.NumberFormat;
  private readonly whole: Intl.NumberFormat;
  private readonly share: Intl.NumberFormat;
  readonly terms: Terms;

  constructor(readonly texts: Texts, readonly mark: string, language: string, private readonly currency: string, private readonly exponent: number) {
    const point = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
    this.number = new Intl.NumberFormat(language, point);
    this.whole = new Intl.NumberFormat(language);
    this.share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
    this.terms = new Terms(language, mark === ",");
  }

  static of(whole: Whole): Words {
    return new Words(whole.texts, whole.decimal_mark, whole.language, whole.currency, whole.exponent);
  }

  say(name: string, facts: Record<string, string | number> = {}): string {
    return (this.texts[name] ?? name).replace(/\{(\w+)\}/g, (_all, fact: string) => String(facts[fact] ?? ""));
  }

  count(number: number): string {
    return this.whole.format(number);
  }

  amount(minor: number): string {
    return this.number.format(minor / 10 ** this.exponent);
  }

  total(minor: number): string {
    return `${this.amount(minor)} ${this.currency}`;
  }

  price(plain: string): string {
    const [digits = "0", decimals = ""] = plain.split(".");
    const [sign, whole] = digits.startsWith("-") ? ["−", digits.slice(1)] : ["", digits];
    const shown = decimals.padEnd(this.exponent, "0");
    const grouped = this.whole.format(BigInt(whole));
    return shown ? `${sign}${grouped}${this.mark}${shown}` : `${sign}${grouped}`;
  }

  /** Basis points with their sign as the language writes it: "5%", "5 %". */
  percent(bps: number): string {
    return this.share.format(bps / 10_000);
  }

  shown(field: string, value: string): string {
    if (field === "quantity") return value.replace(".", this.mark);
    if (field === "discount_bps") return value === "0" ? "" : percent(Number(value)).replace(".", this.mark);
    if (field === "kind") return this.say(value);
    if (field === "paid") return this.paid(value);
    if (field === "term") return this.terms.shown(value);
    if (field === "hand") return value ? this.hand(value) : "";
    return value;
  }

  /** How a line is paid; nothing where it is once, as most are. */
  paid(value: string): string {
    if (value === "one_time") return "";
    const [kind = "", months = ""] = value.split("/");
    const named: Record<string, string> = { "1": "recurring_month", "12": "recurring_year" };
    return kind === "usage" ? this.say("usage") : this.say(named[months] ?? "recurring", { months });
  }

  private hand(value: string): string {
    const [way, amount, reason] = handParts(value);
    return `${this.say(way)} ${this.price(amount)}${reason ? ` (${reason})` : ""}`;
  }

  /** What was typed in its plain form, or null where it cannot be read. */
  read(field: string, typed: string): string | null {
    const text = seen(typed);
    if (field === "discount_bps") {
      const plain = this.plain(text.replace(/\s*%$/, ""), 2);
      if (text === "") return "0";
      const bps = plain === null ? NaN : Math.round(Number(plain) * 100);
      return bps >= 0 && bps <= 10_000 ? String(bps) : null;
    }
    if (field === "quantity") {
      const plain = this.plain(text, 6);
      return plain !== null && Number(plain) > 0 ? plain : null;
    }
    if (field === "name") return text && text.length <= 200 ? text : null;
    if (field === "kind") return this.named(KINDS, text, (kind) => this.say(kind));
    if (field === "paid") return this.named(PAID, text || "one_time", (paid) => this.paid(paid) || this.say("one_time"));
    if (field === "alternative_set") return text.length <= 40 ? text : null;
    return text;
  }

  /** One of several by its name, or by how its name begins. */
  private named(values: string[], text: string, name: (value: string) => string): string | null {
    const typed = text.toLowerCase();
    if (!typed) return null;
    const isSame = (one: string) => one === text || name(one).toLowerCase() === typed;
    return values.find(isSame) ?? values.find((one) => name(one).toLowerCase().startsWith(typed)) ?? null;
  }

  /** "1.234" where a comma stands before decimals: a thousand, or one and a bit? Nobody guesses. */
  isAmbiguous(text: string): boolean {
    const other = this.mark === "," ? "." : ",";
    return !text.includes(this.mark) && text.split(other).length === 2;
  }

  plain(typed: string, scale: number): string | null {
    const text = seen(typed).replace(/(\d)[  '’\u00a0\u2009\u202f](?=\d{3}(\D|$))/g, "$1");
    if (this.isAmbiguous(text)) return null;
    const grouped = this.mark === "," ? /^\d{1,3}(\.\d{3})+(,\d+)?$/ : /^\d{1,3}(,\d{3})+(\.\d+)?$/;
    const bare = grouped.test(text) ? text.replaceAll(this.mark === "," ? "." : ",", "") : text;
    const plain = bare.replace(this.mark, ".");
    if (!/^\d{1,12}(\.\d+)?$/.test(plain)) return null;
    const [whole = "0", decimals = ""] = plain.split(".");
    const short = decimals.replace(/0+$/, "");
    if (short.length > scale) return null;
    const digits = whole.replace(/^0+(?=\d)/, "");
    return short ? `${digits}.${short}` : digits;
  }
}

/** A text without what nobody sees: marks of direction, of width nothing, of order. */
export function seen(text: string): string {
  return text.replace(/[\u0000\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, "").trim();
}

export function percent(bps: number): string {
  return (bps / 100).toFixed(2).replace(/\.?0+$/, "");
}
