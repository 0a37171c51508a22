import type { Client } from 'pg'
import { openClient } from '../postgres/client.ts'
import { SCHEMA, settle } from '../postgres/schema.ts'
import type { PairAddress } from './address.ts'

/** A client at the primary, at the level that was asked for. */
export async function openPrimary({ primary, level }: PairAddress): Promise<Client> {
  const client = await openClient(primary)
  try {
    await settle(client, primary.durability)
    await client.query(`SET synchronous_commit = ${level}`)
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}

/** A client at the standby. The schema comes from the primary; nothing can be made here. */
export async function openStandby({ standby }: PairAddress): Promise<Client> {
  const client = await openClient(standby)
  try {
    await client.query(`SET search_path = ${SCHEMA}`)
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}
