import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostFacts } from './host.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlatency-host-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the disk is asked how long a flush takes, and nothing is left of it', () => {
  expect(hostFacts(folder).storage.fdatasyncP50Ns).toBeGreaterThan(0)
  expect(readdirSync(folder)).toEqual([])
})

test('where nothing can be written, it is not known how long a flush takes', () => {
  expect(hostFacts(join(folder, 'nowhere')).storage.fdatasyncP50Ns).toBeNull()
})
