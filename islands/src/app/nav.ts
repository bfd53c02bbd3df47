// The workbench's left navigation (folded and remembered on a desk, drawn over on a phone) and the small menus.
const narrow = matchMedia('(max-width: 991.98px)');

function remember(folded: boolean) {
  const root = document.documentElement;
  if (folded) root.dataset.nav = 'folded';
  else delete root.dataset.nav;
  try {
    localStorage.setItem('jh-nav', folded ? 'folded' : '');
  } catch {
    // Not remembered, then.
  }
}

export function leftNavigation() {
  const nav = document.getElementById('nav');
  const toggle = document.querySelector<HTMLElement>('[data-nav-toggle]');
  if (!nav || !toggle) return;
  toggle.setAttribute('role', 'button');
  const isOpen = () => (narrow.matches ? 'open' in nav.dataset : document.documentElement.dataset.nav !== 'folded');
  const say = () => toggle.setAttribute('aria-expanded', String(isOpen()));
  const draw = (open: boolean) => {
    if (open) nav.dataset.open = '';
    else delete nav.dataset.open;
    say();
  };
  const press = (event: Event) => {
    event.preventDefault();
    if (narrow.matches) {
      draw(!isOpen());
      if (isOpen()) nav.querySelector<HTMLElement>('a')?.focus({ preventScroll: true });
    } else {
      remember(document.documentElement.dataset.nav !== 'folded');
      say();
    }
  };
  toggle.addEventListener('click', press);
  toggle.addEventListener('keydown', (event) => {
    if (event.key === ' ') press(event);
  });
  nav.querySelector('[data-nav-close]')?.addEventListener('click', (event) => {
    event.preventDefault();
    draw(false);
    toggle.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && 'open' in nav.dataset) {
      draw(false);
      toggle.focus();
    }
  });
  document.addEventListener('click', (event) => {
    const target = event.target as Node;
    if ('open' in nav.dataset && !nav.contains(target) && !toggle.contains(target)) draw(false);
  });
  narrow.addEventListener('change', say);
  say();
  // Where the menu is longer than the window, it begins at the page one is on.
  const here = nav.querySelector<HTMLElement>('[aria-current]');
  if (here && here.offsetTop + here.offsetHeight > nav.clientHeight) nav.scrollTop = here.offsetTop - nav.clientHeight / 2;
}

/** A menu is a <details>; it closes when the reader turns elsewhere. */
export function menus() {
  const open = () => document.querySelectorAll<HTMLDetailsElement>('details.jh-menu[open]');
  document.addEventListener('click', (event) => {
    open().forEach((menu) => menu.contains(event.target as Node) || menu.removeAttribute('open'));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    open().forEach((menu) => {
      menu.removeAttribute('open');
      menu.querySelector<HTMLElement>('summary')?.focus();
    });
  });
}
