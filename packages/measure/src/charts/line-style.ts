/** How the line of an implementation looks, the same in every chart. */
export interface LineStyle {
  readonly color: string
  readonly dash: 'solid' | 'dashed' | 'dotted'
  readonly symbol: 'circle' | 'triangle' | 'rect' | 'diamond'
}

/*
 * The colours of Okabe and Ito, which colour-blind people tell apart; without their yellow,
 * which is too faint on white. The colour stands for the dispatch method, dashes and symbol
 * for the protocol: so lines differ without colours as well.
 */
const METHOD_COLORS: Readonly<Record<string, string>> = {
  async: '#0072b2',
  'async-custom': '#d55e00',
  none: '#009e73',
  thread: '#cc79a7',
  uws: '#e69f00',
  'node-http2': '#000000',
}

const OTHER_COLOR = '#56b4e9'

const PROTOCOL_LINES: Readonly<Record<string, Omit<LineStyle, 'color'>>> = {
  mini: { dash: 'solid', symbol: 'circle' },
  http2: { dash: 'dashed', symbol: 'triangle' },
  nghttp2: { dash: 'dotted', symbol: 'rect' },
}

const OWN_PROTOCOL_LINE: Omit<LineStyle, 'color'> = { dash: 'solid', symbol: 'diamond' }

/** @param implementation as `async/mini` */
export function lineStyle(implementation: string): LineStyle {
  const [method = '', protocol = ''] = implementation.split('/')
  return {
    color: METHOD_COLORS[method] ?? OTHER_COLOR,
    ...(PROTOCOL_LINES[protocol] ?? OWN_PROTOCOL_LINE),
  }
}
