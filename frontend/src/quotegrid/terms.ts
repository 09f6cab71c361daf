// A line's first and last day as they are shown and typed. A date that could be two days is none.
export class Terms {
  private readonly day: Intl.DateTimeFormat;
  private readonly months: string[][];

  constructor(language: string, isPointed: boolean) {
    const shown: Intl.DateTimeFormatOptions = isPointed ? { day: "2-digit", month: "2-digit", year: "numeric" } : { day: "numeric", month: "short", year: "numeric" };
    this.day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...shown, timeZone: "UTC" });
    this.months = [language, "en-GB"].map((one) => Array.from({ length: 12 }, (_all, month) => new Intl.DateTimeFormat(one, { month: "short", timeZone: "UTC" }).format(Date.UTC(2026, month, 1)).slice(0, 3).toLowerCase()));
  }

  shown(value: string): string {
    const [start, end] = value.split("/");
    return start && end ? `${this.one(start)} – ${this.one(end)}` : "";
  }

  /** "1 Apr 2026 – 31 Mar 2029", a first day and months behind it, or months from where it begins. */
  read(typed: string, current: string): string | null {
    const text = typed.trim();
    if (!text) return "";
    const [start = "", , ...more] = current.split("/");
    const tail = more.length ? `/${more.join("/")}` : "";
    const count = /^(.*?)[\s,;+]*\b(\d{1,4})\s*(?:m|months?|monate?|mon\.?)?$/i.exec(text);
    const from = count?.[1] === "" ? start : count ? this.date(count[1]!) : null;
    if (count && from) return Number(count[2]) ? term(from, Number(count[2]), tail) : null;
    const both = this.both(text);
    if (both) return both[1] < both[0] ? null : `${both[0]}/${both[1]}${tail}`;
    const only = this.date(text);
    return only ? term(only, lengthOf(current) || 12, tail) : null;
  }

  private both(text: string): [string, string] | null {
    for (const mark of [/\s*[–—]\s*/, /\s+-\s+/, /\s*\t\s*/, /\s+(?:to|bis|until)\s+/i, /\s*\/\s*(?=\d{4}-)/]) {
      const parts = text.split(mark);
      const [start, end] = parts.length === 2 ? parts.map((one) => this.date(one)) : [];
      if (start && end) return [start, end];
    }
    return null;
  }

  private one(iso: string): string {
    return this.day.format(new Date(`${iso}T00:00:00Z`));
  }

  private date(typed: string): string | null {
    const text = typed.trim().replace(/[,.]$/, "");
    const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (iso) return real(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    const pointed = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(text);
    if (pointed) return real(Number(pointed[3]), Number(pointed[2]), Number(pointed[1]));
    const named = /^(\d{1,2})\.?\s+(\p{L}{3})\p{L}*\.?\s+(\d{4})$/u.exec(text);
    if (named) {
      const month = Math.max(...this.months.map((names) => names.indexOf(named[2]!.toLowerCase())));
      return month < 0 ? null : real(Number(named[3]), month + 1, Number(named[1]));
    }
    const stroked = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
    if (!stroked) return null;
    const [a, b, year] = stroked.slice(1).map(Number) as [number, number, number];
    if (a > 12 || a === b) return real(year, b, a);
    return b > 12 ? real(year, a, b) : null; // 4/5/2026 is two days: nobody is guessed for
  }
}

function real(year: number, month: number, day: number): string | null {
  const found = new Date(Date.UTC(year, month - 1, day));
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === day ? found.toISOString().slice(0, 10) : null;
}

function term(start: string, months: number, tail: string): string | null {
  const [year, month, day] = start.split("-").map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  const until = new Date(Date.UTC(year, month - 1 + months, Math.min(day, last)));
  until.setUTCDate(until.getUTCDate() - 1);
  const end = until.toISOString().slice(0, 10);
  return /^\d{4}-/.test(end) ? `${start}/${end}${tail}` : null;
}

/** Whole months of a term; 0 where days are left over. */
export function lengthOf(value: string): number {
  const [start, end] = value.split("/");
  if (!start || !end) return 0;
  const [a, b] = [new Date(`${start}T00:00:00Z`), new Date(`${end}T00:00:00Z`)];
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth() + (b.getUTCDate() < a.getUTCDate() ? 0 : 1);
  return [months, months - 1].find((count) => count > 0 && term(start, count, "") === `${start}/${end}`) ?? 0;
}
