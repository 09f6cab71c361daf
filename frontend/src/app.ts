// What every page runs: htmx for swapping fragments, and small manners for keyboard and screen reader.
import htmx from "htmx.org/dist/htmx.esm.js";
import { startDialogs } from "./dialogs";
import { startForms } from "./forms";
import { startHtmx } from "./swaps";
import { startKeys } from "./keys";
import { startLists } from "./lists";
import { startPalette } from "./palette";
import { startTheme } from "./theme";
import { startThreads } from "./threads";
import { startToasts } from "./toasts";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

// Our content policy knows neither inline style nor eval; htmx is told before it starts.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
htmx.config.attributesToSettle = ["class", "width", "height"];
htmx.config.scrollBehavior = "auto";
window.htmx = htmx; // islands use it

startTheme();
startDialogs();
startToasts();
startHtmx();
startForms();
startLists();
startPalette(htmx);
startThreads();
startKeys();
