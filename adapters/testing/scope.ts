import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '../../bench/contract/index.ts'

export interface TestScope extends Scope, AsyncDisposable {
  /** Undoes everything, last first, and removes the folder. Runs to its end even if something throws, then throws that. */
  close(): Promise<void>
}

/** A scope for tests: an own temporary folder, no pinning. */
export async function testScope(): Promise<TestScope> {
  const directory = await mkdtemp(join(tmpdir(), 'sqlatency-test-'))
  const controller = new AbortController()
  const undo = new AsyncDisposableStack()
  undo.defer(() => rm(directory, { recursive: true, force: true }))
  const close = async (): Promise<void> => {
    controller.abort()
    await undo.disposeAsync()
  }
  return {
    directory,
    signal: controller.signal,
    serverCpus: null,
    defer: (teardown) => undo.defer(teardown),
    close,
    [Symbol.asyncDispose]: close,
  }
}
