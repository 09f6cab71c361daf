// Numbers as they are shown and typed in the reader's language; on the wire they are plain text.
import type { Texts, Whole } from "./types";

export class Words {
  private readonly number: Intl.NumberFormat;
  private readonly whole: Intl.NumberFormat;
  private readonly share: Intl.NumberFormat;

  constructor(readonly texts: Texts, readonly mark: string, language: string, private readonly currency: string, private readonly exponent: number) {
    const point = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
    this.number = new Intl.NumberFormat(language, point);
    this.whole = new Intl.NumberFormat(language);
    this.share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  }

  static of(whole: Whole): Words {
    return new Words(whole.texts, whole.decimal_mark, whole.language, whole.currency, whole.exponent);
  }

  say(name: string, facts: Record<string, string | number> = {}): string {
    return (this.texts[name] ?? name).replace(/\{(\w+)\}/g, (_all, fact: string) => String(facts[fact] ?? ""));
  }

  amount(minor: number): string {
    return this.number.format(minor / 10 ** this.exponent);
  }

  total(minor: number): string {
    return `${this.amount(minor)} ${this.currency}`;
  }

  price(plain: string): string {
    const [whole = "0", decimals = ""] = plain.split(".");
    const shown = decimals.padEnd(this.exponent, "0");
    const grouped = this.whole.format(BigInt(whole));
    return shown ? `${grouped}${this.mark}${shown}` : grouped;
  }

  /** Basis points with their sign as the language writes it: "5%", "5 %". */
  percent(bps: number): string {
    return this.share.format(bps / 10_000);
  }

  shown(field: string, value: string): string {
    if (field === "quantity") return value.replace(".", this.mark);
    if (field === "discount_bps") return value === "0" ? "" : percent(Number(value)).replace(".", this.mark);
    if (field === "kind") return this.say(value);
    return value;
  }

  /** What was typed in its plain form, or null where it cannot be read. */
  read(field: string, typed: string): string | null {
    const text = typed.trim();
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
    if (field === "kind") return ["fixed", "option", "chosen"].find((kind) => kind === text || this.say(kind).toLowerCase() === text.toLowerCase()) ?? null;
    return text;
  }

  private plain(text: string, scale: number): string | null {
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

export function percent(bps: number): string {
  return (bps / 100).toFixed(2).replace(/\.?0+$/, "");
}
