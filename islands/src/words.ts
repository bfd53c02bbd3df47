// The few words that scripts say themselves; every other word comes from the page.
const zh = {
  confirm: '请确认',
  yes: '确认执行',
  no: '不做了',
  copied: '已复制',
  offline: '网络已断开。页面上的内容仍可查看，恢复后可继续提交。',
  online: '网络已恢复。',
  offlineKept: '网络已断开。您上报和提交的都存在这部手机里，网络恢复后自动发送，不用重填。',
  onlineKept: '网络已恢复，正在发送手机里存的。',
  close: '关闭',
  drawing: '正在画地图……',
  scroll: '可左右滚动的表格',
  table: '查看数据表',
  zoomIn: '放大',
  zoomOut: '缩小',
  reset: '回到全图',
  north: '北',
  map: '地图，用方向键移动，用加号和减号缩放',
  noData: '无数据',
  mapAway: '地图没有画出来，同样的内容见下。',
  gesture: '按住 Ctrl 并滚动可缩放地图',
  fingers: '用两指移动地图',
  gathered: '数字是该处的数量，放大后显示每一个',
  draw: '画点',
  undo: '撤回一点',
  clear: '清除',
};

const en: typeof zh = {
  confirm: 'Please confirm',
  yes: 'Yes, go ahead',
  no: 'Cancel',
  copied: 'Copied',
  offline: 'You are offline. You can still read this page, and submit once the connection is back.',
  online: 'The connection is back.',
  offlineKept: 'You are offline. What you report is kept on this phone and sent by itself once the connection is back; there is no need to type it again.',
  onlineKept: 'The connection is back. What is kept on this phone is being sent.',
  close: 'Close',
  drawing: 'Drawing the map…',
  scroll: 'Table that scrolls sideways',
  table: 'Show the data',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  reset: 'Show the whole map',
  north: 'N',
  map: 'Map. Arrow keys move it, plus and minus zoom',
  noData: 'No data',
  mapAway: 'The map could not be drawn; the same is said below.',
  gesture: 'Hold Ctrl and scroll to zoom the map',
  fingers: 'Use two fingers to move the map',
  gathered: 'Figures say how many are there; zoom in for each',
  draw: 'Draw',
  undo: 'Undo a point',
  clear: 'Clear',
};

export const words = document.documentElement.lang.startsWith('en') ? en : zh;

/** A number as our tables write it: 1,234 or 12.5. */
export function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
}
