// <jh-chart type="line|area|bar|sparkline">: draws the table inside it. Without script the table is simply there.
// Attributes: unit (of the values), x-title, y-title, horizontal (bars across), size (small|tall), label (what it shows), bars (a sparkline of parts, not of a course).
import { words } from '../words';
import { readTable, type Data } from './data';
import { drawSpark } from './spark';

class JhChart extends HTMLElement {
  private stop: (() => void) | undefined;

  connectedCallback() {
    const table = this.querySelector('table');
    if (!table || 'ready' in this.dataset) return;
    const data = readTable(table);
    if (data.series.length === 0 || data.names.length === 0) return;
    if (this.getAttribute('type') === 'sparkline') {
      drawSpark(this, data);
      return;
    }
    // ECharts is large: it comes when the chart is about to be seen.
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        void this.draw(table, data);
      },
      { rootMargin: '300px' },
    );
    watch.observe(this);
    this.stop = () => watch.disconnect();
  }

  disconnectedCallback() {
    this.stop?.();
  }

  private async draw(table: HTMLTableElement, data: Data) {
    const { drawChart } = await import('./echarts');
    const canvas = document.createElement('div');
    canvas.className = 'jh-chart-canvas';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', this.getAttribute('label') ?? table.caption?.textContent?.trim() ?? '');
    this.prepend(canvas);
    this.stop = drawChart(this, canvas, data);
    this.fold(table);
    this.dataset.ready = '';
  }

  /** The table stays within reach of everyone, under a line that opens it. */
  private fold(table: HTMLTableElement) {
    const part = [...this.children].find((child) => child.contains(table)) ?? table;
    // The page folds a long table itself.
    if (part instanceof HTMLDetailsElement) return;
    const more = document.createElement('details');
    more.className = 'jh-chart-data';
    const summary = document.createElement('summary');
    summary.textContent = words.table;
    more.append(summary, part);
    this.append(more);
  }
}

customElements.define('jh-chart', JhChart);
