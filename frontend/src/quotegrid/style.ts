// The sheet brings its own style, which only pages with a sheet load.
export const STYLE = `
handsel-quotegrid { display: grid; gap: 8px; min-width: 0; }
handsel-quotegrid.is-wide { position: fixed; inset: 0; z-index: 45; display: flex; flex-direction: column; padding: 8px; overflow: auto; background: var(--color-base-100); }
.is-wide > .qg-scroll { flex: 1 1 12rem; max-height: none; }
.is-wide > :not(.qg-scroll) { flex: none; }
.qg-bar, .qg-foot { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; padding-inline: 8px; }
.qg-bar { padding-top: 8px; }
.qg-state { margin-left: auto; color: var(--muted); font-size: var(--text-small); }
.qg-state.is-lost { color: var(--bad); font-weight: 600; }
.qg-scroll { position: relative; overflow: auto; contain: content; max-height: min(76vh, 60rem); border-block: 1px solid var(--line); }
.qg-frame { min-width: var(--qg-least, 45rem); outline: none; font-variant-numeric: tabular-nums; }
.qg-head { position: sticky; top: 0; z-index: 3; background: var(--color-base-200); }
.qg-body { position: relative; }
.qg-row { display: grid; grid-template-columns: var(--qg-columns); align-items: stretch; }
.qg-body > .qg-row { position: absolute; inset-inline: 0; height: 44px; contain: strict; border-bottom: 1px solid var(--line); background: var(--color-base-100); }
.qg-head > .qg-row { background: inherit; font-size: var(--text-small); font-weight: 550; color: var(--muted); border-bottom: 1px solid var(--line-strong); }
.qg-row > * { padding: 4px 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; line-height: 18px; }
.qg-head .qg-row > * { padding-block: 6px; }
.qg-quantity, .qg-list_price, .qg-own_price, .qg-target_unit, .qg-target_line, .qg-discount_bps, .qg-amount { text-align: right; }
.qg-row > .qg-name { position: sticky; left: 0; z-index: 1; background: inherit; }
.qg-row > .qg-amount { position: sticky; right: 0; z-index: 1; background: inherit; }
.qg-row > .qg-name[aria-selected="true"] { background: var(--chosen); }
.qg-row > .qg-position { padding-inline: 4px 2px; color: var(--muted); }
.qg-handle { cursor: grab; padding-inline: 2px; color: var(--muted); opacity: 0.5; touch-action: none; }
.qg-row:hover .qg-handle { opacity: 1; }
.qg-title { font-weight: 550; }
.qg-title, .qg-under, .qg-row .qg-list { display: block; overflow: hidden; text-overflow: ellipsis; }
.qg-under { color: var(--muted); font-size: var(--text-small); font-weight: 400; }
.qg-tag { margin-right: 6px; padding: 0 6px; border-radius: 4px; background: var(--progress-tint); color: var(--progress); font-size: var(--text-small); }
.qg-sign { color: var(--muted); margin-right: 4px; }
.qg-list { color: var(--muted); font-size: var(--text-small); min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.qg-net { font-weight: 600; cursor: pointer; }
.qg-net:hover { text-decoration: underline; }
.is-out .qg-net, .is-out .qg-title { font-weight: 400; color: var(--muted); }
.is-pending .qg-amount { opacity: 0.75; font-style: italic; }
.qg-body > .qg-group { background: var(--color-base-200); font-weight: 600; }
.qg-line > :is(.qg-kind, .qg-term, .qg-paid, .qg-reason, .qg-description) { white-space: normal; }
.qg-under, .qg-row .qg-list { line-height: 16px; }
.qg-line > .qg-term { font-size: var(--text-small); }
.qg-group > * { align-self: center; }
.qg-group > .qg-name { grid-column: 1 / 3; position: static; }
.qg-group > .qg-amount { grid-column: 3 / -1; }
.qg-fold { display: inline-block; width: 20px; cursor: pointer; }
.qg-row > [aria-selected="true"] { background: var(--chosen); }
.qg-frame:focus .is-active, .qg-frame:focus-visible .is-active { outline: 2px solid var(--color-primary); outline-offset: -2px; }
.qg-row > .is-conflict { background: var(--warn-tint); color: var(--warn); font-weight: 600; }
.qg-row > .is-fresh { animation: qg-fresh 20s ease-out; }
@keyframes qg-fresh { from, 70% { background: var(--progress-tint); } }
@media (prefers-reduced-motion: reduce) { .qg-row > .is-fresh { animation: none; background: var(--progress-tint); } }
.qg-here { display: flex; gap: 4px; }
.qg-here[hidden] { display: none; }
.qg-who { display: inline-grid; place-items: center; min-width: 28px; height: 28px; padding: 0 4px; border: 0; border-radius: 14px; background: var(--progress-tint); color: var(--progress); font-size: var(--text-small); font-weight: 600; }
.qg-here > .qg-who { cursor: pointer; }
.qg-at { float: right; min-width: 20px; height: 18px; margin-inline: 6px 0; line-height: 18px; }
.qg-body > .is-here { box-shadow: inset 3px 0 var(--progress); }
.qg-mine { margin-left: 6px; font-weight: 400; }
.qg-editor { position: absolute; z-index: 4; padding: 0 8px; border: 2px solid var(--color-primary); background: var(--color-base-100); font: inherit; text-align: inherit; outline: none; }
.qg-editor[hidden] { display: none; }
.qg-editor[aria-invalid] { border-color: var(--bad); }
.qg-mark { position: absolute; z-index: 2; top: 0; left: 0; right: 0; height: 2px; background: var(--color-primary); pointer-events: none; }
.qg-mark[hidden] { display: none; }
.qg-finder { display: flex; align-items: center; gap: 8px; }
.qg-find { width: 11rem; height: 32px; padding: 0 10px; border: 1px solid var(--control-line); border-radius: var(--radius-field); background: var(--color-base-100); }
.qg-count { color: var(--muted); font-size: var(--text-small); white-space: nowrap; }
.qg-failed { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; margin: 0; padding: 4px 0; }
.qg-none { padding: 16px; color: var(--muted); }
.qg-add { position: relative; max-width: 26rem; margin: 0 8px; }
.qg-add input { width: 100%; height: 34px; padding: 0 10px; border: 1px dashed var(--control-line); border-radius: var(--radius-field); background: var(--color-base-100); }
.qg-add input:focus { outline: 2px solid var(--color-primary); border-style: solid; }
.qg-found { position: absolute; z-index: 20; left: 0; right: 0; top: calc(100% + 4px); max-height: 18rem; overflow: auto; padding: 4px; background: var(--color-base-100); border: 1px solid var(--line); border-radius: var(--radius-box); box-shadow: var(--float); }
.qg-found:empty { display: none; }
.qg-found > [role=option] { padding: 6px 8px; border-radius: var(--radius-field); cursor: pointer; }
.qg-found > [aria-selected=true], .qg-found > [role=option]:hover { background: var(--chosen); }
.qg-conflicts { margin: 0 8px; padding: 8px 12px; border: 1px solid var(--warn); border-radius: var(--radius-box); background: var(--warn-tint); }
.qg-conflicts[hidden] { display: none; }
.qg-conflicts li { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; padding: 4px 0; }
.qg-foot { display: grid; justify-content: end; gap: 2px; padding-bottom: 12px; }
.qg-foot > div { display: grid; grid-template-columns: minmax(0, auto) 9.5rem; gap: 16px; justify-content: end; align-items: baseline; }
.qg-foot dt, .qg-foot dd { text-align: right; }
.qg-foot dt .btn { min-height: 26px; height: 26px; padding-inline: 8px; font-size: var(--text-small); }
.qg-foot > .qg-sum { border-top: 1px solid var(--line-strong); padding-top: 2px; }
.qg-foot > .qg-sum ~ div dd { font-weight: 400; }
.qg-foot dt { color: var(--muted); font-size: var(--text-small); }
.qg-foot dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.qg-dialog { width: min(44rem, calc(100vw - 32px)); max-height: 85vh; margin: auto; padding: 20px; border: 1px solid var(--line); border-radius: var(--radius-box); background: var(--color-base-100); color: inherit; box-shadow: var(--float); }
.qg-dialog::backdrop { background: rgb(0 0 0 / 0.35); }
.qg-dialog h2 { margin: 0 0 12px; font-size: var(--text-large); font-weight: 600; }
.qg-dialog label { display: grid; gap: 4px; margin-bottom: 12px; font-size: var(--text-small); color: var(--muted); }
.qg-dialog :is(input, select, textarea) { width: 100%; min-height: 36px; padding: 4px 10px; border: 1px solid var(--control-line); border-radius: var(--radius-field); background: var(--color-base-100); color: var(--color-base-content); font: inherit; font-size: var(--text-base); }
.qg-dialog label[hidden], .qg-dialog :is(input, select)[hidden] { display: none; }
.qg-dialog .qg-help { margin: 0 0 12px; color: var(--muted); font-size: var(--text-small); }
.qg-dialog ul { margin: 0 0 12px; padding-left: 20px; }
.qg-dialog details { margin-bottom: 12px; }
.qg-dialog summary { padding: 6px 0; cursor: pointer; }
.qg-checks { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 4px 16px; }
.qg-dialog .qg-checks label { display: flex; align-items: center; gap: 8px; margin: 0; min-height: 36px; color: inherit; font-size: var(--text-base); }
.qg-dialog .qg-checks input { width: 18px; min-height: 18px; height: 18px; padding: 0; flex: none; }
.qg-dialog textarea { min-height: 9rem; font-family: var(--font-mono); white-space: pre; }
.qg-dialog .qg-scrolled { max-height: 16rem; overflow: auto; margin: 8px 0; border: 1px solid var(--line); border-radius: var(--radius-field); }
.qg-dialog table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.qg-dialog td, .qg-dialog th { padding: 4px 8px; text-align: left; border-bottom: 1px solid var(--line); }
.qg-dialog :is(td, th).right { text-align: right; }
.qg-dialog .bad { color: var(--bad); }
.qg-dialog footer { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; margin-top: 12px; }
.qg-sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.is-small > .qg-bar > .qg-desk { display: none; }
.qg-scroll.is-narrow .is-here > .qg-name { box-shadow: inset 3px 0 var(--progress); }
.qg-scroll.is-narrow .qg-frame { min-width: 0; }
.qg-scroll.is-narrow .qg-head { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.qg-scroll.is-narrow .qg-row { grid-template-columns: 84px minmax(0, 1fr) 124px; }
.qg-scroll.is-narrow .qg-body > .qg-row { height: 106px; grid-template-rows: 46px 26px 30px; }
.qg-scroll.is-narrow .qg-body > .qg-group { grid-template-rows: 1fr; }
.qg-scroll.is-narrow .qg-line > :is(.qg-list_price, .qg-discount_bps, .qg-amount) > * { display: inline; }
.qg-scroll.is-narrow .qg-row > * { padding: 3px 8px; }
.qg-scroll.is-narrow .qg-line > * { display: none; }
.qg-scroll.is-narrow .qg-line > :is(.qg-name, .qg-quantity, .qg-list_price, .qg-discount_bps, .qg-kind) { display: block; position: static; }
.qg-scroll.is-narrow .qg-line > .qg-amount { display: block; }
.qg-scroll.is-narrow .qg-list_price { text-align: left; }
.qg-scroll.is-narrow .qg-line .qg-name { grid-column: 1 / -1; }
.qg-scroll.is-narrow .qg-line .qg-quantity { text-align: left; }
.qg-scroll.is-narrow .qg-line .qg-kind { grid-area: 3 / 1 / 4 / 3; text-align: left; color: var(--muted); }
.qg-scroll.is-narrow .qg-line .qg-amount { grid-area: 3 / 2 / 4 / -1; position: static; }
.qg-scroll.is-narrow .qg-group > .qg-name { grid-column: 1 / 2; position: static; }
.qg-scroll.is-narrow .qg-group > .qg-amount { grid-column: 2 / -1; white-space: normal; }
@media (pointer: coarse) { .qg-bar .btn { min-height: 40px; } }
@media print { .qg-bar, .qg-add { display: none; } .qg-scroll { max-height: none; } }
`;
