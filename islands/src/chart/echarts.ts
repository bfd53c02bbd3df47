// ECharts with our theme: titles with units, a zero line under bars, names at the lines instead of a legend.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { figure } from '../words';
import type { Data } from './data';

use([BarChart, LineChart, GridComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

interface Look {
  ink: string;
  soft: string;
  line: string;
  ground: string;
  palette: string[];
  size: number;
  family: string;
}

function look(host: HTMLElement): Look {
  const style = getComputedStyle(host);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: token('--jh-ink'),
    soft: token('--jh-ink-soft'),
    line: token('--jh-line'),
    ground: token('--jh-white'),
    palette: [1, 2, 3, 4, 5, 6].map((n) => token(`--jh-data-${n}`)),
    size: Math.round(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125),
    family: style.fontFamily,
  };
}

/** Draws, follows the element's size, and returns how to stop. */
export function drawChart(host: HTMLElement, canvas: HTMLElement, data: Data): () => void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const chart = init(canvas, undefined, { renderer: 'canvas' });
  const render = () => chart.setOption({ animation: !still, animationDuration: 300, ...option(host, canvas, data) }, true);
  render();
  const follow = new ResizeObserver(() => {
    chart.resize();
    render();
  });
  follow.observe(canvas);
  return () => {
    follow.disconnect();
    chart.dispose();
  };
}

function option(host: HTMLElement, canvas: HTMLElement, data: Data) {
  const l = look(host);
  const across = host.hasAttribute('horizontal');
  const type = host.getAttribute('type') ?? 'line';
  const unit = host.getAttribute('unit') ?? '';
  const text = { color: l.soft, fontSize: l.size, fontFamily: l.family };
  const names = {
    type: 'category',
    data: data.names,
    boundaryGap: type === 'bar',
    inverse: across,
    axisLine: { show: !across, lineStyle: { color: l.soft } },
    axisTick: { show: false },
    axisLabel: { ...text, hideOverlap: true, interval: across ? 0 : 'auto' },
    name: across ? '' : (host.getAttribute('x-title') ?? ''),
    nameLocation: 'middle',
    nameGap: l.size * 2.25,
    nameTextStyle: text,
  };
  const title = host.getAttribute('y-title') ?? (data.series.length === 1 ? data.series[0]!.name : '');
  const values = {
    type: 'value',
    // Bars stand on zero; a line may start where its story does.
    scale: type !== 'bar' && type !== 'area',
    splitNumber: 4,
    axisLine: { show: false },
    splitLine: { lineStyle: { color: l.line } },
    axisLabel: { ...text, formatter: figure, show: !across },
    name: [title, unit && `(${unit})`].filter(Boolean).join(' '),
    nameTextStyle: { ...text, align: 'left', padding: [0, 0, 0, across ? 0 : -2 * l.size] },
    nameGap: l.size,
    show: !across,
  };
  const many = data.series.length > 1;
  return {
    textStyle: text,
    color: l.palette,
    grid: {
      left: 4,
      right: type === 'bar' ? (across ? l.size * 5 : 4) : many ? Math.min(canvas.clientWidth * 0.3, room(data, l.size)) : l.size * 4,
      top: across ? 4 : l.size * 2.5,
      bottom: names.name ? l.size * 2.5 : 4,
      containLabel: true,
    },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText', // drawn on the canvas: our pages allow no inline style
      backgroundColor: l.ground,
      borderColor: l.soft,
      borderWidth: 1,
      textStyle: { color: l.ink, fontSize: l.size, fontFamily: l.family },
      valueFormatter: (v: unknown) => (typeof v === 'number' ? `${figure(v)}${unit && ` ${unit}`}` : '—'),
      axisPointer: { type: type === 'bar' ? 'shadow' : 'line', lineStyle: { color: l.soft }, shadowStyle: { color: l.line, opacity: 0.35 } },
    },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
    series: [...band(data, l), ...data.series.map((s, at) => (type === 'bar' ? bars(s, l, across, many) : lines(s, at, l, type, many)))],
  };
}

/** The width of the longest name: a Chinese character is as wide as it is high, a Latin one about half. */
function room(data: Data, size: number): number {
  const width = (name: string) => [...name].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e7f ? 1 : 0.56), 0);
  return Math.max(...data.series.map((s) => width(s.name))) * size + size * 1.5;
}

function bars(series: Data['series'][number], l: Look, across: boolean, many: boolean) {
  const few = series.values.length <= 24;
  return {
    type: 'bar',
    name: series.name,
    data: series.values,
    barMaxWidth: across ? 18 : 40,
    barCategoryGap: '35%',
    label: {
      show: across || (few && !many && series.values.length <= 14),
      position: across ? 'right' : 'top',
      color: l.ink,
      fontSize: l.size,
      fontFamily: l.family,
      formatter: (p: { value: unknown }) => (typeof p.value === 'number' ? figure(p.value) : ''),
    },
    labelLayout: { hideOverlap: true },
  };
}

function lines(series: Data['series'][number], at: number, l: Look, type: string, many: boolean) {
  return {
    type: 'line',
    name: series.name,
    data: series.values,
    symbol: 'circle',
    symbolSize: 6,
    showSymbol: series.values.length <= 14,
    lineStyle: { width: 2.5 },
    areaStyle: type === 'area' ? { opacity: 0.14 } : undefined,
    emphasis: { disabled: true },
    endLabel: {
      show: true,
      formatter: (p: { value: unknown }) => (many ? series.name : typeof p.value === 'number' ? figure(p.value) : ''),
      color: l.palette[at % l.palette.length],
      fontSize: l.size,
      fontFamily: l.family,
      fontWeight: 600,
      distance: 6,
      padding: [3, 0], // so that two names pushed apart do not touch
    },
    labelLayout: { moveOverlap: 'shiftY' },
  };
}

/** Uncertainty as a band: an unseen lower edge with the height of the band stacked on it. */
function band(data: Data, l: Look) {
  if (!data.low || !data.high) return [];
  const { low, high } = data;
  const edge = { type: 'line', stack: 'band', symbol: 'none', lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false }, z: 1 };
  return [
    { ...edge, data: low },
    { ...edge, data: high.map((h, at) => (h === null || low[at] == null ? null : h - low[at]!)), areaStyle: { color: l.palette[0], opacity: 0.14 } },
  ];
}
