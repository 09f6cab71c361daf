// Island and embeddable component: <handsel-configurator src="…/">. Every choice goes to the
// server, which answers with what changed; nothing is reckoned here.
import { VariableView, type Wishes } from "./configurator/choices";
import { compare } from "./configurator/compare";
import { h, put } from "./configurator/dom";
import { Link, Refused } from "./configurator/link";
import { Panel } from "./configurator/panel";
import { STYLE } from "./configurator/style";
import type { Alternative, Delta, Repair, State, Variable } from "./configurator/types";

const HOVER_MS = 200;
const REST_MS = 900;
// Counting waits until nobody decides any more, and is asked again a few times while others count.
const COUNT_MS = 1200;
const COUNT_TRIES = 8;

const UNITS = "handsel-units";

// Another site may forbid its pages to remember.
function remembered(): string | null {
  try {
    return localStorage.getItem(UNITS);
  } catch {
    return null;
  }
}

function remember(units: string): void {
  try {
    localStorage.setItem(UNITS, units);
  } catch {
    // Then it is asked for again next time.
  }
}

class Configurator extends HTMLElement {
  private link!: Link;
  private state!: State;
  private panel!: Panel;
  private readonly views = new Map<string, VariableView>();
  private readonly counters = new Map<string, HTMLElement>();
  private readonly links = new Map<string, HTMLElement>();
  private readonly skipped = new Set<string>();
  private readonly search = h("input", { type: "search", class: "search", input: () => this.filter() });
  private asked = "";
  private readonly total = h("span", { class: "total", "aria-live": "polite" });
  private readonly left = h("span", { class: "left", role: "status" });
  private readonly message = h("p", { class: "message", role: "alert", hidden: true });
  private readonly note = h("p", { class: "note", role: "status", hidden: true });
  private readonly dialog = h("dialog");
  private readonly undo = h("button", { type: "button", class: "do", click: () => void this.run("undo/") });
  private readonly finish = h("button", { type: "button", class: "do main", click: () => void this.end() });
  private readonly goNext = h("button", { type: "button", class: "do", click: () => void this.next() });
  private readonly variants = h("span", { class: "left", role: "status" });
  private hover = 0;
  private counting = 0;

  connectedCallback(): void {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.link = new Link(this.getAttribute("src") ?? "", this.getAttribute("token") ?? "");
    this.link.units = remembered() ?? "model";
    void this.open(root);
  }

