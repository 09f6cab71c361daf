// What the lines come to, below them.
import { h, put } from "../configurator/dom";
import type { Sums } from "./types";
import type { Words } from "./words";

export class Foot {
  readonly element = h("dl", { class: "qg-foot" });

  constructor(private readonly words: Words, private readonly fees: string) {}

  draw(sums: Sums): void {
    const { words } = this;
    const pair = (term: string, text: string) => h("div", {}, h("dt", {}, term), h("dd", {}, text));
    // First what adds up to the net, then the net, then what is only told beside it.
    const within = sums.fees.map((one) => this.fee(one));
    const charges = sums.charges.length > 1 ? sums.charges.map((one) => pair(this.chargeWords(one.charge, one.months), words.total(one.net))) : [];
    const net = pair(words.say("net"), words.total(sums.net));
    net.classList.add("qg-sum");
    const beside = [];
    if (sums.contract !== sums.net) beside.push(pair(words.say("contract"), words.total(sums.contract)));
    if (sums.annual !== null) beside.push(pair(words.say("annual"), words.total(sums.annual)));
    if (sums.margin !== null) beside.push(pair(words.say("margin"), `${words.total(sums.margin)}${sums.margin_bps === null ? "" : ` (${words.percent(sums.margin_bps)})`}`));
    put(this.element, ...charges, net, ...within, ...beside);
  }

  private fee(one: Sums["fees"][number]): HTMLElement {
    const { words } = this;
    const ask = () => void window.htmx.ajax("GET", `${this.fees}?${new URLSearchParams({ fee: one.key })}`, { target: "#dialog-host", swap: "innerHTML" });
    const button = this.fees ? h("button", { type: "button", class: "btn btn-sm", "aria-label": `${words.say(one.waived ? "charge" : "waive")}: ${one.name}`, click: ask }, words.say(one.waived ? "charge" : "waive")) : null;
    return h("div", { title: one.waived }, h("dt", {}, button, button ? " " : null, words.say("of_which", { name: one.name }), one.waived ? ` (${one.worth ? words.say("waived_worth", { worth: words.total(one.worth) }) : words.say("waived")})` : null), h("dd", {}, words.total(one.net)));
  }

  private chargeWords(charge: string, months: number): string {
    if (charge !== "recurring") return this.words.say(charge);
    if (months === 0) return this.words.say("recurring_periods");
    return this.words.say(months === 1 ? "recurring_month" : months === 12 ? "recurring_year" : "recurring", { months });
  }
}
