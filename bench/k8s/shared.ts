import { createHash } from 'node:crypto'

/** What every manifest of one region needs to know. */
export interface Region {
  /** Value of the node label that clouds give their regions, and the `--region` of what is measured there. */
  readonly name: string
  /** Secret with the variables that tell where databases are, and their tokens. Made by its user; never written here. */
  readonly secret: string
}

const REGION_LABEL = 'topology.kubernetes.io/region'

/** The group of k6's own image; what is written to the volume belongs to it. */
const GROUP = 12_345
const RESULTS = '/results'

/** A name of an object: operators add to it, and 63 characters are all there are. */
export function objectName(...parts: readonly string[]): string {
  const name = ['sqlatency', ...parts].join('-')
  return name.length <= LONGEST_NAME ? name : withDigest(name, name)
}

/** Of a load. `read` in `eu-west` and `read-eu` in `west` differ by a digest, and so do a scenario `empty` and requests that do nothing. */
export const loadName = (scenario: string | null, region: string): string =>
  withDigest(`sqlatency-${scenario ?? 'empty'}-${region}`, JSON.stringify([scenario, region]))

function withDigest(name: string, of: string): string {
  const digest = createHash('sha256').update(of).digest('hex').slice(0, 8)
  return `${name.slice(0, LONGEST_NAME - 9).replace(/-+$/, '')}-${digest}`
}

const LONGEST_NAME = 48

export const claimName = ({ name }: Region): string => objectName('results', name)

export const labelsOf = ({ name }: Region): Record<string, string> => ({
  'app.kubernetes.io/name': 'sqlatency',
  'sqlatency-region': name,
})

export const nodesIn = ({ name }: Region): Record<string, string> => ({ [REGION_LABEL]: name })

/** @param user of the image */
export const securityContext = (user: number) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: GROUP,
  fsGroup: GROUP,
})

export const resultsVolume = (region: Region) => ({
  name: 'results',
  persistentVolumeClaim: { claimName: claimName(region) },
})

export const resultsMount = { name: 'results', mountPath: RESULTS }

/** A file or folder on the volume. */
export const onResults = (name = ''): string => (name === '' ? RESULTS : `${RESULTS}/${name}`)
