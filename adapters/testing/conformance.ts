import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter, Options, Provisioned, Session } from '../../bench/contract/index.ts'
import type { Aspect } from './conformance-statements.ts'
import { statementTests } from './conformance-statements.ts'
import { declaredTexts } from './conformance-table.ts'
import type { ProcessId } from './leftovers.ts'
import { canLook, descendants, isListening, isRunning, listeningPorts, mountsBelow } from './leftovers.ts'
import type { TestScope } from './scope.ts'
import { testScope } from './scope.ts'

const HOOK_TIMEOUT_MS = 180_000
const TEST_TIMEOUT_MS = 60_000

/** What every adapter promises, tried on one real backend. */
export function conforms<Chosen extends Options, Address>(
  name: string,
  adapter: Adapter<Chosen, Address>,
  options: Partial<Chosen> = {},
  { skip = [], listens = true }: { readonly skip?: readonly Aspect[]; readonly listens?: boolean } = {},
): void {
  const chosen: Chosen = { ...adapter.defaults, ...options }

  describe(`${name} conforms`, { timeout: TEST_TIMEOUT_MS }, () => {
    let scope: TestScope
    let provisioned: Provisioned<Address>
    let address: Address
    let processes: ProcessId[] = []
    let ports: number[] = []

    beforeAll(async () => {
      scope = await testScope()
      const portsBefore = canLook ? listeningPorts(descendants()) : []
      provisioned = await adapter.provision(chosen, scope, {
        texts: declaredTexts(adapter.dialect),
        scenarioModules: [],
      })
      address = structuredClone(provisioned.address)
      if (canLook) {
        processes = descendants()
        ports = listeningPorts(processes).filter((port) => !portsBefore.includes(port))
      }
    }, HOOK_TIMEOUT_MS)
    afterAll(() => scope.close(), HOOK_TIMEOUT_MS)

    it('gives an address that can cross to another process', () => {
      expect(structuredClone(provisioned)).toStrictEqual(provisioned)
    })

    it('connects again after a close', async () => {
      const modes: Session['mode'][] = []
      for (const _ of ['first', 'second']) {
        const session = await adapter.connect(address)
        modes.push(session.mode)
        await session.close()
      }
      expect(modes[1]).toBe(modes[0])
    })

    it('tells durability, settings and versions', async () => {
      const session = await adapter.connect(address)
      const facts = await session.facts()
      await session.close()
      expect(['durable', 'relaxed', 'undeclared']).toContain(facts.durability)
      const asked = chosen['durability']
      if (asked !== undefined && facts.durability !== 'undeclared') expect(facts.durability).toBe(asked)
      expect(structuredClone(facts)).toStrictEqual(facts)
      if (adapter.traits?.includes('null') === true) return
      expect(Object.keys(facts.settings)).not.toEqual([])
      expect(Object.values(facts.versions)).not.toEqual([])
      for (const version of Object.values(facts.versions)) expect(version).toMatch(/\d/)
    })

    statementTests(
      adapter,
      () => address,
      (aspect) => !skip.includes(aspect),
    )

    it.runIf(canLook)('leaves no process, no port and no mount behind', { timeout: HOOK_TIMEOUT_MS }, async () => {
      if (provisioned.servers.some(({ container }) => container === undefined)) {
        expect(processes).not.toEqual([])
        if (listens) expect(ports).not.toEqual([])
      }
      await scope.close()
      await expect.poll(() => processes.filter(isRunning), { timeout: 5000 }).toEqual([])
      expect(ports.filter(isListening)).toEqual([])
      expect(mountsBelow(scope.directory)).toEqual([])
    })
  })
}
