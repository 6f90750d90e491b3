// The officer's screen: htmx for its parts, and all that a live page does.

import htmx from "htmx.org";
import { startPage } from "./page";

// Neither a style nor a script that is not a file of ours: the policy of the page forbids both.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

startPage({ onPick: (shelterId) => location.assign(`/officer/shelter?id=${encodeURIComponent(shelterId)}`) });

if (document.body.dataset["print"] !== undefined) window.addEventListener("load", () => window.print());
