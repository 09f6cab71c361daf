// The component's own style; colours come from the page around it, with defaults where it stands alone.
export const STYLE = `
:host { display: block; container-type: inline-size; color: var(--color-base-content, #1a2128); font: 14px/1.43 var(--font-sans, system-ui, sans-serif); --p: var(--color-primary, #0b5c80); --pc: var(--color-primary-content, #fff); --b: var(--color-base-100, #fff); --l: var(--line, #e2e6ea); --cl: var(--control-line, #7d8994); --m: var(--muted, #58636e); --clear: calc(var(--over, 0px) + var(--bar, 88px) + 8px); }
* { box-sizing: border-box; }
button, select, input { font: inherit; color: inherit; }
.bar { position: sticky; top: var(--over, 0px); z-index: 5; display: grid; gap: 8px; padding: 8px 0; background: var(--color-base-200, #f5f7f8); border-bottom: 1px solid var(--l); }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.total:empty { display: none; }
.bar .total { font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
.bar .left { margin-right: 8px; color: var(--m); font-size: 12px; }
.bar .grow { flex: 1; }
.search { width: 14rem; height: 32px; padding: 0 10px; border: 1px solid var(--cl); border-radius: 6px; background: var(--b); }
.do { height: 32px; padding: 0 12px; border: 1px solid var(--cl); border-radius: 6px; background: var(--b); cursor: pointer; }
.do:hover { background: var(--hover, #f0f4f6); }
.do.main { background: var(--p); border-color: var(--p); color: var(--pc); font-weight: 600; }
.do:disabled { opacity: .5; cursor: default; }
:is(button, select, input, a):focus-visible { outline: 2px solid var(--p); outline-offset: 1px; }
.body { display: grid; grid-template-columns: 11rem minmax(0, 1fr) 20rem; gap: 24px; align-items: start; padding-top: 16px; }
nav { position: sticky; top: var(--clear); display: grid; gap: 2px; }
nav a { display: flex; justify-content: space-between; gap: 8px; padding: 4px 8px; border-radius: 6px; color: inherit; text-decoration: none; }
nav a:hover { background: var(--hover, #f0f4f6); }
nav small { color: var(--m); font-variant-numeric: tabular-nums; }
.group { margin: 0 0 24px; scroll-margin-top: var(--clear); }
.group > h2 { margin: 0 0 8px; font-size: 16px; line-height: 24px; }
.variable { padding: 8px 0; border-top: 1px solid var(--l); scroll-margin-top: var(--clear); }
.variable[data-next] { box-shadow: inset 3px 0 0 var(--p); padding-left: 12px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; margin-bottom: 6px; }
.name { font-weight: 600; }
.name small { font-weight: 400; color: var(--m); }
.range { color: var(--m); font-size: 12px; font-variant-numeric: tabular-nums; }
.origin { margin-left: auto; font-size: 12px; color: var(--m); }
.origin[data-origin="you"] { color: var(--p); font-weight: 600; }
.help { margin: 0 0 6px; color: var(--m); font-size: 12px; }
.values { display: flex; flex-wrap: wrap; gap: 6px; }
.value { min-height: 32px; padding: 4px 12px; border: 1px solid var(--cl); border-radius: 6px; background: var(--b); cursor: pointer; }
.value:hover { border-color: var(--p); }
.value[aria-checked="true"] { border-color: var(--p); background: var(--p); color: var(--pc); font-weight: 600; }
[data-origin="implied"] .value[aria-checked="true"], [data-origin="default"] .value[aria-checked="true"] { background: var(--chosen, #e2eff5); color: inherit; }
[data-origin="default"] .value[aria-checked="true"] { border-style: dashed; }
.value[data-state="2"] { border-style: dotted; border-color: var(--line-strong, #c4ccd3); background: none; color: var(--m); text-decoration: line-through; }
.number { width: 9rem; height: 36px; padding: 0 10px; border: 1px solid var(--cl); border-radius: 6px; background: var(--b); font-variant-numeric: tabular-nums; }
.number:user-invalid { border-color: var(--bad, #b3241c); }
.list { height: 36px; max-width: 100%; padding: 0 8px; border: 1px solid var(--cl); border-radius: 6px; background: var(--b); }
aside { position: sticky; top: var(--clear); display: grid; gap: 16px; }
.card { padding: 12px 16px; border: 1px solid var(--l); border-radius: 8px; background: var(--b); }
.card h3 { margin: 0 0 8px; font-size: 14px; }
.card ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 6px; }
.card .law { padding-left: 12px; border-left: 3px solid var(--warn, #855300); }
.card .choice { padding-left: 12px; border-left: 3px solid var(--p); }
.why-card > :is(.to-get, .do) { margin-top: 12px; }
.card small { display: block; color: var(--m); }
.repair { display: flex; gap: 8px; justify-content: space-between; align-items: center; }
.link { border: 0; background: none; padding: 0; color: var(--p); text-decoration: underline; cursor: pointer; text-align: left; }
dl { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; margin: 0; }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
dt { color: var(--m); }
.sum { display: flex; flex-direction: row-reverse; justify-content: space-between; gap: 12px; margin: 8px 0 0; padding-top: 8px; border-top: 1px solid var(--l); font-weight: 600; font-variant-numeric: tabular-nums; }
.sum s { font-weight: 400; color: var(--m); }
.note { padding: 8px 12px; border-radius: 6px; background: var(--hover, #f0f4f6); }
.message { padding: 8px 12px; border-radius: 6px; background: var(--bad-tint, #fce8e6); color: var(--bad, #b3241c); }
.none { color: var(--m); }
dialog { width: min(60rem, 92vw); border: 0; border-radius: 8px; padding: 16px; background: var(--b); color: inherit; box-shadow: var(--float, 0 8px 24px rgb(0 0 0 / .2)); }
dialog::backdrop { background: var(--shade, rgb(20 32 42 / .38)); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 6px 8px; text-align: left; border-bottom: 1px solid var(--l); }
td .do { height: auto; min-height: 36px; padding: 6px 10px; }
dialog h3 { margin: 0 0 8px; }
td { font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
.differs { background: var(--warn-tint, #fcefd3); }
[hidden] { display: none !important; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@container (width < 60rem) {
  .body { grid-template-columns: minmax(0, 1fr) 17rem; }
  nav { display: none; }
}
@container (width < 44rem) {
  .body { grid-template-columns: minmax(0, 1fr); gap: 16px; }
  aside { position: static; }
  .bar { position: static; }
  .variable, .group { scroll-margin-top: calc(var(--over, 0px) + 8px); }
  .bar .grow { order: -1; }
  .bar .total { order: -1; }
  .bar .left { order: 1; flex: 1 1 100%; }
  .bar .search { flex: 1 1 9rem; height: 40px; }
  aside .why-card:not([hidden]) { position: fixed; inset: auto 0 var(--under, 0px) 0; z-index: 10; max-height: 60vh; overflow-y: auto; border-radius: 12px 12px 0 0; box-shadow: var(--float, 0 8px 24px rgb(0 0 0 / .2)); }
  .value { min-height: 40px; }
  .do { height: 40px; }
}
@media print { .bar, nav, .why-card { display: none; } }
`;
