import type { Client } from 'pg'
import type { Address } from '../postgres/client.ts'
import { openClient } from '../postgres/client.ts'
import { SCHEMA, settle } from '../postgres/schema.ts'
import type { LogicalAddress } from './address.ts'

export interface Ends {
  readonly publisher: Client
  readonly subscriber: Client
}

/** A client at the publisher, at the level that was asked for. */
export const openPublisher = ({ publisher, level }: LogicalAddress): Promise<Client> =>
  openWith(publisher, async (client) => {
    await settle(client, publisher.durability)
    await client.query(`SET synchronous_commit = ${level}`)
  })

export const openSubscriber = ({ subscriber }: LogicalAddress): Promise<Client> =>
  openWith(subscriber, (client) => client.query(`SET search_path = ${SCHEMA}`))

export async function endBoth({ publisher, subscriber }: Ends): Promise<void> {
  await Promise.all([publisher.end(), subscriber.end()])
}

/** Opens both and does something with them; they are closed if that fails. */
export async function withEnds<Result>(
  address: LogicalAddress,
  work: (ends: Ends) => Result | Promise<Result>,
): Promise<Result> {
  const publisher = await openPublisher(address)
  const subscriber = await openSubscriber(address).catch(async (error: unknown) => {
    await publisher.end()
    throw error
  })
  try {
    return await work({ publisher, subscriber })
  } catch (error) {
    await endBoth({ publisher, subscriber })
    throw error
  }
}

async function openWith(address: Address, prepare: (client: Client) => Promise<unknown>): Promise<Client> {
  const client = await openClient(address)
  try {
    await prepare(client)
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}
