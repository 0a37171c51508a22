import type { IEnvVar, IPodSecurityContext, IResourceRequirements, IVolume, IVolumeMount } from 'kubernetes-models/v1'
import { fileNameOf } from '../k6/outputs.ts'
import type { Region } from './shared.ts'
import { labelsOf, loadName, nodesIn, onResults, resultsMount, resultsVolume, securityContext } from './shared.ts'

/** What is used of k6-operator's resource (https://github.com/grafana/k6-operator, `api/v1alpha1/testrun_types.go`). */
export interface TestRun {
  readonly apiVersion: 'k6.io/v1alpha1'
  readonly kind: 'TestRun'
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> }
  readonly spec: {
    readonly parallelism: number
    readonly separate: boolean
    readonly script: { readonly configMap: { readonly name: string; readonly file: string } }
    /** Split at spaces by the operator, so no value may have one. */
    readonly arguments: string
    readonly runner: {
      readonly image: string
      readonly metadata: { readonly labels: Record<string, string> }
      readonly automountServiceAccountToken: 'false'
      readonly nodeSelector: Record<string, string>
      readonly securityContext: IPodSecurityContext
      readonly env: readonly IEnvVar[]
      readonly resources: IResourceRequirements
      readonly volumes: readonly IVolume[]
      readonly volumeMounts: readonly IVolumeMount[]
    }
  }
}

export interface TestRunOptions {
  readonly image: string
  /** Pods that share the load by execution segments. */
  readonly runners: number
}

/** Made by its user of the folder with the script: a ConfigMap holds a folder of files, and no folder in it. */
const SCRIPT_CONFIG_MAP = 'sqlatency-probe'

/** User of k6's image. */
const USER = 12_345

/**
 * One load in one region: the pods of a TestRun share a spec, so a region is a TestRun of its own.
 * @param scenario null: requests that do nothing
 */
export function testRunIn(region: Region, { image, runners }: TestRunOptions, scenario: string | null): TestRun {
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: { name: loadName(scenario, region.name), labels: labelsOf(region) },
    spec: {
      parallelism: runners,
      // Runners on one node would share its processors, and there one runner has all of them already.
      separate: runners > 1,
      script: { configMap: { name: SCRIPT_CONFIG_MAP, file: 'probe.ts' } },
      // A threshold would be judged in every runner alone. The name of a pod is filled in by Kubernetes.
      arguments: `--no-usage-report --no-thresholds --out json=${onResults(`${fileNameOf(scenario)}.$(POD_NAME).json.gz`)}`,
      runner: {
        image,
        metadata: { labels: labelsOf(region) },
        automountServiceAccountToken: 'false',
        nodeSelector: nodesIn(region),
        securityContext: securityContext(USER),
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'SQLATENCY_K6_SCENARIO', value: scenario ?? '/empty' },
          ...['SQLATENCY_URL', 'SQLATENCY_TOKEN'].map((key) => ({
            name: key,
            valueFrom: { secretKeyRef: { name: region.secret, key } },
          })),
          { name: 'K6_AUTO_EXTENSION_RESOLUTION', value: 'false' },
        ],
        resources: { requests: { cpu: '1', memory: '512Mi' }, limits: { memory: '2Gi' } },
        volumes: [resultsVolume(region)],
        volumeMounts: [resultsMount],
      },
    },
  }
}
