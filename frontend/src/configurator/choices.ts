// One variable on the page: its values as a row of choices, as a list when they are many. Arrow
// keys move, space or Enter chooses, Delete takes the choice back, ? asks why.
import { h, put } from "./dom";
import type { Answer, Variable } from "./types";

const AS_LIST_FROM = 12;
const AS_NUMBER_FROM = 61;

export interface Wishes {
  choose(variable: Variable, index: number): void;
  retract(variable: Variable): void;
  why(variable: Variable, index: number, ask: boolean): void;
  texts: Record<string, string>;
}

export class VariableView {
  readonly element: HTMLElement;
  private answer: Answer = { states: "", value: null, origin: "", bounds: "" };
  private readonly buttons: HTMLButtonElement[] = [];
  private readonly origin = h("span", { class: "origin" });
  private readonly range = h("span", { class: "range" });
  private readonly select: HTMLSelectElement | null = null;
  private readonly number: HTMLInputElement | null = null;

  constructor(readonly variable: Variable, private readonly wishes: Wishes, frozen = false) {
    const label = `v-${variable.key.replace(/[^a-zA-Z0-9_-]/g, "-")}`;
    const name = h("span", { class: "name", id: label }, variable.title, variable.unit && h("small", {}, ` ${variable.unit}`));
    const head = h("div", { class: "head" }, name, this.range, this.origin);
    const body = h("div", { class: "values", role: "radiogroup", "aria-labelledby": label });
    const isNumber = variable.kind === "integer" || variable.kind === "decimal";
    if (isNumber && variable.values.length >= AS_NUMBER_FROM) this.number = this.makeNumber(body, label, frozen);
    else if (variable.values.length >= AS_LIST_FROM) this.select = this.makeList(body, label, frozen);
    else this.makeButtons(body, frozen);
    this.element = h("section", { class: "variable", "data-variable": variable.key, id: `s-${label}` }, head);
    if (variable.help) this.element.append(h("p", { class: "help" }, variable.help));
    this.element.append(body);
  }

  private makeButtons(body: HTMLElement, frozen: boolean): void {
    this.variable.values.forEach((value, index) => {
      const button = h(
        "button",
        {
          type: "button", role: "radio", class: "value", tabindex: -1, disabled: frozen, "data-index": index,
          click: () => this.pressed(index),
          focus: () => this.wishes.why(this.variable, index, false),
          mouseenter: () => this.wishes.why(this.variable, index, false),
          keydown: (event) => this.onKey(event as KeyboardEvent, index),
        },
        value.title,
      );
      this.buttons.push(button);
      body.append(button);
    });
  }

  private makeList(body: HTMLElement, label: string, frozen: boolean): HTMLSelectElement {
    body.removeAttribute("role");
    const select = h("select", {
      class: "list", "aria-labelledby": label, disabled: frozen,
      change: () => select.value === "" ? this.wishes.retract(this.variable) : this.pressed(Number(select.value)),
      keydown: (event) => {
        if ((event as KeyboardEvent).key === "Delete") this.wishes.retract(this.variable);
      },
    });
    body.append(select);
    return select;
  }

  // So many numbers are typed, not looked for; the arrow keys go to the next that can be had.
  private makeNumber(body: HTMLElement, label: string, frozen: boolean): HTMLInputElement {
    body.removeAttribute("role");
    const input = h("input", {
      class: "number", type: "text", inputmode: "decimal", autocomplete: "off", "aria-labelledby": label, disabled: frozen,
      input: () => input.setCustomValidity(""),
      change: () => this.typed(input),
      keydown: (event) => {
        const step = { ArrowUp: 1, ArrowDown: -1 }[(event as KeyboardEvent).key];
        if (!step) return;
        event.preventDefault();
        const next = this.nextPossible(step);
        if (next !== null) this.pressed(next);
      },
    });
    body.append(input);
    return input;
  }

