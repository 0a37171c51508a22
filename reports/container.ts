import type { ContainerFacts, Road } from '../bench/contract/index.ts'

const ROADS: Readonly<Record<Road, string>> = {
  address: 'reached at its own address',
  port: 'reached through a published port',
}

/** Where such a server runs, and how it is reached. */
export const containerText = ({ image, road }: ContainerFacts): string => `in a container of ${image}, ${ROADS[road]}`
