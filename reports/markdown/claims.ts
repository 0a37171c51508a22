import type { ClaimGroup } from '../claims.ts'
import { claimCounts, claimGroups, CLAIMS_TITLE, claimsAbout, NO_CLAIMS } from '../claims.ts'
import { MISSING } from '../format.ts'
import { escapeMarkdown, table } from '../markdown-text.ts'
import type { View } from '../view.ts'

/** Verdicts with what was measured beside what was claimed, then what cannot be told and why. */
export function claimsMarkdown(view: View): string[] {
  const counts = claimCounts(view)
  if (counts === null) return [`## ${CLAIMS_TITLE}`, NO_CLAIMS]
  return [`## ${CLAIMS_TITLE}`, claimsAbout(view), counts, ...claimGroups(view).flatMap(group)]
}

function group({ source, name, judged, untold }: ClaimGroup): string[] {
  const rows = judged.flatMap(({ judged: { claim }, verdict, remarks, claimed, findings }) =>
    findings.map(({ value, interval, on, conditions, letters }) => [
      escapeMarkdown(claim.text),
      escapeMarkdown([verdict, ...remarks].join('; ')),
      `${value} (${interval})${letters.length === 0 ? '' : ` <sup>${letters.join(' ')}</sup>`}`,
      claimed,
      escapeMarkdown(on),
      conditions === '' ? MISSING : escapeMarkdown(conditions),
    ]),
  )
  const reasons = untold.map(
    ({ judged: { claim }, remarks }) => `- ${escapeMarkdown(claim.text)}: ${escapeMarkdown(remarks.join('; '))}`,
  )
  const readings = judged.flatMap(({ judged: { claim } }) =>
    claim.reading === undefined ? [] : [`- ${escapeMarkdown(claim.text)}: ${escapeMarkdown(claim.reading)}`],
  )
  return [
    `### ${escapeMarkdown(source.url === undefined ? name : `${name}, ${source.url}`)}`,
    ...(rows.length === 0 ? [] : [table(['Claim', 'Verdict', 'Measured here', 'Claimed', 'On', 'Conditions'], rows)]),
    ...(readings.length === 0 ? [] : ['How these words are read as numbers:', readings.join('\n')]),
    ...(reasons.length === 0 ? [] : ['What this run cannot tell:', reasons.join('\n')]),
  ]
}