  private async open(root: ShadowRoot): Promise<void> {
    try {
      this.state = await this.link.state();
    } catch (error) {
      this.tell(error);
      root.append(this.message);
      return;
    }
    const { texts } = this.state;
    this.panel = new Panel(texts, (key) => this.goTo(key), (variable, index, repair) => void this.repair(variable, index, repair));
    const bar = this.bar();
    root.append(bar, this.message, this.note, this.body(), this.dialog);
    // What sticks below the bar keeps clear of it, however many rows it has.
    new ResizeObserver(() => this.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
    this.show(this.state);
    this.dispatchEvent(new CustomEvent("configurator:ready", { bubbles: true, composed: true }));
  }

  private bar(): HTMLElement {
    const { texts, may_decide, is_open } = this.state;
    const { search } = this;
    search.placeholder = texts.search ?? "";
    search.setAttribute("aria-label", texts.search ?? "");
    put(this.undo, texts.undo ?? "");
    put(this.finish, this.state.finish_label);
    put(this.goNext, texts.next_question ?? "");
    const complete = h("select", { class: "do", "aria-label": texts.complete, change: () => this.completeBy(complete) }, h("option", { value: "" }, texts.complete ?? ""));
    for (const by of ["preference", "cheapest", "fastest"]) complete.append(h("option", { value: by }, texts[`complete_${by}`] ?? by));
    const proposals: HTMLButtonElement = h("button", { type: "button", class: "do", click: () => void this.propose(proposals) }, texts.proposals ?? "");
    const units = h("select", { class: "do", "aria-label": texts.units, change: () => this.showIn(units.value) });
    for (const one of ["model", "us"]) units.append(h("option", { value: one, selected: one === this.link.units }, texts[`units_${one}`] ?? one));
    const deciding = may_decide && is_open ? [this.goNext, this.undo, complete, proposals] : [];
    const main = may_decide && is_open ? [this.finish] : [];
    return h(
      "div",
      { class: "bar" },
      h("div", { class: "row" }, this.total, this.left, this.variants, h("span", { class: "grow" }), ...main),
      h("div", { class: "row" }, search, units, ...deciding),
    );
  }

  private body(): HTMLElement {
    const wishes: Wishes = {
      texts: this.state.texts,
      choose: (variable, index) => void this.choose(variable, index),
      retract: (variable) => void this.run("retract/", { variable: variable.key }),
      why: (variable, index, ask) => this.why(variable, index, ask),
    };
    const readonly = !(this.state.may_decide && this.state.is_open);
    const main = h("div", { class: "groups" });
    const nav = h("nav", { "aria-label": this.state.texts.groups });
    for (const group of this.grouped()) {
      const section = h("section", { class: "group", id: `g-${group.key || "all"}` }, h("h2", {}, group.title));
      for (const variable of group.variables) {
        const view = new VariableView(variable, wishes, readonly);
        this.views.set(variable.key, view);
        section.append(view.element);
      }
      const count = h("small");
      this.counters.set(group.key, count);
      const link = h("a", { href: `#g-${group.key || "all"}`, click: (event) => { event.preventDefault(); section.scrollIntoView({ block: "start" }); this.views.get(group.variables[0]?.key ?? "")?.focus(); } }, group.title, count);
      this.links.set(group.key, link);
      nav.append(link);
      main.append(section);
    }
    return h("div", { class: "body" }, nav, main, this.panel.element);
  }

  private grouped(): { key: string; title: string; variables: Variable[] }[] {
    const known = this.state.groups.map((group) => ({ key: group.key, title: group.title, variables: this.state.variables.filter((one) => one.group === group.key) }));
    const named = new Set(known.map((group) => group.key));
    const rest = this.state.variables.filter((one) => !named.has(one.group));
    return [...known, { key: "", title: this.state.texts.more ?? "", variables: rest }].filter((group) => group.variables.length > 0);
  }

  private show(delta: Delta): void {
    const { texts } = this.state;
    for (const [key, answer] of Object.entries(delta.answers)) {
      this.state.answers[key] = answer;
      this.views.get(key)?.show(answer);
    }
    Object.assign(this.state, { ...delta, answers: this.state.answers });
    put(this.total, delta.price?.shown ?? "");
    const counts = `${delta.remaining} ${texts.remaining} · ${delta.removed} ${texts.removed}`;
    put(this.left, [counts, delta.lead_time].filter(Boolean).join(" · "));
    this.countLater(COUNT_TRIES);
    this.note.hidden = !delta.note;
    put(this.note, delta.note ?? "");
    this.undo.disabled = !delta.can_undo;
    this.goNext.disabled = false;
    this.finish.disabled = !delta.is_complete && !this.state.may_decide;
    for (const view of this.views.values()) view.element.removeAttribute("data-next");
    const hidden = new Set(this.state.hidden);
    for (const group of this.grouped()) {
      const open = group.variables.filter((one) => !hidden.has(one.key) && this.state.answers[one.key]?.value === null).length;
      put(this.counters.get(group.key) ?? h("i"), open ? String(open) : "✓");
    }
    this.filter();
    this.panel.show(delta);
    // What stands around the component may depend on the choices: the other lines of a quote.
    this.dispatchEvent(new CustomEvent("configurator-shown", { bubbles: true, composed: true }));
  }

  private countLater(tries: number): void {
    window.clearTimeout(this.counting);
    if (tries === COUNT_TRIES) put(this.variants);
    if (tries > 0) this.counting = window.setTimeout(() => void this.count(tries), COUNT_MS);
  }

  private async count(tries: number): Promise<void> {
    const lock = this.link.lock;
    if (document.hidden) return this.countLater(tries);
    try {
      const { text, is_busy } = await this.link.variants();
      if (lock !== this.link.lock) return;
      if (is_busy) this.countLater(tries - 1);
      else put(this.variants, text);
    } catch {
      // How many there are is worth knowing and nothing more: no message.
    }
  }

  private async run(command: string, body: Record<string, unknown> = {}): Promise<void> {
    this.message.hidden = true;
    try {
      this.show(await this.link.command(command, body));
    } catch (error) {
      await this.recover(error);
    }
  }

  private async choose(variable: Variable, index: number): Promise<void> {
    this.panel.hideWhy();
    await this.run("decide/", { variable: variable.key, value: variable.values[index]?.value });
  }

  private async repair(variable: Variable, index: number, repair: Repair): Promise<void> {
    this.panel.hideWhy();
    const give_up = repair.give_up.map((one) => one.variable);
    await this.run("repair/", { variable: variable.key, value: variable.values[index]?.value, give_up });
    this.goTo(variable.key);
  }

  private why(variable: Variable, index: number, ask: boolean): void {
    window.clearTimeout(this.hover);
    const state = this.state.answers[variable.key]?.states[index];
    if (state !== "2" && !(ask && state === "1")) return;
    const value = variable.values[index]?.value ?? "";
    const { lock } = this.link;
    const show = async () => {
      try {
        const why = await this.link.why(variable.key, value, ask);
        this.panel.showWhy(variable, index, why);
        if (ask) this.panel.focusRepair();
        else if (why.is_fewest === false) this.hover = window.setTimeout(() => void fewer(why.reasons.length), REST_MS);
      } catch (error) {
        this.tell(error);
      }
    };
    // Who passes by is told at once; who stays, in fewer words where there are.
    const fewer = async (count: number) => {
      try {
        const why = await this.link.why(variable.key, value, true);
        const isThere = lock === this.link.lock && this.panel.tells(variable, index);
        if (isThere && why.reasons.length < count) this.panel.showWhy(variable, index, why);
      } catch {
        // What is shown is true already.
      }
    };
    if (ask) void show();
    else this.hover = window.setTimeout(() => void show(), HOVER_MS);
  }

  // The question whose answer narrows most; one may leave it and answer any other. Asked again
  // without an answer it is skipped; those skipped come again at the end.
  private async next(): Promise<void> {
    if (this.asked !== "" && this.state.answers[this.asked]?.origin !== "you") this.skipped.add(this.asked);
    try {
      let { next } = await this.link.next(this.skipped);
      if (next === null && this.skipped.size > 0) {
        this.skipped.clear();
        ({ next } = await this.link.next([]));
      }
      this.asked = next ?? "";
      this.goNext.disabled = next === null;
      if (next === null) return;
      for (const view of this.views.values()) view.element.removeAttribute("data-next");
      this.views.get(next)?.element.setAttribute("data-next", "");
      this.goTo(next);
    } catch (error) {
      this.tell(error);
    }
  }

  // Other units are another way to read the same values: everything is drawn anew.
  private showIn(units: string): void {
    this.link.units = units;
    remember(units);
    const root = this.shadowRoot;
    if (!root) return;
    this.views.clear();
    root.replaceChildren();
    void this.open(root);
  }

  private completeBy(select: HTMLSelectElement): void {
    const by = select.value;
    select.value = "";
    if (by) void this.run("complete/", { by });
  }

  private async propose(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    try {
      const { alternatives, note } = await this.link.alternatives();
      compare(this.dialog, alternatives, note, { ...this.state.texts, price: this.state.price?.title ?? this.state.texts.price ?? "" }, (one: Alternative) => void this.run("take/", { choices: one.choices }));
    } catch (error) {
      this.tell(error);
    }
    button.disabled = false;
  }

  private async end(): Promise<void> {
    try {
      const { url } = await this.link.command<{ url: string }>("finish/");
      // On another site the address is that of the seller; the site may go on by itself.
      const address = new URL(url, new URL(this.getAttribute("src") ?? "", window.location.href)).href;
      const goes = this.dispatchEvent(new CustomEvent("configurator:finished", { bubbles: true, composed: true, cancelable: true, detail: { url: address } }));
      if (goes) window.location.assign(address);
    } catch (error) {
      await this.recover(error);
    }
  }

  // Somebody else decided meanwhile: show his state, say so, keep nothing of ours silently.
  private async recover(error: unknown): Promise<void> {
    this.tell(error);
    if (error instanceof Refused && error.problem.code === "configuration_stale") this.show(await this.link.state());
  }

  private tell(error: unknown): void {
    this.message.hidden = false;
    put(this.message, error instanceof Error ? error.message : String(error));
  }

  // Shown is what is searched for, of parts that are there.
  private filter(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const absent = new Set(this.state.hidden);
    for (const view of this.views.values()) {
      const { title, key, values } = view.variable;
      const words = [title, key, ...values.map((value) => value.title)].join(" ").toLowerCase();
      view.element.hidden = absent.has(key) || (wanted !== "" && !words.includes(wanted));
    }
    for (const group of this.grouped()) {
      const section = this.shadowRoot?.getElementById(`g-${group.key || "all"}`);
      if (section) section.hidden = group.variables.every((one) => this.views.get(one.key)?.element.hidden);
      const link = this.links.get(group.key);
      if (link) link.hidden = group.variables.every((one) => absent.has(one.key));
    }
  }

  private goTo(key: string): void {
    const view = this.views.get(key);
    view?.element.scrollIntoView({ block: "center" });
    view?.focus();
  }
}

customElements.define("handsel-configurator", Configurator);
