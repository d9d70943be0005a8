import * as echarts from 'echarts'
import { WIDTH } from './chart-style'

/** Draws a chart as SVG. */
export function drawSvg(option: echarts.EChartsOption, height: number): string {
  const instance = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  try {
    instance.setOption(option)
    return instance.renderToSVGString()
  } finally {
    instance.dispose()
  }
}
