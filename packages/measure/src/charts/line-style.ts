/** The style of an implementation's or a peer's line, which is the same in every chart. */
export interface LineStyle {
  readonly color: string
  /** A pattern lists the lengths of dashes and gaps, in pixels. */
  readonly dash: 'solid' | 'dashed' | 'dotted' | readonly number[]
  readonly symbol: 'circle' | 'triangle' | 'rect' | 'diamond'
}

/*
 * The color palette of Okabe and Ito for color-blind readers, without its yellow, which is too faint on white. The
 * color stands for the dispatch method, dashes and symbol for the protocol, so lines also differ without colors.
 */
const METHOD_COLORS: Readonly<Record<string, string>> = {
  async: '#0072b2',
  'async-custom': '#d55e00',
  none: '#009e73',
  thread: '#cc79a7',
  uws: '#e69f00',
  'node-http2': '#000000',
}

const PROTOCOL_LINES: Readonly<Record<string, Omit<LineStyle, 'color'>>> = {
  mini: { dash: 'solid', symbol: 'circle' },
  http2: { dash: 'dashed', symbol: 'triangle' },
  nghttp2: { dash: 'dotted', symbol: 'rect' },
}

const OWN_PROTOCOL_LINE: Omit<LineStyle, 'color'> = { dash: 'solid', symbol: 'diamond' }

const DASH_DOT = [9, 3, 2, 3]

/** Servers on Node.js are black and grey. Other programs have dash-dot lines. */
const PEERS: Readonly<Record<string, LineStyle>> = {
  nghttpd: { color: '#56b4e9', dash: DASH_DOT, symbol: 'circle' },
  h2o: { color: '#5d3a9b', dash: DASH_DOT, symbol: 'rect' },
  nginx: { color: '#8c510a', dash: DASH_DOT, symbol: 'triangle' },
  'node-http2-compat': { color: '#000000', dash: 'dashed', symbol: 'rect' },
  'node-https': { color: '#757575', dash: 'solid', symbol: 'rect' },
  fastify: { color: '#757575', dash: 'dashed', symbol: 'triangle' },
  hono: { color: '#757575', dash: 'dotted', symbol: 'circle' },
}

/** For a remote server. There is at most one. */
const OTHER: LineStyle = { color: '#c2185b', dash: DASH_DOT, symbol: 'diamond' }

/** @param name of an implementation or a peer, such as `async/mini` */
export function lineStyle(name: string): LineStyle {
  const peer = PEERS[name]
  if (peer !== undefined) return peer
  const [method = '', protocol = ''] = name.split('/')
  const color = METHOD_COLORS[method]
  return color === undefined ? OTHER : { color, ...(PROTOCOL_LINES[protocol] ?? OWN_PROTOCOL_LINE) }
}
