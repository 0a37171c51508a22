import type { IPersistentVolumeClaim, IPod } from 'kubernetes-models/v1'
import type { Region } from './shared.ts'
import {
  claimName,
  labelsOf,
  nodesIn,
  objectName,
  onResults,
  resultsMount,
  resultsVolume,
  securityContext,
} from './shared.ts'

export interface ResultsOptions {
  /** Pods on several nodes write at once, which not every storage class can. */
  readonly shared: boolean
  /** Null: the cluster's own. */
  readonly storageClass: string | null
}

/** Where the pods of a region write to. */
export function claimIn(region: Region, { shared, storageClass }: ResultsOptions): IPersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claimName(region), labels: labelsOf(region) },
    spec: {
      accessModes: [shared ? 'ReadWriteMany' : 'ReadWriteOnce'],
      ...(storageClass === null ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: '5Gi' } },
    },
  }
}

/** A pod that does nothing but hold the volume, so that `kubectl cp` can read it. */
export function readerIn(region: Region): IPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: objectName('reader', region.name), labels: labelsOf(region) },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      nodeSelector: nodesIn(region),
      securityContext: securityContext(1000),
      containers: [
        {
          name: 'reader',
          image: 'busybox:1.37',
          // An hour is enough to copy.
          command: ['sleep', '3600'],
          workingDir: onResults(),
          volumeMounts: [{ ...resultsMount, readOnly: true }],
        },
      ],
      volumes: [resultsVolume(region)],
    },
  }
}
