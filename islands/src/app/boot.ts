// Runs before the first paint, so that a reader's text size and folded menu do not jump. Keep it tiny: it blocks.
{
  const root = document.documentElement;
  root.dataset.script = '';
  try {
    const text = localStorage.getItem('jh-text');
    if (text) root.dataset.text = text;
    const nav = localStorage.getItem('jh-nav');
    if (nav) root.dataset.nav = nav;
  } catch {
    // Storage refused (private window): the defaults are right.
  }
}
