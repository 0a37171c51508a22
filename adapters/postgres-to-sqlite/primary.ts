import type { Client } from 'pg'
import type { Address } from '../postgres/client.ts'
import { openClient } from '../postgres/client.ts'
import { settle } from '../postgres/schema.ts'

/** A client at PostgreSQL, in the schema of the run. */
export async function openPrimary(address: Address): Promise<Client> {
  const client = await openClient(address)
  try {
    await settle(client, address.durability)
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}