  private typed(input: HTMLInputElement): void {
    const { values } = this.variable;
    const text = input.value.trim();
    if (text === "") return this.wishes.retract(this.variable);
    const isWhole = values.every((one) => !one.value.includes("."));
    const plain = (one: string) => (isWhole ? one.replace(/[^0-9-]/g, "") : one.replace(",", "."));
    let index = values.findIndex((one) => one.title === text || one.value === text);
    if (index < 0) index = values.findIndex((one) => one.value === plain(text));
    if (index >= 0) return this.pressed(index);
    const steps = values.slice(0, 3).map((one) => one.title).join("; ");
    input.setCustomValidity(`${steps} … ${values.at(-1)?.title ?? ""}`);
    input.reportValidity();
  }

  private nextPossible(step: number): number | null {
    const count = this.variable.values.length;
    const from = this.answer.value ?? (step > 0 ? -1 : count);
    for (let at = from + step; at >= 0 && at < count; at += step) if (this.answer.states[at] !== "2") return at;
    return null;
  }

  private pressed(index: number): void {
    const state = this.answer.states[index];
    if (state === "2") this.wishes.why(this.variable, index, true);
    else if (this.answer.value === index && this.answer.origin === "you") this.wishes.retract(this.variable);
    else this.wishes.choose(this.variable, index);
    if (this.select) this.fillList(this.select);
    if (this.number) this.fillNumber(this.number);
  }

  private fillNumber(input: HTMLInputElement): void {
    const { value } = this.answer;
    input.value = value === null ? "" : (this.variable.values[value]?.title ?? "");
    input.setCustomValidity("");
  }

  private onKey(event: KeyboardEvent, index: number): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.focusOn((index + step + this.buttons.length) % this.buttons.length);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      this.focusOn(event.key === "Home" ? 0 : this.buttons.length - 1);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.wishes.retract(this.variable);
    } else if (event.key === "?") {
      event.preventDefault();
      event.stopPropagation();
      this.wishes.why(this.variable, index, true);
    }
  }

  focusOn(index: number): void {
    for (const [place, button] of this.buttons.entries()) button.tabIndex = place === index ? 0 : -1;
    this.buttons[index]?.focus();
  }

  focus(): void {
    if (this.number) this.number.focus();
    else if (this.select) this.select.focus();
    else this.focusOn(Math.max(0, this.buttons.findIndex((button) => button.tabIndex === 0)));
  }

  show(answer: Answer): void {
    this.answer = answer;
    const { texts } = this.wishes;
    const word = { you: texts.you, default: texts.default, implied: texts.implied, "": "" }[answer.origin] ?? "";
    put(this.origin, word);
    this.origin.dataset.origin = answer.origin;
    put(this.range, answer.bounds);
    this.element.dataset.origin = answer.origin;
    if (this.number) this.fillNumber(this.number);
    else if (this.select) this.fillList(this.select);
    else this.showButtons();
  }

  private showButtons(): void {
    const { texts } = this.wishes;
    for (const [index, button] of this.buttons.entries()) {
      const state = this.answer.states[index] ?? "0";
      const on = this.answer.value === index;
      button.setAttribute("aria-checked", String(on));
      button.setAttribute("aria-disabled", String(state === "2"));
      button.dataset.state = state;
      const title = this.variable.values[index]?.title ?? "";
      const suffix = state === "2" ? texts.blocked : on ? { you: texts.you, default: texts.default, implied: texts.implied, "": "" }[this.answer.origin] : "";
      button.setAttribute("aria-label", suffix ? `${title}, ${suffix}` : title);
    }
    const focused = this.buttons.findIndex((button) => button === (this.element.getRootNode() as ShadowRoot).activeElement);
    const on = focused >= 0 ? focused : (this.answer.value ?? Math.max(0, this.answer.states.indexOf("0")));
    for (const [place, button] of this.buttons.entries()) button.tabIndex = place === on ? 0 : -1;
  }

  private fillList(select: HTMLSelectElement): void {
    const { texts } = this.wishes;
    const own = this.answer.origin === "you";
    const options = this.variable.values.map((value, index) => {
      const blocked = this.answer.states[index] === "2";
      return h("option", { value: index }, blocked ? `${value.title} – ${texts.blocked}` : value.title);
    });
    put(select, h("option", { value: "" }, own ? texts.take_back : texts.choose), ...options);
    select.value = this.answer.value === null ? "" : String(this.answer.value);
  }
}
