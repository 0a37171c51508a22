import type { ChartComponentLike } from 'chart.js'
import {
  Filler,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js'

/** What of Chart.js the charts need, for the page and for figures. */
export const parts: readonly ChartComponentLike[] = [
  Filler,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
]
