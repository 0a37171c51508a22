import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'

/** What an expression may look at, and how the job stands. */
export interface Situation {
  readonly contexts: Readonly<Record<string, unknown>>
  readonly status: 'success' | 'failure' | 'cancelled'
}

const STATUS_FUNCTIONS = ['success', 'failure', 'always', 'cancelled'] as const

/** GitHub's own evaluator. Names and functions that it does not know are refused. */
function evaluated(expression: string, { contexts, status }: Situation): data.ExpressionData {
  const functions = STATUS_FUNCTIONS.map((name): FunctionDefinition => ({
    name,
    description: name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(name === 'always' || name === status),
  }))
  const tokens = new Lexer(expression).lex().tokens
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse()
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  return new Evaluator(tree, known, new Map(functions.map((one) => [one.name, one]))).evaluate()
}

/** A text with every `${{ }}` in it put in. */
export const filledIn = (text: string, situation: Situation): string =>
  text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluated(expression, situation).coerceString())

/** A condition; one that asks for no status is also asked for success. */
export function holds(condition: string | undefined, situation: Situation): boolean {
  const bare = (condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1')
  const asksStatus = new RegExp(`\\b(${STATUS_FUNCTIONS.join('|')})\\(`).test(bare)
  const value = evaluated(asksStatus ? bare : `success() && (${bare})`, situation)
  return !['false', '', '0'].includes(value.coerceString())
}
