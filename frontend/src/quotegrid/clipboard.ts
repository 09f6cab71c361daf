// Whole lines on the clipboard, beside their text: into this sheet or that of another quote.
import type { QuoteGrid } from "../quotegrid";
import type { Edit, Line } from "./types";

export const LINES = "application/x-handsel-lines";
const KEPT = ["product", "configuration", "quantity", "discount_bps", "name", "description", "kind", "charge", "alternative_set"] as const;

type Copied = Pick<Line, (typeof KEPT)[number]> & { asked: Record<string, unknown> };

export function copied(source: string, lines: Line[]): string {
  const one = (line: Line) => Object.fromEntries([...KEPT, "asked" as const].map((name) => [name, line[name]]));
  return JSON.stringify({ source, lines: lines.map(one) });
}

/** The lines as new ones before the active one. What is a share of other lines, or a period of a
 * ramp, has no meaning beside others: it stays out, and is counted. */
export function pastedLines(text: string, grid: QuoteGrid): { edits: Edit[]; left: number } {
  if (!text) return { edits: [], left: 0 };
  const { source, lines } = JSON.parse(text) as { source: string; lines: Copied[] };
  const fit = lines.filter(({ asked }) => !("ramp" in asked) && (source === grid.source || !("percent_of" in asked)));
  const edits = fit.map(
    (line): Edit => ({
      kind: "add",
      ref: grid.model.ref(),
      product_id: line.product,
      configuration_id: line.configuration,
      quantity: line.quantity,
      discount_bps: Number(line.discount_bps),
      name: line.name,
      description: line.description,
      line_kind: line.alternative_set ? "option" : line.kind,
      charge: line.charge,
      asked: line.asked,
      alternative_set: line.alternative_set,
      ...grid.here(),
    }),
  );
  return { edits, left: lines.length - fit.length };
}
