import type { IJob } from 'kubernetes-models/batch/v1'
import type { Region } from './shared.ts'
import { labelsOf, nodesIn, objectName, onResults, resultsMount, resultsVolume, securityContext } from './shared.ts'

export interface JobOptions {
  /** The image of the project, as its Dockerfile makes it. */
  readonly image: string
  /** What `sqlatency` is told, beside region and output. */
  readonly command: readonly string[]
  /** Whole processors, so that a kubelet with the static policy gives them to nobody else. */
  readonly cpus: number
}

/** User of the image: `node`. */
const USER = 1000

/** The harness itself in a region, once. */
export function jobIn(region: Region, { image, command, cpus }: JobOptions): IJob {
  const size = { cpu: String(cpus), memory: `${2 * cpus}Gi` }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: objectName('run', region.name), labels: labelsOf(region) },
    spec: {
      // A second try would be another run, on another machine.
      backoffLimit: 0,
      template: {
        metadata: { labels: labelsOf(region) },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          nodeSelector: nodesIn(region),
          securityContext: securityContext(USER),
          containers: [
            {
              name: 'sqlatency',
              image,
              args: [...command, '--region', region.name, '--output', onResults(), '--quiet'],
              envFrom: [{ secretRef: { name: region.secret, optional: true } }],
              resources: { requests: size, limits: size },
              volumeMounts: [resultsMount],
            },
          ],
          volumes: [resultsVolume(region)],
        },
      },
    },
  }
}
