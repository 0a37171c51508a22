import type { Cell, Trouble } from '../bench/contract/index.ts'

/** Why a cell has no figure, in one or two sentences. */
export function missingText(cell: Cell): string {
  switch (cell.outcome) {
    case 'skipped':
      return `skipped: ${sentence(cell.reason)}`
    case 'failed':
      return troubleText(cell)
    case 'pending':
      return 'not measured yet.'
    case 'measured':
      return 'measured.'
  }
}

export function troubleText({ stage, code, message, remedy }: Trouble): string {
  return `failed at ${stage} (${code}): ${sentence(message)} ${sentence(remedy)}`
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) || text === '' ? text : `${text}.`
}
