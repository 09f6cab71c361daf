declare module "htmx.org/dist/htmx.esm.js" {
  interface Htmx {
    config: Record<string, unknown>;
    ajax(verb: string, path: string, context: Record<string, unknown>): Promise<void>;
    trigger(element: Element, name: string, detail?: unknown): void;
    process(element: Element): void;
  }
  const htmx: Htmx;
  export default htmx;
}
