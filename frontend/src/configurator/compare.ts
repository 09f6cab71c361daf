// Complete proposals side by side, with what differs marked.
import { h, put } from "./dom";
import type { Alternative } from "./types";

export function compare(
  dialog: HTMLDialogElement,
  alternatives: Alternative[],
  note: string,
  texts: Record<string, string>,
  take: (alternative: Alternative) => void,
): void {
  const names = [...new Set(alternatives.flatMap((one) => Object.keys(one.differences)))];
  const head = h("tr", {}, h("th", {}), ...alternatives.map((one) => h("th", { scope: "col" }, one.title)));
  const price = h("tr", {}, h("th", { scope: "row" }, texts.price ?? ""), ...alternatives.map((one) => h("td", {}, one.price)));
  const facts = (alternatives[0]?.facts ?? []).map((fact, at) =>
    h("tr", {}, h("th", { scope: "row" }, fact.label), ...alternatives.map((one) => h("td", {}, one.facts[at]?.value ?? ""))),
  );
  const rows = names.map((name) => {
    const shown = alternatives.map((one) => one.differences[name] ?? "");
    const cells = shown.map((text) => h("td", { class: text !== shown[0] ? "differs" : "" }, text));
    return h("tr", {}, h("th", { scope: "row" }, name), ...cells);
  });
  const buttons = alternatives.map((one) =>
    h("td", {}, h("button", { type: "button", class: "do main", click: () => { dialog.close(); take(one); } }, texts.take_it ?? "")),
  );
  const table = h("table", {}, h("thead", {}, head), h("tbody", {}, alternatives.some((one) => one.price) && price, ...facts, ...rows), h("tfoot", {}, h("tr", {}, h("td", {}), ...buttons)));
  put(
    dialog,
    h("h3", {}, texts.proposals ?? ""),
    alternatives.length ? h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": texts.proposals }, table) : h("p", { class: "none" }, texts.no_proposal ?? ""),
    note && h("p", { class: "none" }, note),
    h("p", {}, h("button", { type: "button", class: "do", click: () => dialog.close() }, texts.close ?? "")),
  );
  dialog.showModal();
}
