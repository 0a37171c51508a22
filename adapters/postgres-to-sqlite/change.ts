/** Values of a row as PostgreSQL writes them out. A column that is missing was not told, because it did not change. */
export type Texts = Readonly<Record<string, string | null>>

/** What a transaction changed. `key` is the value of the primary key before the change. */
export type Change =
  | { readonly kind: 'insert'; readonly table: string; readonly row: Texts }
  | { readonly kind: 'update'; readonly table: string; readonly key: string; readonly row: Texts }
  | { readonly kind: 'delete'; readonly table: string; readonly key: string }
  | { readonly kind: 'truncate'; readonly table: string }
  | Definition

/** Tables and indexes come over as well; event triggers write them down (publish.ts). */
export type Definition =
  | {
      readonly kind: 'create table'
      readonly table: string
      /** In order, with the names of PostgreSQL's types. */
      readonly columns: readonly { readonly name: string; readonly type: string; readonly isKey: boolean }[]
    }
  | {
      readonly kind: 'create index'
      readonly table: string
      readonly index: string
      readonly columns: readonly string[]
      readonly isUnique: boolean
    }
  | { readonly kind: 'drop table'; readonly table: string }
  | { readonly kind: 'drop index'; readonly index: string }
