/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { Chart } from 'chart.js'
import type { Drawing } from '../../charts/drawing.ts'

/** One chart on its canvas: drawn anew when the view changes, walked by arrow keys. */
export class Figure {
  readonly #canvas: HTMLCanvasElement
  #chart: Chart | null = null
  #drawing: Drawing | null = null
  #at = -1

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    canvas.addEventListener('keydown', (event) => this.#walk(event))
    canvas.addEventListener('blur', () => this.#point(-1))
  }

  show(drawing: Drawing): void {
    this.#chart?.destroy()
    this.#chart = null
    this.#drawing = drawing
    this.#at = -1
    const room = this.#canvas.parentElement!
    room.hidden = drawing.isEmpty
    room.style.height = `${drawing.height}px`
    const empty = room.parentElement!.querySelector<HTMLElement>('.empty')
    if (empty !== null) empty.hidden = !drawing.isEmpty
    this.#canvas.setAttribute(
      'aria-label',
      `${drawing.summary} ${drawing.points.length === 0 ? 'The' : 'Arrow keys read single points; the'} figures also stand in the tables.`,
    )
    if (drawing.isEmpty) return
    this.#chart = new Chart(this.#canvas, drawing.configuration)
  }

  #walk(event: KeyboardEvent): void {
    const points = this.#drawing?.points ?? []
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (step === undefined || this.#drawing === null) return
    event.preventDefault()
    if (points.length === 0) document.querySelector('#live')!.textContent = this.#drawing.summary
    else this.#point(Math.max(0, Math.min(points.length - 1, this.#at + step)))
  }

  #point(at: number): void {
    const chart = this.#chart
    if (chart === null) return
    this.#at = at
    const point = this.#drawing?.points[at]
    const active = point === undefined ? [] : [{ datasetIndex: point.dataset, index: point.index }]
    chart.setActiveElements(active)
    chart.tooltip?.setActiveElements(active, { x: 0, y: 0 })
    chart.update('none')
    if (point !== undefined) document.querySelector('#live')!.textContent = point.text
  }
}
