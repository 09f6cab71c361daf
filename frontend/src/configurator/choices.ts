// One variable on the page: its values as a row of choices, as a list when they are many. Arrow
// keys move, space or Enter chooses, Delete takes the choice back, ? asks why.
import { h, put } from "./dom";
import type { Answer, Variable } from "./types";

const AS_LIST_FROM = 12;

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

  constructor(readonly variable: Variable, private readonly wishes: Wishes, frozen = false) {
    const label = `v-${variable.key.replace(/[^a-zA-Z0-9_-]/g, "-")}`;
    const name = h("span", { class: "name", id: label }, variable.title, variable.unit && h("small", {}, ` ${variable.unit}`));
    const head = h("div", { class: "head" }, name, this.range, this.origin);
    const body = h("div", { class: "values", role: "radiogroup", "aria-labelledby": label });
    if (variable.values.length >= AS_LIST_FROM) this.select = this.makeList(body, label, frozen);
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

  private pressed(index: number): void {
    const state = this.answer.states[index];
    if (state === "2") this.wishes.why(this.variable, index, true);
    else if (this.answer.value === index && this.answer.origin === "you") this.wishes.retract(this.variable);
    else this.wishes.choose(this.variable, index);
    if (this.select) this.fillList(this.select);
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
    if (this.select) this.select.focus();
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
    if (this.select) this.fillList(this.select);
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
