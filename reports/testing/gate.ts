import type { Change, Contest, Gate, GateCell, Run, Verdict } from '../../bench/contract/index.ts'

const side = (name: string): Gate['base'] => ({
  name,
  commit: `${name}0123456789abcdef`,
  build: 'npm ci',
  harness: { version: '0.1.0', from: 'its node_modules' },
  run: `${name}/invented`,
})

/** Invented, like the run that it borrows its host from. */
export function inventedGate(run: Run, changes: Partial<Gate> = {}): Gate {
  return {
    schema: 1,
    id: 'compare-invented',
    startedAt: run.startedAt,
    finishedAt: run.startedAt,
    kind: 'interleaved',
    outcome: 'regression',
    rules: { alpha: 0.01, threshold: 0.03, pairsFirst: 10, pairsStep: 5, pairsMax: 40 },
    seed: 7,
    plan: run.plan,
    host: run.host,
    placement: run.placement,
    base: side('main'),
    head: side('feature'),
    differences: [{ backend: 'sqlite', name: 'synchronous', base: 'full', head: 'normal' }],
    cells: [
      inventedCell('Calm', 'same', contest(0.002, 0.01, 'same')),
      inventedCell('Worse', 'slower', contest(0.08, 0.02, 'slower'), contest(0.074, 0.02, 'slower')),
      inventedCell('Luck', 'inconclusive', contest(0.05, 0.03, 'slower'), contest(0.01, 0.03, 'inconclusive')),
      { ...inventedCell('New', 'same', contest(0, 0, 'same')), outcome: { kind: 'only', side: 'head' } },
      {
        ...inventedCell('Broken', 'same', contest(0, 0, 'same')),
        outcome: {
          kind: 'failed',
          side: 'head',
          stage: 'measure',
          code: 'X',
          message: 'It broke.',
          remedy: 'Mend it.',
        },
      },
    ],
    controls: [{ backend: 'sqlite', scenario: 'calm', stage: 'first', contest: contest(0.001, 0.01, 'same') }],
    ...changes,
  }
}

export function contest(value: number, half: number, verdict: Verdict): Contest {
  const change: Change = { value, low: value - half, high: value + half, p: 0.001, detectable: half * 1.3 }
  return { pairs: [{ repetition: 0, baseNs: 1e3, headNs: 1e3 * (1 + value) }], change, holmP: 0.002, verdict }
}

export const inventedCell = (
  title: string,
  verdict: Verdict,
  first: Contest,
  confirmation: Contest | null = null,
): GateCell => ({
  backend: 'sqlite',
  scenario: title.toLowerCase(),
  title,
  definition: 'same',
  outcome: {
    kind: 'compared',
    verdict,
    first,
    confirmation,
    baseNs: 7340,
    headNs: 7340 * (1 + first.change.value),
    p99: { value: 0.04, low: -0.05, high: 0.12, p: 0.2, detectable: 0.117 },
    unsteady: [],
    repeated: 2,
  },
})
