import { SqlatencyError } from '../contract/index.ts'
import type { Answers } from './answers.ts'
import { answersDigest, answersOf, differences } from './answers.ts'
import type { LiveBackend } from './backend.ts'
import { checkDurability, liveFacts, withSession } from './backend.ts'
import type { RunContext } from './context.ts'
import { isNull } from './context.ts'

/**
 * Same questions, same answers, before any clock starts. Also where every backend's settings are read back.
 * @returns the backends that answered
 * @throws SqlatencyError ANSWERS_DIFFER, which ends the run
 */
export function verify(context: RunContext, live: readonly LiveBackend[]): Promise<LiveBackend[]> {
  const { record, request } = context
  return record.spend('verify', async () => {
    const asked = await Promise.all(
      live.map(async (backend) => ({ backend, answers: await question(context, backend) })),
    )
    const answered = new Map<string, readonly Answers[]>()
    for (const { id } of request.backends) {
      const answers = asked.find(({ backend }) => backend.spec.id === id)?.answers ?? []
      if (answers.length > 0) answered.set(id, answers)
    }
    const [different] = differences(answered)
    if (different !== undefined) {
      const { scenario, backends, expected, found } = different
      throw new SqlatencyError(
        'ANSWERS_DIFFER',
        `In ${scenario}, ${backends[1]} answers differently from ${backends[0]}: ${clip(found)} instead of ${clip(expected)}.`,
      )
    }
    context.answers = answered.values().next().value ?? []
    const agreed = answered.size < 2 ? [] : context.answers
    record.agree(new Map(agreed.map((answers) => [answers.scenario, answersDigest(answers)])))
    record.save()
    return asked.filter(({ answers }) => answers !== null).map(({ backend }) => backend)
  })
}

/** The answers of one backend, none for the null backend, or null when it failed. */
function question(context: RunContext, { spec, provisioned }: LiveBackend): Promise<readonly Answers[] | null> {
  const { request, record, listen, count } = context
  return context.attempt(spec, 'connect', async (enter) => {
    listen({ kind: 'backend', backend: spec.id, state: 'verifying' })
    const answers = await withSession(spec.adapter.connect(provisioned.address), async (session) => {
      const facts = await session.facts()
      record.describe(liveFacts({ spec, provisioned }, facts))
      checkDurability(spec, facts)
      enter('verify')
      // A moved backend is a database that answers already, and would answer in the middle of that one's writes.
      if (isNull(spec) || spec.movedFrom !== null) return []
      const { scenarios, seed, plan } = request
      return answersOf(session, { scenarios, dialect: spec.adapter.dialect, seed, samples: plan.verifySamples, count })
    })
    listen({ kind: 'backend', backend: spec.id, state: 'ready' })
    return answers
  })
}

const clip = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text)
