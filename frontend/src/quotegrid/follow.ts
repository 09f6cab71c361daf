// Two people in one sheet: asks now and then who else is here and what is new. Often while
// something happens or somebody else is here, seldom when not, never in a tab nobody looks at.
import { h, put } from "../configurator/dom";
import type { QuoteGrid } from "../quotegrid";
import { Refused } from "./link";
import type { Person, Told } from "./types";

const FIRST_MS = 1200;
const SOON_MS = 2500;
const LONGEST_MS = { alone: 20_000, together: 8000, lost: 60_000 };
const SLOWER = 1.35;
const MARKED_MS = 20_000;

export class Follow {
  readonly element = h("span", { class: "qg-here", role: "group", hidden: true });
  private timer = 0;
  private fading = 0;
  private wait = SOON_MS;
  private isNew = true;
  private isAsking = false;
  private isOver = false;
  private isSignedOut = false;
  private wasSignedOut = false;
  private here: Person[] = [];

  constructor(private readonly grid: QuoteGrid) {
    this.element.setAttribute("aria-label", grid.words.say("also_here"));
    const { frame } = grid.view;
    for (const act of ["pointerdown", "keydown"]) frame.addEventListener(act, () => this.hurry(), { passive: true });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.now()));
    window.addEventListener("focus", () => this.now());
    window.addEventListener("pagehide", () => this.rest());
    window.addEventListener("pageshow", () => this.again(FIRST_MS));
    this.again(FIRST_MS);
  }

  private again(wait: number): void {
    window.clearTimeout(this.timer);
    if (!this.isOver && !this.isSignedOut && !document.hidden) this.timer = window.setTimeout(() => void this.ask(), wait);
  }

  // Who does something wants to know soon what others do.
  private hurry(): void {
    if (this.wait <= SOON_MS) return;
    this.wait = SOON_MS;
    this.again(this.wait);
  }

  // Who comes back may have signed in meanwhile, in another tab.
  private now(): void {
    this.wait = SOON_MS;
    this.isSignedOut = false;
    this.again(0);
  }

  /** Ask no more until somebody comes back. */
  pause(): void {
    this.isSignedOut = this.wasSignedOut = true;
    this.meet([]);
  }

  private rest(): void {
    window.clearTimeout(this.timer);
    if (!this.isOver && !this.isNew) this.grid.link.leave();
    this.isNew = true;
  }

  private async ask(): Promise<void> {
    if (this.isAsking) return;
    const { grid } = this;
    const { item } = grid.view;
    this.isAsking = true;
    let longest = LONGEST_MS.lost;
    try {
      const told = await grid.link.since(item?.type === "line" ? item.line.key : "", this.isNew);
      this.isNew = false;
      if (told.person !== grid.link.person) return this.end("other_person");
      if (grid.trouble.isUnsaved && this.wasSignedOut) grid.trouble.again();
      this.wasSignedOut = false;
      if (!told.is_draft || told.version !== grid.link.version) this.end("not_draft");
      else if (told.news && told.news.lock > grid.link.lock) {
        // What was sent meanwhile is answered with what others did; so is the next question.
        if (!grid.link.isBusy) grid.follow(told.news);
        this.wait = SOON_MS;
      }
      this.meet(told.here);
      longest = told.here.length ? LONGEST_MS.together : LONGEST_MS.alone;
    } catch (error) {
      if (error instanceof Refused && error.code === "signed_out") {
        if (!grid.trouble.isUnsaved) grid.warn(grid.words.say("signed_out_early"));
        this.pause();
      }
    } finally {
      this.isAsking = false;
    }
    this.again(this.wait);
    this.wait = Math.min(this.wait * SLOWER, longest);
  }

  private end(word: string): void {
    this.isOver = true;
    this.meet([]);
    this.grid.warn(this.grid.words.say(word));
  }

  private meet(here: Person[]): void {
    if (JSON.stringify(here) === JSON.stringify(this.here)) return;
    if (here.length > this.here.length) this.wait = SOON_MS;
    this.here = here;
    const { grid } = this;
    const at = new Map<string, string[]>();
    for (const { name, line } of here) if (line) at.set(line, [...(at.get(line) ?? []), name]);
    grid.model.here = at;
    const buttons = here.map(({ name, line }) => {
      const known = grid.model.line(line);
      const where = known ? grid.words.say("here_at", { name, line: known.name }) : grid.words.say("here", { name });
      return h("button", { type: "button", class: "qg-who", title: where, "aria-label": where, click: () => known && grid.jump(known.key) }, initials(name));
    });
    put(this.element, ...buttons);
    this.element.hidden = !here.length;
    grid.view.draw();
  }

  /** Say what others did; what they changed stays marked for a while. */
  tell(others: Told[]): void {
    const { words, model } = this.grid;
    const by = new Map<string, { count: number; keys: Set<string> }>();
    for (const one of others) {
      const sum = by.get(one.by) ?? { count: 0, keys: new Set() };
      for (const key of one.keys) sum.keys.add(key);
      sum.count = Math.max(sum.count, one.count);
      by.set(one.by, sum);
    }
    const said = [...by].map(([name, { count, keys }]) => {
      const all = Math.max(count, keys.size);
      return words.say(all ? (all === 1 ? "changed_line" : "changed_lines") : "changed_by", { by: name, count: words.count(all) });
    });
    if (said.length) this.grid.say(said.join(" · "));
    window.clearTimeout(this.fading);
    this.fading = window.setTimeout(() => {
      model.fresh.clear();
      this.grid.view.draw();
    }, MARKED_MS);
  }
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words[words.length - 1]!] : words;
  return letters.map((word) => [...word][0]!.toUpperCase()).join("") || "?";
}
