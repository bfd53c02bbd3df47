// What every page loads: htmx, and small helpers that a page also works without.
import htmx from 'htmx.org';
import { confirmBeforeDoing } from './confirm';
import { copyLines } from './copy';
import { countCharacters } from './count';
import { dropFiles } from './drop';
import { fillFields } from './fill';
import { leaveNothing } from './leave';
import { leftNavigation, menus } from './nav';
import { findPosition } from './locate';
import { tellTheNetwork } from './network';
import { focusProblem, searchKey } from './focus';
import { chooseAll, openRows, scrollable } from './rows';
import { shortcuts } from './shortcut';
import { textSize } from './text';

htmx.config.includeIndicatorStyles = false; // an inline style, which our pages forbid; ours are in app.css
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.scrollIntoViewOnBoost = false;
htmx.config.historyCacheSize = 0; // pages may show personal data: do not keep them in the browser's storage
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '422', swap: true }, // the form again, with its errors
  { code: '[45]..', swap: false, error: true },
];

searchKey();
leftNavigation();
menus();
textSize();
openRows();
confirmBeforeDoing();
copyLines();
fillFields();
shortcuts();
findPosition();
tellTheNetwork();
leaveNothing();

const eachPart = (part: ParentNode) => {
  scrollable(part);
  chooseAll(part);
  countCharacters(part);
  dropFiles(part);
  focusProblem(part);
};
eachPart(document);
document.addEventListener('htmx:load', (event) => {
  if (event.target instanceof Element && event.target !== document.body) eachPart(event.target);
});
