import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { Job } from 'kubernetes-models/batch/v1'
import { PersistentVolumeClaim, Pod } from 'kubernetes-models/v1'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { TestRun } from './k8s/test-run.ts'
import { project, sqlatency } from './testing/cli.ts'

const REGIONS = ['eu-west-1', 'us-east-1']
const asked = ['k8s', '--region', REGIONS.join(','), '--scenario', 'point-read,transfer', '--scale', '0.02']

type Manifest = Record<string, unknown> & { kind: string; metadata: { name: string } }

/** Every object of a file, as a reader of YAML 1.2 sees it. */
function objectsIn(folder: string, ...path: string[]): Manifest[] {
  const documents = parseAllDocuments(readFileSync(join(folder, ...path), 'utf8'))
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
  return documents.map((one) => one.toJS() as Manifest)
}

async function written(...more: string[]): Promise<string> {
  const folder = project()
  expect(await sqlatency(folder, [...asked, ...more])).toMatchObject({ code: 0, stderr: '' })
  return join(folder, 'k8s')
}

test('each region has a folder of its own, and the script lies beside them', async () => {
  const folder = await written()
  expect(readdirSync(folder).toSorted()).toEqual([...REGIONS, 'probe'].toSorted())
  for (const region of REGIONS)
    expect(readdirSync(join(folder, region)).toSorted()).toEqual([
      'job.yaml',
      'results.yaml',
      'testrun-_empty.yaml',
      'testrun-point-read.yaml',
      'testrun-transfer.yaml',
    ])
  expect(readdirSync(join(folder, 'probe')).toSorted()).toEqual([
    'plan.json',
    'point-read.questions.json',
    'probe.ts',
    'transfer.questions.json',
  ])
})

describe('by the schemas of Kubernetes', () => {
  test('the job, the claim and the pod are what they say they are', async () => {
    const folder = await written('--runners', '3', '--storage-class', 'shared')
    for (const region of REGIONS) {
      const [job] = objectsIn(folder, region, 'job.yaml')
      new Job(job as never).validate()
      expect(job!.metadata.name).toBe(`sqlatency-run-${region}`)
      const [claim, reader] = objectsIn(folder, region, 'results.yaml')
      new PersistentVolumeClaim(claim as never).validate()
      expect(claim).toMatchObject({ spec: { accessModes: ['ReadWriteMany'], storageClassName: 'shared' } })
      new Pod(reader as never).validate()
    }
  })

  test('and a wrong one is not', async () => {
    const [job] = objectsIn(await written(), 'eu-west-1', 'job.yaml')
    const { template } = job!['spec'] as { template: { spec: object } }
    const without = { ...job, spec: { template: { ...template, spec: { restartPolicy: 'Never' } } } }
    expect(() => new Job(without as never).validate()).toThrow('containers')
  })
})

/** Of a container: what the operator makes of a runner, so that the same schema can judge it. */
function podOf({ spec: { runner } }: TestRun): unknown {
  const { image, env, resources, volumeMounts, volumes, nodeSelector, securityContext } = runner
  const containers = [{ name: 'k6', image, env, resources, volumeMounts }]
  return { apiVersion: 'v1', kind: 'Pod', spec: { nodeSelector, securityContext, volumes, containers } }
}

test('a test run is a load in a region, shared by its runners, and its pod is one', async () => {
  const folder = await written('--runners', '3')
  for (const region of REGIONS) {
    for (const [file, scenario] of [
      ['testrun-_empty.yaml', '/empty'],
      ['testrun-point-read.yaml', 'point-read'],
    ] as const) {
      const [object] = objectsIn(folder, region, file)
      const run = object as unknown as TestRun
      expect(run).toMatchObject({
        apiVersion: 'k6.io/v1alpha1',
        kind: 'TestRun',
        spec: {
          parallelism: 3,
          separate: true,
          script: { configMap: { name: 'sqlatency-probe', file: 'probe.ts' } },
          runner: { nodeSelector: { 'topology.kubernetes.io/region': region } },
        },
      })
      expect(run.spec.runner.env).toContainEqual({ name: 'SQLATENCY_K6_SCENARIO', value: scenario })
      new Pod(podOf(run) as never).validate()
    }
  }
})

/** The operator's definition of its resource, where Go brought it. CI names it, and there this is not skipped. */
const DEFINITION = process.env['SQLATENCY_TESTRUN_CRD'] ?? ''

