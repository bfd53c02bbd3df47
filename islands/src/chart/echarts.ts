// ECharts with our theme: titles with units, a zero line under bars, names at the lines instead of a legend.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { figure } from '../words';
import type { Data } from './data';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

// From the last point or the bar's foot to its name, in pixels; ECharts drops `distance` where an offset is given.
const BESIDE = 8;

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
  const render = () => {
    chart.setOption({ animation: !still, animationDuration: 300, ...option(host, canvas, data) }, true);
    if (host.getAttribute('type') !== 'bar' && data.series.length > 1) partNames(chart, data, look(host).size);
  };
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

/** Pushes apart the names at the lines' ends where they would touch. */
function partNames(chart: ECharts, data: Data, size: number) {
  const gap = size * 1.4;
  const ends = data.series.map((series, at) => {
    const last = series.values.reduce<number>((found, v, index) => (v === null ? found : index), 0);
    const pixel = chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [last, series.values[last] ?? 0]);
    return { at, from: pixel[1] ?? 0, to: pixel[1] ?? 0 };
  });
  ends.sort((a, b) => a.from - b.from);
  for (let i = 1; i < ends.length; i++) ends[i]!.to = Math.max(ends[i]!.to, ends[i - 1]!.to + gap);
  // Half of what was pushed down goes back up, so that both move a little rather than one a lot.
  const drift = Math.max(0, ...ends.map((end) => end.to - end.from)) / 2;
  const offsets = data.series.map((series) => ({ name: series.name, endLabel: { offset: [BESIDE, 0] } }));
  for (const end of ends) offsets[end.at]!.endLabel.offset[1] = end.to === end.from && drift === 0 ? 0 : end.to - end.from - (crowded(ends, end, gap) ? drift : 0);
  chart.setOption({ series: offsets });
}

function crowded(ends: { from: number }[], end: { from: number }, gap: number): boolean {
  return ends.some((other) => other !== end && Math.abs(other.from - end.from) < gap);
}

function option(host: HTMLElement, canvas: HTMLElement, data: Data) {
  const l = look(host);
  const across = host.hasAttribute('horizontal');
  const type = host.getAttribute('type') ?? 'line';
  const unit = host.getAttribute('unit') ?? '';
  const text = { color: l.soft, fontSize: l.size, fontFamily: l.family };
  const nameRoom = across ? namesAcross(data, l, canvas.clientWidth) : 0;
  if (across) canvas.style.height = `${heightAcross(data, nameRoom, l.size)}px`;
  const names = {
    type: 'category',
    data: data.names,
    boundaryGap: type === 'bar',
    inverse: across,
    axisLine: { show: !across, lineStyle: { color: l.soft } },
    axisTick: { show: false },
    axisLabel: across ? { ...text, interval: 0, align: 'left', margin: nameRoom + BESIDE, width: nameRoom, overflow: 'breakAll', lineHeight: l.size * 1.25 } : { ...text, hideOverlap: true },
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
    // Whole things are counted in whole steps.
    minInterval: data.series.every((series) => series.values.every((v) => v === null || Number.isInteger(v))) ? 1 : 0,
    axisLine: { show: false },
    splitLine: { lineStyle: { color: l.line } },
    axisLabel: { ...text, formatter: figure, show: !across },
    name: [title, unit && `(${unit})`].filter(Boolean).join(' '),
    nameTextStyle: { ...text, align: 'left', padding: [0, 0, 0, across ? 0 : -2 * l.size] },
    nameGap: l.size,
    show: !across,
  };
  const many = data.series.length > 1;
  // Bars side by side have no end to write a name at.
  const key = type === 'bar' && many;
  return {
    legend: { show: key, top: 0, right: 0, itemWidth: 14, itemHeight: 10, icon: 'rect', textStyle: text, selectedMode: false },
    textStyle: text,
    color: l.palette,
    grid: {
      left: across ? nameRoom + BESIDE : 4,
      right: type === 'bar' ? (across ? l.size * (4.5 + unit.length) : 4) : many ? Math.min(canvas.clientWidth * 0.3, Math.max(...data.series.map((s) => wide(s.name, l.size))) + 1.5 * l.size) : l.size * 4,
      top: across ? (key ? l.size * 2.5 : 4) : l.size * 2.5,
      bottom: names.name ? l.size * 2.5 : 4,
      // Across, the names stand at the left edge and have the room they need, which ECharts would not give them.
      containLabel: !across,
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
    series: [...band(data, l), ...data.series.map((s, at) => (type === 'bar' ? bars(s, l, across, many, unit) : lines(s, at, l, type, many)))],
  };
}

/** The room for names beside bars: what the longest takes, and no more than two fifths of the chart. */
function namesAcross(data: Data, l: Look, width: number): number {
  const pen = document.createElement('canvas').getContext('2d');
  if (pen) pen.font = `${l.size}px ${l.family}`;
  const longest = Math.max(...data.names.map((name) => pen?.measureText(name).width ?? wide(name, l.size)));
  return Math.ceil(Math.min(longest + 1, Math.max(width * 0.38, 8 * l.size)));
}

/** The width of a text: a Chinese character is as wide as it is high, a Latin one about half. */
function wide(text: string, size: number): number {
  return [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e7f ? size : size * 0.56), 0);
}

/** Bars across need a line each, however many there are, and two where a name is long. */
function heightAcross(data: Data, nameRoom: number, size: number): number {
  const row = (name: string) => Math.max(1.1 + 1.1 * data.series.length, 0.6 + 1.25 * Math.ceil(wide(name, size) / nameRoom));
  return data.names.reduce((sum, name) => sum + row(name) * size, (data.series.length > 1 ? 3.5 : 1) * size);
}

function bars(series: Data['series'][number], l: Look, across: boolean, many: boolean, unit: string) {
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
      formatter: (p: { value: unknown }) => (typeof p.value === 'number' ? figure(p.value) + (across && unit ? ` ${unit}` : '') : ''),
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
    color: l.palette[at % l.palette.length],
    lineStyle: { width: 2.5 },
    areaStyle: type === 'area' ? { opacity: 0.14 } : undefined,
    emphasis: { disabled: true },
    endLabel: {
      show: true,
      formatter: (p: { value: unknown }) => (many ? series.name : typeof p.value === 'number' ? figure(p.value) : ''),
      color: l.ink, // the palette's amber is too light for words; the name stands at its line
      fontSize: l.size,
      fontFamily: l.family,
      fontWeight: 600,
      distance: 6,
    },
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
