import { join } from 'node:path'
import { defineCommand } from 'citty'
import { rowCount, SqlatencyError } from '../contract/index.ts'
import { scriptFiles, writeScript } from '../k6/write.ts'
import { writeManifests } from '../k8s/write.ts'
import { choiceFlags, packageFacts } from './common.ts'
import { checkFlags, list, wholeNumber } from './flags.ts'
import { k6Flags, segmentsOf, settleForK6, timetableOf } from './k6-choice.ts'
import { regionOf, settle, withEnvironment } from './settings.ts'

const { config, plan, backend, scale, seed } = choiceFlags

const args = {
  config,
  region: { type: 'string', description: 'Regions, as the nodes of the cluster are labelled', valueHint: 'a,b' },
  to: { type: 'string', default: 'k8s', description: 'Folder for the manifests (k8s)', valueHint: 'folder' },
  plan,
  backend: { ...backend, description: 'Backends that the harness measures in each region' },
  ...k6Flags,
  runners: { type: 'string', default: '1', description: 'Pods of k6 that share the load of a region', valueHint: 'n' },
  image: {
    type: 'string',
    default: `sqlatency:${packageFacts.version}`,
    description: 'Image of the harness, as your registry has it',
    valueHint: 'name',
  },
  'k6-image': { type: 'string', default: 'grafana/k6:2.2.0', description: 'Image of k6', valueHint: 'name' },
  secret: {
    type: 'string',
    default: 'sqlatency',
    description: 'Secret that holds URLs and tokens as variables',
    valueHint: 'name',
  },
  'storage-class': { type: 'string', description: "For results (default: the cluster's own)", valueHint: 'name' },
  cpus: { type: 'string', default: '2', description: 'Processors of the harness in each region', valueHint: 'n' },
  scale,
  seed,
} as const

/** What Kubernetes takes for the name of an object, and what a name of an image is made of. */
const OBJECT = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/
const IMAGE = /^[\w][\w.\-/:@]*$/
/** Of the value of a label. */
const LONGEST_REGION = 63

export default defineCommand({
  meta: { name: 'k8s', description: 'Write what Kubernetes needs to run the harness and k6 in several regions' },
  args,
  async run({ args: flags, rawArgs }) {
    checkFlags(rawArgs, args)
    const { region: _, ...others } = flags
    const chosen = withEnvironment(others, process.env)
    const timetable = timetableOf(chosen)
    const runners = segmentsOf('--runners', flags.runners, timetable)
    // What the harness is told has to be right as well, though it is read elsewhere.
    const { config: path, plan: name, backend: ids, scenario: asked } = chosen
    await settle({ config: path, plan: name, backend: ids, scenario: asked, distances: '0' })
    const settings = await settleForK6(chosen)
    const options = {
      regions: regionsOf(flags.region),
      secret: matching('--secret', flags.secret, OBJECT),
      scenarios: settings.scenarios.map(({ id }) => id),
      job: {
        image: matching('--image', flags.image, IMAGE),
        command: commandOf(flags),
        cpus: wholeNumber('--cpus', flags.cpus, 1),
      },
      testRun: { image: matching('--k6-image', flags['k6-image'], IMAGE), runners },
      storageClass:
        flags['storage-class'] === undefined ? null : matching('--storage-class', flags['storage-class'], OBJECT),
    }
    const probe = join(flags.to, 'probe')
    const { scenarios, seed: seedNumber } = settings
    const drawn = { seed: seedNumber, count: rowCount(settings.plan.scale) }
    requireConfigMap(probe, scriptFiles({ scenarios, timetable, ...drawn }))
    writeScript(probe, scenarios, timetable, drawn)
    const files = writeManifests(flags.to, options).map((file) => join(flags.to, file))
    process.stdout.write(`${[probe, ...files].join('\n')}\n`)
  },
})

/** What a ConfigMap may hold, in bytes. */
const CONFIG_MAP_LIMIT = 1024 * 1024

function requireConfigMap(probe: string, files: Iterable<readonly [string, string]>): void {
  let bytes = 0
  for (const [, text] of files) bytes += Buffer.byteLength(text)
  if (bytes > CONFIG_MAP_LIMIT)
    throw new SqlatencyError(
      'USAGE',
      `${probe} would have ${bytes} bytes, and a ConfigMap may have ${CONFIG_MAP_LIMIT}; lower --rate or --duration, or name fewer scenarios.`,
    )
}

function regionsOf(text: string | undefined): string[] {
  const regions = [...new Set(list(text) ?? [])].flatMap((name) => regionOf(name) ?? [])
  if (regions.length === 0) throw new SqlatencyError('USAGE', 'Name the regions with --region, as nodes are labelled.')
  const long = regions.find((name) => name.length > LONGEST_REGION)
  if (long !== undefined)
    throw new SqlatencyError(
      'USAGE',
      `The region ${long} is longer than a label may be; ${LONGEST_REGION} are allowed.`,
    )
  return regions
}

function matching(flag: string, text: string, pattern: RegExp): string {
  if (!pattern.test(text))
    throw new SqlatencyError('USAGE', `${flag} is "${text}"; write a name that Kubernetes takes.`)
  return text
}

/** What was said here, and nothing else, so that an image with another configuration keeps its own. */
function commandOf(
  flags: Partial<Record<'plan' | 'backend' | 'scenario' | 'scale' | 'seed', string | undefined>>,
): string[] {
  const names = ['plan', 'backend', 'scenario', 'scale', 'seed'] as const
  return ['run', ...names.flatMap((name) => (flags[name] === undefined ? [] : [`--${name}`, flags[name]]))]
}