interface Definition {
  spec: { versions: { name: string; schema: { openAPIV3Schema: object } }[] }
}

/** As an API server that refuses unknown fields reads a schema. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]))
  return 'properties' in inner && !('additionalProperties' in inner) ? { ...inner, additionalProperties: false } : inner
}

test.skipIf(DEFINITION === '')(
  'by the definition of k6-operator a test run is one (needs it in SQLATENCY_TESTRUN_CRD)',
  async () => {
    const [document] = parseAllDocuments(readFileSync(DEFINITION, 'utf8'))
    const { versions } = (document!.toJS() as Definition).spec
    const { openAPIV3Schema } = versions.find(({ name }) => name === 'v1alpha1')!.schema
    const { properties, ...rest } = openAPIV3Schema as { properties: Record<string, object> }
    // The API server knows metadata itself.
    const schema = { ...(strict({ ...rest, properties }) as object) } as { properties: Record<string, object> }
    const validate = new Ajv({ strict: false, validateFormats: false }).compile({
      ...schema,
      properties: { ...schema.properties, metadata: { type: 'object' } },
    })
    const [object] = objectsIn(await written('--runners', '3'), 'eu-west-1', 'testrun-transfer.yaml')
    expect([validate(object), validate.errors]).toEqual([true, null])
    expect(validate({ ...object, spec: { ...(object!['spec'] as object), parallelisms: 3 } })).toBe(false)
  },
)

test('no token or address gets into a manifest, and what is secret is named', async () => {
  const folder = project()
  const secrets = {
    SQLATENCY_URL: 'https://secret.example',
    SQLATENCY_TOKEN: 'a-token',
    SQLATENCY_D1_WORKER_TOKEN: 'b',
  }
  const env = { ...secrets, SQLATENCY_D1_WORKER_URL: 'https://other-secret.example' }
  const more = ['--backend', 'd1-worker', '--secret', 'of-mine', '--seed', '7', '--plan', 'smoke']
  expect(await sqlatency(folder, [...asked, ...more], env)).toMatchObject({ code: 0 })
  const files = readdirSync(join(folder, 'k8s'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  expect(files.length).toBe(14)
  for (const { parentPath, name } of files)
    expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/secret\.example|a-token/)
  const [job] = objectsIn(folder, 'k8s', 'eu-west-1', 'job.yaml')
  const args = ['run', '--plan', 'smoke', '--backend', 'd1-worker', '--scenario', 'point-read,transfer']
  const rest = ['--scale', '0.02', '--seed', '7', '--region', 'eu-west-1', '--output', '/results', '--quiet']
  expect(job).toMatchObject({
    spec: {
      template: {
        spec: { containers: [{ args: [...args, ...rest], envFrom: [{ secretRef: { name: 'of-mine' } }] }] },
      },
    },
  })
})

test('a long name is cut, stays different from others like it, and has room for what the operator adds', async () => {
  const [one, other] = ['a'.repeat(58), `${'a'.repeat(57)}b`]
  const folder = project()
  expect(await sqlatency(folder, ['k8s', '--region', `${one},${other}`, '--scale', '0.02'])).toMatchObject({ code: 0 })
  const names = [one, other].map((region) => objectsIn(folder, 'k8s', region!, 'testrun-_empty.yaml')[0]!.metadata.name)
  expect(new Set(names).size).toBe(2)
  for (const name of names) {
    expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    expect(`${name}-service-100`.length).toBeLessThanOrEqual(63)
  }
})

const SCENARIOS = `
import { blog, defineConfig, defineScenario, single } from 'sqlatency'
const read = (id) => defineScenario({
  id, title: id, why: 'A test.', dataset: blog, kind: 'read', work: single('SELECT $1', (draw) => [draw.integer(9)]),
})
export default defineConfig({ scenarios: ['empty', 'read', 'read-eu'].map(read) })
`

test('no scenario has the name of the empty request, and no two loads have one name', async () => {
  const folder = project({ 'sqlatency.config.ts': SCENARIOS })
  const flags = ['--region', 'eu-west,west', '--scenario', 'empty,read,read-eu', '--scale', '0.02']
  expect(await sqlatency(folder, ['k8s', ...flags])).toMatchObject({ code: 0 })
  const loads = ['eu-west', 'west'].flatMap((region) =>
    readdirSync(join(folder, 'k8s', region))
      .filter((name) => name.startsWith('testrun-'))
      .map((file) => objectsIn(folder, 'k8s', region, file)[0] as unknown as TestRun),
  )
  const ids = loads.map(({ spec }) => spec.runner.env.find(({ name }) => name === 'SQLATENCY_K6_SCENARIO')!.value!)
  const each = ['/empty', 'empty', 'read', 'read-eu']
  expect(ids.toSorted()).toEqual([...each, ...each].toSorted())
  const names = loads.map(({ metadata }) => metadata.name)
  expect(new Set(names).size).toBe(8)
  for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  const outputs = loads.map(({ spec }) => /--out json=(\S+)/.exec(spec.arguments)![1])
  expect(new Set(outputs).size).toBe(4)
})

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .toSorted()

describe('more questions than a ConfigMap holds', () => {
  const regions = ['k8s', '--region', REGIONS.join(','), '--scale', '0.02']
  const much = [...regions, '--scenario', 'point-read,transfer', '--rate', '1000', '--duration', '9s']
  const refused = { code: 2, stderr: expect.stringMatching(/would have \d+ bytes, and a ConfigMap may have/) }

  test('are refused before anything is written', async () => {
    const folder = project()
    expect(await sqlatency(folder, much)).toMatchObject(refused)
    expect(readdirSync(folder)).not.toContain('k8s')
  })

  test('and the remedy helps where they lie already: fewer scenarios', async () => {
    const folder = project()
    expect(await sqlatency(folder, ['k6', '--script-only', 'k8s/probe', ...much.slice(5)])).toMatchObject({ code: 0 })
    expect(await sqlatency(folder, much)).toMatchObject(refused)
    const fewer = [...regions, '--scenario', 'point-read', '--rate', '1000', '--duration', '9s']
    expect(await sqlatency(folder, fewer)).toMatchObject({ code: 0 })
    expect(readdirSync(join(folder, 'k8s', 'probe')).toSorted()).toEqual([
      'plan.json',
      'point-read.questions.json',
      'probe.ts',
    ])
  })
})

test('what an earlier call wrote of other scenarios is removed, and nothing else', async () => {
  const folder = await written()
  const own = ['notes.txt', 'probe/mine.questions.json', 'eu-west-1/testrun-mine.yaml', 'eu-west-1/mine.yaml']
  for (const name of own) writeFileSync(join(folder, name), 'of mine\n')
  const fewer = ['k8s', '--region', 'eu-west-1', '--scenario', 'transfer', '--scale', '0.02']
  const { code, stdout } = await sqlatency(join(folder, '..'), fewer)
  expect(code).toBe(0)
  expect(stdout).not.toContain('point-read')
  const gone = ['probe/point-read.questions.json', 'eu-west-1/testrun-point-read.yaml']
  const before = ['_empty', 'point-read', 'transfer'].flatMap((id) =>
    REGIONS.map((name) => `${name}/testrun-${id}.yaml`),
  )
  const others = REGIONS.flatMap((name) => [`${name}/job.yaml`, `${name}/results.yaml`])
  const probe = ['plan.json', 'point-read.questions.json', 'probe.ts', 'transfer.questions.json']
  const all = [...before, ...others, ...probe.map((name) => `probe/${name}`), ...own]
  expect(filesIn(folder)).toEqual(all.filter((name) => !gone.includes(name)).toSorted())
})

test.each([
  [[], 'Name the regions with --region'],
  [['--region', 'EU west!'], 'The region is "EU west!"'],
  [['--region', 'a'.repeat(64)], 'longer than a label may be'],
  [['--region', 'eu', '--runners', '0'], '--runners is "0"'],
  [['--region', 'eu', '--runners', '3', '--concurrency', '2'], '3 segments cannot share 2 virtual users'],
  [['--region', 'eu', '--image', 'a\n  b: c'], 'write a name that Kubernetes takes'],
  [['--region', 'eu', '--secret', '{{ x }}'], '--secret is "{{ x }}"'],
  [['--region', 'eu', '--k6-image=--rm'], 'write a name that Kubernetes takes'],
  [['--region', 'eu', '--backend', 'postgres-lcal'], 'Did you mean postgres-local?'],
  [['--region', 'eu', '--plan', 'smok'], 'Did you mean smoke?'],
])('k8s %j: exit code 2, and nothing is written', async (flags, said) => {
  const folder = project()
  expect(await sqlatency(folder, ['k8s', ...flags])).toMatchObject({ code: 2, stderr: expect.stringContaining(said) })
  expect(readdirSync(folder)).not.toContain('k8s')
})
