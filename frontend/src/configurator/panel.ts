// Beside the choices: why something cannot be had and what to give up, the price, what follows.
import { h, put } from "./dom";
import type { Delta, Repair, Variable, Why } from "./types";

export class Panel {
  readonly element: HTMLElement;
  private readonly whyCard = h("div", { class: "card why-card", role: "region", "aria-live": "polite", hidden: true });
  private readonly priceCard = h("div", { class: "card", hidden: true });
  private readonly factCard = h("div", { class: "card", hidden: true });

  constructor(
    private readonly texts: Record<string, string>,
    private readonly goTo: (variable: string) => void,
    private readonly repair: (variable: Variable, index: number, repair: Repair) => void,
  ) {
    this.whyCard.setAttribute("aria-label", texts.why ?? "");
    this.element = h("aside", {}, this.whyCard, this.priceCard, this.factCard);
  }

  // Whether the reasons shown are those of this value.
  tells(variable: Variable, index: number): boolean {
    return !this.whyCard.hidden && this.whyCard.dataset.of === `${variable.key} ${index}`;
  }

  showWhy(variable: Variable, index: number, why: Why): void {
    const { texts } = this;
    this.whyCard.hidden = false;
    this.whyCard.dataset.of = `${variable.key} ${index}`;
    const reasons = why.reasons.map((reason) =>
      reason.kind === "choice"
        ? h("li", { class: "choice" }, h("button", { type: "button", class: "link", click: () => this.goTo(reason.key) }, reason.text))
        : h("li", { class: "law" }, reason.text, h("small", {}, reason.key)),
    );
    const repairs = why.repairs.map((one) => this.repairRow(variable, index, one));
    put(
      this.whyCard,
      h("h3", {}, why.title),
      h("ul", {}, ...reasons),
      repairs.length > 0 && h("h3", { class: "to-get" }, texts.to_get_it ?? ""),
      repairs.length > 0 ? h("ul", {}, ...repairs) : !why.possible && h("p", { class: "none" }, texts.no_repair ?? ""),
      h("button", { type: "button", class: "do", click: () => this.hideWhy() }, texts.close ?? ""),
    );
  }

  private repairRow(variable: Variable, index: number, one: Repair): HTMLElement {
    const what = one.give_up.map((part) => part.text).join(" + ");
    const apply = h("button", { type: "button", class: "do", "data-repair": true, click: () => this.repair(variable, index, one) }, this.texts.do_it ?? "");
    // The name begins with the word that is seen, so that it can be spoken.
    apply.setAttribute("aria-label", `${this.texts.do_it ?? ""}: ${this.texts.give_up} ${what}`);
    const label = h("span", {}, `${this.texts.give_up} ${what}`, one.price_change && h("small", {}, one.price_change));
    return h("li", { class: "repair" }, label, apply);
  }

  focusRepair(): void {
    (this.whyCard.querySelector<HTMLElement>("[data-repair]") ?? this.whyCard.querySelector<HTMLElement>("button"))?.focus();
  }

  hideWhy(): void {
    this.whyCard.hidden = true;
  }

  show(delta: Delta): void {
    const { texts } = this;
    this.priceCard.hidden = !delta.price;
    if (delta.price) {
      const rows = delta.price.rows.flatMap((row) => [h("dt", {}, row.label), h("dd", {}, row.shown)]);
      put(this.priceCard, h("h3", {}, delta.price.title), h("dl", {}, ...rows), h("p", { class: "sum" }, delta.price.shown, delta.price.list && h("s", {}, delta.price.list)), delta.price.note && h("p", { class: "none" }, delta.price.note));
    }
    this.factCard.hidden = delta.facts.length === 0;
    const facts = delta.facts.flatMap((fact) => [h("dt", {}, fact.label), h("dd", {}, fact.value)]);
    put(this.factCard, h("h3", {}, texts.what_follows ?? ""), h("dl", {}, ...facts));
  }
}
